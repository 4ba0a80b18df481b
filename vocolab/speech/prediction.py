"""What an acoustic model gives for a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import PluginError
from vocolab.mels.mel import Mel


@dataclass(frozen=True, eq=False)
class Prediction:
    """A mel, and how it came about.

    Raises:
        PluginError: if the durations do not add up to the mel's frames, or belong to no word.
    """

    mel: Mel
    """With `f0_hz` where the model predicts it: a vocoder that can use it is given it."""
    symbols: tuple[str, ...]
    """What the network read: phonemes, pauses and boundaries, in order."""
    durations_frames: NDArray[np.int64]
    """(symbols,): how many frames each lasts. They add up to the frames of the mel."""
    words: tuple[int, ...]
    """For each symbol the number of its word in the sentence, -1 for a pause or a boundary that belongs to none."""
    others: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    """What else was predicted, by name, with the unit in it: "energy_db"."""

    def __post_init__(self) -> None:
        durations = np.asarray(self.durations_frames)
        if not len(self.symbols) == len(self.words) == durations.size:
            raise PluginError(f"an acoustic model gave {len(self.symbols)} symbols, {durations.size} durations and the "
                              f"words of {len(self.words)}; each symbol has one of each")
        if durations.ndim != 1 or durations.dtype.kind not in "iu" or (durations < 0).any():
            raise PluginError("an acoustic model gave durations that are no whole numbers of frames from 0 on")
        if int(durations.sum()) != self.mel.frames:
            raise PluginError(f"an acoustic model gave durations of {int(durations.sum())} frames for a mel of "
                              f"{self.mel.frames}")
        object.__setattr__(self, "durations_frames", durations.astype(np.int64))

    def word_frames(self) -> dict[int, tuple[int, int]]:
        """For each word that is said the frame that it starts at, and the one after its last."""
        ends = np.cumsum(self.durations_frames)
        spans: dict[int, tuple[int, int]] = {}
        for word, start, end in zip(self.words, ends - self.durations_frames, ends, strict=True):
            if word >= 0:
                spans[word] = (spans.get(word, (int(start), 0))[0], int(end))
        return spans
