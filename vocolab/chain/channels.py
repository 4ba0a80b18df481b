"""A signal with another number of channels, made while it is walked through."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal


class Rechannelled(DerivedSignal):
    """`signal` in mono (the mean of two channels) or in stereo (one channel on both).

    Raises:
        AudioError: for signals of more than two channels: how surround is mixed down is not for a preset to say.
    """

    def __init__(self, signal: Signal, channels: int) -> None:
        if max(signal.channels, channels) > 2:
            raise AudioError(
                f"{signal.channels} channels can't be made {channels}: only mono and stereo can; mix down first"
            )
        super().__init__(signal, channels=channels)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (channels, at most `block_samples`)."""
        for block in self.source.blocks(block_samples):
            mono = block.mean(axis=0, keepdims=True, dtype=np.float32)
            yield np.repeat(mono, self.channels, axis=0)
