"""Clips as the network takes them: mels, units, and which of the units may be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from vocolab.training.tasks.task import Batch
from vocolab_aligner.prior import log_prior


@dataclass(frozen=True, eq=False)
class Example:
    """A clip."""

    name: str
    mel: NDArray[np.float32]
    """(n_mels, frames), each band's mean over the clip taken off."""
    units: NDArray[np.int64]
    """(tokens,)."""
    optional: NDArray[np.bool_]
    """(tokens,): which of them may last no frame."""

    @property
    def frames(self) -> int:
        """Of the mel."""
        return self.mel.shape[1]

    @property
    def fits(self) -> bool:
        """Whether each unit that needs a frame can have one."""
        return self.frames >= int((~self.optional).sum())


@dataclass(frozen=True)
class AlignmentBatch(Batch):
    """Clips of several lengths, filled up."""

    step: int
    mel: Tensor
    frames: Tensor
    units: Tensor
    tokens: Tensor
    optional: Tensor
    prior: Tensor


def centred(mel: NDArray[np.float32]) -> NDArray[np.float32]:
    """A mel with each band's mean taken off: levels and rooms differ, sounds do not."""
    values: NDArray[np.float32] = mel - mel.mean(axis=1, keepdims=True)
    return values


def batch_of(
    examples: Sequence[Example], sharpness: float, device: torch.device, random: Generator, step: int = 0
) -> AlignmentBatch:
    """The examples, on the device."""
    frames = torch.tensor([one.frames for one in examples])
    tokens = torch.tensor([one.units.size for one in examples])
    shape = len(examples), int(frames.max()), int(tokens.max())
    mel = torch.zeros(shape[0], examples[0].mel.shape[0], shape[1])
    units = torch.zeros(shape[0], shape[2], dtype=torch.int64)
    optional = torch.zeros(shape[0], shape[2], dtype=torch.bool)
    prior = torch.zeros(shape)
    for row, one in enumerate(examples):
        mel[row, :, : one.frames] = torch.from_numpy(one.mel)
        units[row, : one.units.size] = torch.from_numpy(one.units)
        optional[row, : one.units.size] = torch.from_numpy(one.optional)
        prior[row, : one.frames, : one.units.size] = torch.from_numpy(
            np.array(log_prior(one.frames, one.units.size, sharpness)))
    tensors = (mel, frames, units, tokens, optional, prior)
    return AlignmentBatch(random, step, *(tensor.to(device) for tensor in tensors))
