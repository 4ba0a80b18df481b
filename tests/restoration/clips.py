"""Single clips of many readers, as they were published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vocolab.audio import Audio

_CORPUS = Path(__file__).resolve().parents[3] / "shared" / "data"
_EVERY = {"lj": 2, "speakers": 1, "kathleen": 8}
"""By corpus: one clip of how many is taken."""


@dataclass(frozen=True, eq=False)
class Clip:
    """What one reader says."""

    name: str
    reader: str
    sample_rate: int
    samples: np.ndarray
    """(samples,) float64, without an offset: some were published with one."""


def clips() -> Iterator[Clip]:
    """Some of each reader; none where ../shared is not."""
    for corpus, step in _EVERY.items():
        for file in sorted((_CORPUS / corpus / "flac").glob("*.flac"))[::step]:
            audio = Audio.load(file)
            samples = audio.samples[0].astype(np.float64)
            reader = file.stem.split("-")[0] if corpus == "speakers" else corpus
            yield Clip(file.stem, reader, audio.sample_rate, samples - samples.mean())
