"""What validation writes to listen to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from vocolab.audio import Audio


def write_sample(folder: Path, step: int, made: Audio, recording: Callable[[], Audio]) -> None:
    """Write `STEP.wav` to a clip's folder, and once `recording.wav`, to be heard beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    recorded = folder / "recording.wav"
    if not recorded.exists():
        recording().save(recorded, bit_depth=16)
    made.save(folder / f"{step}.wav", bit_depth=16)
