"""Segments of mels that were predicted for the recordings: fine-tuning on what an acoustic model gives.

    MELS/NAME.npy or MELS/NAME.safetensors     the mel of the clip NAME, frame for frame in time with its recording

Nothing is varied here: a given mel can't be played faster or louder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocolab.corpora.names import NameIndex
from vocolab.errors import MelError, TrainingError
from vocolab.mels.mel import Mel
from vocolab.mels.reader import read_mel
from vocolab.mels.spec import MelSpec
from vocolab.training.corpus import Clip

_SUFFIXES = (".npy", ".safetensors")
_TOLERANCE_FRAMES = 2
"""How far a mel's length may be from its recording's: conventions of padding differ by one frame at either end."""


@dataclass(frozen=True, eq=False)
class AlignedClip:
    """A recording at the convention's rate and the mel that was given for it; frame i begins at sample i * hop."""

    clip: Clip
    mel: NDArray[np.float32]


def read_aligned(
    folder: Path, clips: Sequence[Clip], spec: MelSpec, report: Callable[[str], None] = lambda line: None
) -> list[AlignedClip]:
    """The clips that have a mel in `folder`; each that has none, or one that does not fit, is reported with the reason.

    Raises:
        TrainingError: if there is no such folder, or none is left.
    """
    if not folder.is_dir():
        raise TrainingError(f"{folder}: no folder of mels; give one with NAME.npy or NAME.safetensors for the clips")
    names = NameIndex(path.name for path in sorted(folder.iterdir()) if path.is_file())
    found = []
    for clip in clips:
        try:
            found.append(_aligned(folder, names, clip, spec))
        except MelError as error:
            report(f"left out {clip.name}: {error}")
    if not found:
        raise TrainingError(f"{folder}: no mel of the {len(clips)} clips can be used; they are named NAME.npy or "
                            "NAME.safetensors after the clips")
    return found


def _aligned(folder: Path, names: NameIndex, clip: Clip, spec: MelSpec) -> AlignedClip:
    candidates = (names.find(f"{clip.name}{suffix}") for suffix in _SUFFIXES)
    name = next((name for name in candidates if name is not None), None)
    if name is None:
        raise MelError(f"no mel {clip.name}.npy or .safetensors in {folder}")
    path = folder / name
    own_rate = _at_rate(clip, spec.sample_rate)
    mel, _ = read_mel(path, spec, spec if path.suffix == ".npy" else None)
    expected = spec.frames(own_rate.samples.size)
    if abs(mel.frames - expected) > _TOLERANCE_FRAMES:
        raise MelError(f"{path}: {mel.frames} frames, but its recording has {expected}; predict it with the "
                       "recording's durations")
    return AlignedClip(own_rate, mel.values)


def _at_rate(clip: Clip, sample_rate: int) -> Clip:
    if clip.sample_rate == sample_rate:
        return clip
    samples = soxr.resample(clip.cut(0, clip.samples.size), clip.sample_rate, sample_rate)
    return Clip(clip.name, np.clip(np.rint(samples * 32768), -32768, 32767).astype(np.int16), sample_rate)


class AlignedSegments:
    """Draws batches of mels and the samples that they stand for; what step N sees depends on seed and N alone."""

    def __init__(self, clips: Sequence[AlignedClip], spec: MelSpec, *, segment_frames: int, seed: int) -> None:
        self.clips, self.spec, self.segment_frames, self.seed = clips, spec, segment_frames, seed
        frames = np.array([clip.mel.shape[1] for clip in clips], dtype=float)
        self._weights = frames / frames.sum()

    def draw(self, step: int, size: int, share: range) -> tuple[NDArray[np.float32], ...]:
        """Mels (size, n_mels, frames) and audio (size, frames * hop_samples) of the segments in `share`."""
        random = np.random.default_rng([self.seed, step])
        chosen = random.choice(len(self.clips), size=size, p=self._weights)
        positions = random.random(size)
        pieces = [self._segment(self.clips[chosen[index]], positions[index]) for index in share]
        return np.stack([mel for mel, _ in pieces]), np.stack([audio for _, audio in pieces])

    def pairs(self, arrays: tuple[NDArray[np.float32], ...], device: torch.device) -> tuple[Tensor, Tensor]:
        """What was drawn, on the device."""
        mel, audio = (torch.from_numpy(array).to(device) for array in arrays)
        return mel, audio

    def _segment(self, clip: AlignedClip, position: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        frames, hop = self.segment_frames, self.spec.hop_samples
        start = int(position * (max(clip.mel.shape[1] - frames, 0) + 1))
        mel = clip.mel[:, start : start + frames]
        short = frames - mel.shape[1]
        if short:
            mel = np.pad(mel, ((0, 0), (0, short)), constant_values=self.spec.silence)
        return mel, clip.clip.cut(start * hop, frames * hop)


def given_mels(clips: Sequence[AlignedClip], spec: MelSpec) -> list[Mel]:
    """The mels as they were given, for validation."""
    return [Mel(clip.mel, spec) for clip in clips]
