"""A corpus on disk: a folder of clips with `metadata.csv`, and which of them are for validation.

    FOLDER/metadata.csv      name|text|seconds, one line a clip
    FOLDER/flac/NAME.flac    or wav/NAME.wav
    FOLDER/validation.txt    names that are never trained on, one a line
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError, TrainingError

_SHORTEST_S = 0.2


@dataclass(frozen=True, eq=False)
class Clip:
    """One recording, kept as 16 bit: an hour at 48 kHz takes 350 MB."""

    name: str
    samples: NDArray[np.int16]
    sample_rate: int

    def cut(self, start: int, n_samples: int) -> NDArray[np.float32]:
        """`n_samples` from `start` on; outside of the recording there is silence."""
        piece = np.zeros(n_samples, dtype=np.float32)
        first, last = max(start, 0), min(start + n_samples, self.samples.size)
        if last > first:
            piece[first - start : last - start] = self.samples[first:last] / np.float32(32768)
        return piece


@dataclass(frozen=True, eq=False)
class Corpus:
    """The clips of a folder, apart by purpose, and what was left out."""

    train: list[Clip]
    validation: list[Clip]
    skipped: list[str]

    @property
    def train_seconds(self) -> float:
        """Seconds of speech to train on."""
        return sum(clip.samples.size / clip.sample_rate for clip in self.train)


def read_corpus(folder: Path, report: Callable[[str], None] = lambda line: None) -> Corpus:
    """All clips of `folder` in memory. A clip that can't be used is left out and named in `skipped`.

    Raises:
        TrainingError: if the folder has no metadata, or no clip to train on or to validate with.
    """
    names = _names(folder / "metadata.csv")
    held_out = set(_names(folder / "validation.txt"))
    train: list[Clip] = []
    validation: list[Clip] = []
    skipped: list[str] = []
    for name in names:
        try:
            clip = _read_clip(folder, name)
        except AudioError as error:
            skipped.append(f"{name}: {error}")
            report(f"left out {skipped[-1]}")
            continue
        (validation if name in held_out else train).append(clip)
    if not train or not validation:
        missing = "train on" if not train else "validate with"
        counts = f"metadata.csv names {len(names)}, {len(skipped)} can't be used"
        raise TrainingError(f"{folder}: no clip to {missing}; {counts}")
    return Corpus(train, validation, skipped)


def _names(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise TrainingError(f"{path}: a corpus needs this file, one clip a line: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise TrainingError(f"{path}: no text in UTF-8: {error.reason}") from error
    return [line.split("|")[0].strip() for line in lines if line.strip()]


def _read_clip(folder: Path, name: str) -> Clip:
    from vocolab.files.reader import read_audio

    candidates = [folder / "flac" / f"{name}.flac", folder / "wav" / f"{name}.wav"]
    path = next((path for path in candidates if path.is_file()), candidates[0])
    audio = read_audio(path)
    mono = audio.samples.mean(axis=0)
    if audio.seconds < _SHORTEST_S:
        raise AudioError(f"{audio.seconds:.2f} s is too short; give clips of {_SHORTEST_S} s and more")
    if not np.any(mono):
        raise AudioError("digital silence")
    samples = np.clip(np.rint(mono * 32768), -32768, 32767).astype(np.int16)
    return Clip(name, samples, audio.sample_rate)
