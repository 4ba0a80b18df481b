"""Multiband compressor: what is loud in one band does not turn the others down."""

from __future__ import annotations

import numpy as np

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_mastering.ballistics import Curve, Delay
from vocolab_mastering.cells import Cells, Ramps, cell_samples, highest
from vocolab_mastering.crossover import Crossover
from vocolab_mastering.options_dynamics import MultibandOptions
from vocolab_mastering.reduction import Bend, Reducer

_MOST_SAMPLES = 2**14
"""At a time: the bands of so many stay in a processor's cache."""


class Multiband(BlockEffect[MultibandOptions]):
    """A compressor in each band of a Linkwitz-Riley crossover, one gain a band for all channels.

    Where it turns nothing down it is flat, but it is an all-pass: the phase turns around each crossover. So `mix`
    blends with the unprocessed bands and not with the input, except at 0, which is the input itself. Crossovers from
    0.45 of the rate on are left out, with the settings of the bands above them. The latency is up to 1/3 ms.
    """

    name = "multiband"
    blends_itself = True

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """Filters and detectors for one stream."""
        return _Processor(self.options, sample_rate, channels)


class _Processor:
    def __init__(self, options: MultibandOptions, sample_rate: int, channels: int) -> None:
        self._crossover = Crossover(options.crossovers_hz, sample_rate, channels)
        n_bands = self._crossover.n_bands
        attacks = options.a_band("attack_ms")[:n_bands]
        length = cell_samples(sample_rate, min(attacks))
        self.latency_samples = length - 1
        bends = map(Bend, options.a_band("thresholds_db"), options.a_band("ratio"), [options.knee_db] * n_bands)
        times = zip(bends, attacks, options.a_band("release_ms"), strict=False)
        self._reducers = [Reducer(bend, attack, release, sample_rate / length) for bend, attack, release in times]
        self._gains_db = np.array(options.a_band("gains_db")[:n_bands])[:, None]
        self._mix = options.mix
        self._cells = Cells(length, n_bands)
        self._ramps = Ramps(length, n_bands)
        self._delay = Delay(self.latency_samples, n_bands * channels)

    def process(self, block: Block) -> Block:
        starts = range(0, block.shape[1], _MOST_SAMPLES)
        return np.concatenate([self._part(block[:, start : start + _MOST_SAMPLES]) for start in starts], axis=1)

    def _part(self, block: Block) -> Block:
        bands = self._crossover.process(block)  # (bands, channels, n)
        late = self._delay.process(bands.reshape(-1, block.shape[1])).reshape(bands.shape)
        gains = self._ramps.process(self._band_gains(bands), block.shape[1])
        wet = gains[0] * late[0]
        for gain, band in zip(gains[1:], late[1:], strict=True):
            wet += np.multiply(gain, band, out=band)
        return np.asarray(wet)

    def _band_gains(self, bands: Block) -> Curve:
        """A gain (bands, cells) for each cell that is complete."""
        levels = highest(self._cells.process(np.abs(bands).max(axis=1)))
        reductions = [reducer.process(level) for reducer, level in zip(self._reducers, levels, strict=True)]
        gains = np.exp((self._gains_db - np.array(reductions)) * (np.log(10) / 20))
        # gain * band, blended with the band, is the blended gain * band.
        return np.asarray(1 + self._mix * (gains - 1))
