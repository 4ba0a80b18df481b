"""A signal with another number of channels, made while it is walked through."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import BLOCK_SAMPLES
from vocolab.errors import AudioError
from vocolab.interfaces import Signal


class Rechannelled:
    """`signal` in mono (the mean of two channels) or in stereo (one channel on both).

    Raises:
        AudioError: for signals of more than two channels: how surround is mixed down is not for a preset to say.
    """

    def __init__(self, signal: Signal, channels: int) -> None:
        if max(signal.channels, channels) > 2:
            raise AudioError(
                f"{signal.channels} channels can't be made {channels}: only mono and stereo are; mix them down before"
            )
        self._signal = signal
        self.sample_rate = signal.sample_rate
        self.channels = channels
        self.n_samples = signal.n_samples

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (channels, at most `block_samples`)."""
        for block in self._signal.blocks(block_samples):
            mono = block.mean(axis=0, keepdims=True, dtype=np.float32)
            yield np.repeat(mono, self.channels, axis=0)
