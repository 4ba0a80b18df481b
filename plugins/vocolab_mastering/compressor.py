"""Compressor: quiet and loud come nearer to each other.

D. Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor Design - A Tutorial and Analysis", JAES
60(6), 2012: feed-forward, in decibels, with a quadratic knee (eq. 4) and the smooth decoupled peak detector (eq. 17)
on the gain reduction.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_mastering.ballistics import Decay, OnePole, decay_factor
from vocolab_mastering.options import CompressorOptions


class Compressor(BlockEffect[CompressorOptions]):
    """The same gain for all channels, from the loudest of them, so that the image stays where it is. No latency."""

    name = "compressor"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A detector for one stream."""
        return _Processor(self.options, sample_rate)


def reduction_db(level_db: NDArray[np.float64], options: CompressorOptions) -> NDArray[np.float64]:
    """Steady gain reduction, 0 dB or more, for a steady level in dBFS."""
    over = level_db - options.threshold_db
    slope = 1 - 1 / options.ratio
    if options.knee_db == 0:
        return slope * np.maximum(over, 0)
    # From 0 at the knee's lower end to the full slope at its upper end.
    in_knee = np.clip(over + options.knee_db / 2, 0, options.knee_db)
    return slope * (in_knee**2 / (2 * options.knee_db) + np.maximum(over - options.knee_db / 2, 0))


class _Processor:
    latency_samples = 0

    def __init__(self, options: CompressorOptions, sample_rate: int) -> None:
        self._options = options
        self._release = Decay(decay_factor(options.release_ms, sample_rate))
        self._attack = OnePole(decay_factor(options.attack_ms, sample_rate))
        self._lowest = 10 ** ((options.threshold_db - options.knee_db / 2) / 20)

    def process(self, block: Block) -> Block:
        level = np.abs(block).max(axis=0)
        wanted = np.zeros(len(level))
        loud = level > self._lowest
        wanted[loud] = reduction_db(20 * np.log10(level[loud], dtype=np.float64), self._options)
        smooth = self._attack.process(self._release.process(wanted))
        gain = np.exp((self._options.makeup_db - smooth) * (np.log(10) / 20))
        return np.asarray(block * gain.astype(np.float32))
