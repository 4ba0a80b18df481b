"""Mono to stereo: the same on both channels."""

from __future__ import annotations

import numpy as np

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_mastering.options_tone import MonoToStereoOptions


class MonoToStereo(BlockEffect[MonoToStereoOptions]):
    """Two equal channels of one; each is the input, bit by bit. What has more channels passes.

    It reads 3.01 LU louder than the mono file, and sounds the same on two speakers. Any `mix` over 0 gives the same.
    """

    name = "mono-to-stereo"

    def output_channels(self, channels: int) -> int:
        """Two for one, else as many as there are."""
        return max(2, channels)

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A processor for one stream."""
        return _Processor()


class _Processor:
    latency_samples = 0

    def process(self, block: Block) -> Block:
        return np.repeat(block, 2, axis=0) if len(block) == 1 else block
