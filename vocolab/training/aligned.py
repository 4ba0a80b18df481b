"""Segments of mels that were predicted for the recordings: fine-tuning on what an acoustic model gives.

    MELS/NAME.npy     the mel of the clip NAME, frame for frame in time with its recording; also .npz, .safetensors, .pt

Nothing is varied here: a given mel can't be played faster or louder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocolab.corpora.names import NameIndex
from vocolab.errors import MelError, TrainingError, listed
from vocolab.mels.conventions import spelled
from vocolab.mels.mel import Mel
from vocolab.mels.reader import read_mel
from vocolab.mels.spec import MelSpec
from vocolab.mels.storage import read_array
from vocolab.training.checksums import arrays_sha256
from vocolab.training.corpus import Clip
from vocolab.training.given_mel_check import Pair, contradiction

_SUFFIXES = (".npy", ".npz", ".safetensors", ".pt")
_TOLERANCE_FRAMES = 2
"""How far a mel's length may be from its recording's: conventions of padding differ by one frame at either end."""


@dataclass(frozen=True, eq=False)
class AlignedClip:
    """A recording at the convention's rate and the mel that was given for it; frame i begins at sample i * hop."""

    clip: Clip
    mel: NDArray[np.float32]


def read_aligned(
    folder: Path, clips: Sequence[Clip], spec: MelSpec, report: Callable[[str], None] = lambda line: None, *,
    force: bool = False,
) -> list[AlignedClip]:
    """The clips that have a mel in `folder`; the others are reported with the reason, those without a mel together.

    What was assumed or converted in reading is reported once a kind. A mel with numbers that no mel of `spec` has is
    left out, unless `force` is given.

    Raises:
        TrainingError: if there is no such folder, none is left, or they are of another convention than `spec` by what
            their recordings are; nothing is reported then.
    """
    if not folder.is_dir():
        what = "not a folder of mels; give one with NAME.npy, .npz, .safetensors or .pt for each clip"
        raise TrainingError(what, about=folder)
    names = NameIndex(path.name for path in sorted(folder.iterdir()) if path.is_file())
    found, missing, refused, notes = [], [], [], list[str]()
    for clip in clips:
        path = _mel_of(folder, names, clip)
        if path is None:
            missing.append(clip.name)
            continue
        try:
            found.append(_aligned(path, clip, spec, notes, force))
        except MelError as error:
            refused.append(f"{clip.name}: {error}")
    if not found:
        raise TrainingError(_none_left(folder, missing, refused))
    _hold_against_recordings(folder, found, spec, report, force)
    if missing:
        report(f"left out {len(missing)} clips that have no mel in {folder}: {listed(missing)}")
    for line in [*(f"left out {one}" for one in refused), *_once_a_kind(notes)]:
        report(line)
    return found


def _hold_against_recordings(
    folder: Path, found: Sequence[AlignedClip], spec: MelSpec, report: Callable[[str], None], force: bool
) -> None:
    pairs = [Pair(one.mel, one.clip.cut(0, one.clip.samples.size)) for one in found]
    against = contradiction(pairs, spec)
    if not against:
        return
    said = f"stated as {spelled(spec)}, which their recordings contradict: {against}"
    if not force:
        raise TrainingError(f"{said}. Make them in that convention; --force, or force=True, trains on them",
                            about=folder)
    report(f"{folder}: {said}")


def _mel_of(folder: Path, names: NameIndex, clip: Clip) -> Path | None:
    candidates = (names.find(f"{clip.name}{suffix}") for suffix in _SUFFIXES)
    name = next((name for name in candidates if name is not None), None)
    return None if name is None else folder / name


def _none_left(folder: Path, missing: Sequence[str], refused: Sequence[str]) -> str:
    text = f"{folder}: no mel of the {len(missing) + len(refused)} clips can be used"
    if missing:
        text += (f"; {len(missing)} have none there: NAME.npy, .npz, .safetensors or .pt after the clips, as "
                 f"{missing[0]}.npy")
    if refused:
        text += f"; {listed(refused, 1, separator='; ')}"
    return text


def _once_a_kind(notes: Sequence[str]) -> list[str]:
    """The first note of each kind, and how many there are; notes begin with their file, their numbers come last."""
    kinds: dict[str, list[str]] = {}
    for note in notes:
        kinds.setdefault(note.partition(": ")[2].partition(":")[0], []).append(note)
    return [f"{alike[0]}{f' (and so {len(alike) - 1} more)' if len(alike) > 1 else ''}" for alike in kinds.values()]


def _aligned(path: Path, clip: Clip, spec: MelSpec, notes: list[str], force: bool) -> AlignedClip:
    own_rate = _at_rate(clip, spec.sample_rate)
    stored = read_array(path)
    mel, assumed = read_mel(path, spec, spec if stored.spec is None else None, stored, force=force)
    expected = spec.frames(own_rate.samples.size)
    if abs(mel.frames - expected) > _TOLERANCE_FRAMES:
        raise MelError(f"{mel.frames} frames, but its recording has {expected}; predict it with the "
                       "recording's durations", about=path)
    notes += assumed
    return AlignedClip(own_rate, mel.values)


def facts_of_mels(folder: Path, clips: Sequence[AlignedClip]) -> dict[str, Any]:
    """What a run keeps of the mels that it is given: the folder's name, how many, and a checksum of them all."""
    checksum = arrays_sha256({pair.clip.name: pair.mel for pair in clips})
    return {"folder": folder.resolve().name, "clips": len(clips), "sha256": checksum}


def _at_rate(clip: Clip, sample_rate: int) -> Clip:
    if clip.sample_rate == sample_rate:
        return clip
    mono = soxr.resample(clip.cut(0, clip.samples.size), clip.sample_rate, sample_rate)
    return Clip.of(clip.name, mono, sample_rate, text=clip.text)


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
