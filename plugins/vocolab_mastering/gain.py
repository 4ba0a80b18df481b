"""Gain: louder or quieter, nothing else."""

from __future__ import annotations

import numpy as np

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_mastering.options_tone import GainOptions


class Gain(BlockEffect[GainOptions]):
    """Every sample times one number. Nothing is limited: what gets over full scale is for a limiter after it."""

    name = "gain"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A processor for one stream."""
        return _Processor(self.options.gain_db)


class _Processor:
    latency_samples = 0

    def __init__(self, gain_db: float) -> None:
        self._gain = np.float32(10 ** (gain_db / 20))

    def process(self, block: Block) -> Block:
        return np.asarray(self._gain * block)
