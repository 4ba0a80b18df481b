"""A processor beside which somebody sees what goes in, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from vocolab.block_buffers import Past
from vocolab.deeds import Deed
from vocolab.effects import Block, BlockProcessor


class Observed:
    """What a processor does, told by somebody who sees each stretch of its input beside what is made of it.

    Args:
        processor: It.
        channels: How many there are.
        mix: How much of the output is the processor's.
        see: Is given the next samples as they went in, and as they come out after `mix`, both (channels, n).
        tell: What was done, asked for at the end.
    """

    def __init__(
        self, processor: BlockProcessor, channels: int, mix: float, see: Callable[[Block, Block], None],
        tell: Callable[[], Sequence[Deed]],
    ) -> None:
        self.latency_samples = processor.latency_samples
        self._processor, self._mix, self._see, self._tell = processor, np.float32(mix), see, tell
        self._past = Past(processor.latency_samples, channels)
        self._early = processor.latency_samples

    def process(self, block: Block) -> Block:
        """The next samples of the processor."""
        wet = self._processor.process(block)
        given = self._past.before(block)[:, : block.shape[1]]
        skipped = min(self._early, block.shape[1])
        self._early -= skipped
        if skipped < block.shape[1]:
            dry, now = given[:, skipped:], wet[:, skipped:]
            self._see(dry, now if self._mix == 1 else dry + self._mix * (now - dry))
        return wet

    @property
    def deeds(self) -> Sequence[Deed]:
        """What was done."""
        return self._tell()
