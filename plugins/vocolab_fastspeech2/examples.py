"""Examples of a training step: clips of like length, or several said one after the other, padded to one length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocolab.texts.symbols import ENDS, START, SymbolSet
from vocolab.training.tasks.task import Batch
from vocolab_fastspeech2.clips import Features, energies_db

LONGEST_REST_FRAMES = 40
"""Of the silence that is put between two joined clips."""


class Example(NamedTuple):
    """One row of a batch."""

    symbols: NDArray[np.int64]
    durations: NDArray[np.int64]
    mel: NDArray[np.float16]
    f0_hz: NDArray[np.float32]
    speaker: int


def example(names: Sequence[str], features: Features, symbols: SymbolSet, speaker: int) -> Example:
    """A clip alone.

    Raises:
        InputError: if a symbol is unknown.
    """
    ids = np.array(symbols.ids(names), np.int64)
    return Example(ids, features.durations, features.mel, features.f0_hz, speaker)


def joined(first: Example, second: Example, symbols: SymbolSet, rest_frames: int | None) -> Example:
    """Two clips as one. With `rest_frames` they become one sentence with a long pause between its parts.

    Without it each keeps its start and its end. The pause holds the last frame of the first clip.
    """
    durations = np.concatenate([first.durations, second.durations])
    ids = np.concatenate([first.symbols, second.symbols])
    mel, f0_hz = [first.mel, second.mel], [first.f0_hz, second.f0_hz]
    ends, start = symbols.ids(ENDS.values()), symbols.ids([START])[0]
    at = len(first.symbols)
    if rest_frames is not None and ids[at - 1] in ends and ids[at] == start:
        durations[at - 1] += rest_frames + durations[at]
        ids[at - 1] = symbols.ids([symbols.pauses[-1].name])[0]
        ids, durations = np.delete(ids, at), np.delete(durations, at)
        mel.insert(1, np.repeat(first.mel[-1:], rest_frames, axis=0))
        f0_hz.insert(1, np.zeros(rest_frames, np.float32))
    return Example(ids, durations, np.concatenate(mel), np.concatenate(f0_hz), first.speaker)


@dataclass(frozen=True)
class SpeechBatch(Batch):
    """Rows of one length; where a mask is 0 there is nothing."""

    symbols: Tensor
    """(batch, symbols)."""
    speakers: Tensor
    """(batch,)."""
    durations: Tensor
    """(batch, symbols), frames."""
    energies_db: Tensor
    """(batch, symbols)."""
    symbol_mask: Tensor
    """(batch, symbols, 1)."""
    index: Tensor
    """(batch, frames): the symbol of each frame."""
    mel: Tensor
    """(batch, frames, n_mels)."""
    f0_hz: Tensor
    """(batch, frames)."""
    frame_mask: Tensor
    """(batch, frames, 1)."""


def collate(rows: Sequence[Example], device: torch.device, random: torch.Generator) -> SpeechBatch:
    """The rows as one batch."""
    energies = [energies_db(row.mel, row.durations) for row in rows]
    index = [np.repeat(np.arange(len(row.symbols)), row.durations) for row in rows]
    return SpeechBatch(
        random,
        _padded([row.symbols for row in rows], device),
        torch.tensor([row.speaker for row in rows], device=device),
        _padded([row.durations for row in rows], device),
        _padded(energies, device),
        _padded([np.ones((len(row.symbols), 1), np.float32) for row in rows], device),
        _padded(index, device),
        _padded([row.mel.astype(np.float32) for row in rows], device),
        _padded([row.f0_hz for row in rows], device),
        _padded([np.ones((len(row.mel), 1), np.float32) for row in rows], device),
    )


def _padded(rows: Sequence[NDArray[np.generic]], device: torch.device) -> Tensor:
    longest = max(map(len, rows))
    whole = np.zeros((len(rows), longest, *rows[0].shape[1:]), rows[0].dtype)
    for number, row in enumerate(rows):
        whole[number, : len(row)] = row
    return torch.from_numpy(whole).to(device)
