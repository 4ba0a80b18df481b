"""Gate: what is under a threshold goes down, so that pauses are quiet.

    peak in each cell -> held for hold_ms -> open or closed (hysteresis) -> how far open (dB) -> attack, release -> gain

How far open it is moves as the reduction of a compressor does: it jumps up, falls with the release, and is smoothed
with the attack (D. Giannoulis, M. Massberg, J. D. Reiss, JAES 60(6), 2012, eq. 17).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_mastering.ballistics import Curve, Decay, Delay, OnePole, SlidingMaximum, decay_factor
from vocolab_mastering.cells import Cells, Ramps, cell_samples, highest
from vocolab_mastering.options_dynamics import GateOptions

_NOTHING = 1e-30  # what silence counts as, in decibels


class Gate(BlockEffect[GateOptions]):
    """Downward expander: open, it changes nothing; closed, each dB under `threshold_db` becomes `ratio` dB.

    It opens at the threshold and closes `hysteresis_db` under it, once nothing of the last `hold_ms` was above; it
    never turns down by more than `range_db`. A stream begins closed. One gain for all channels, from the loudest of
    them. The latency is the look-ahead and up to 1/3 ms.
    """

    name = "gate"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A detector for one stream."""
        return _Processor(self.options, sample_rate, channels)


class _Processor:
    def __init__(self, options: GateOptions, sample_rate: int, channels: int) -> None:
        length = cell_samples(sample_rate, options.attack_ms)
        self.latency_samples = length - 1 + round(options.lookahead_ms * sample_rate / 1000)
        rate_hz = sample_rate / length
        held_ms = options.hold_ms + options.lookahead_ms
        self._options = options
        self._cells = Cells(length, 1)
        self._hold = SlidingMaximum(1 + round(held_ms * rate_hz / 1000))
        self._switch = Switch(options.threshold_db - options.hysteresis_db, options.threshold_db)
        self._release = Decay(decay_factor(options.release_ms, rate_hz))
        self._attack = OnePole(decay_factor(options.attack_ms, rate_hz))
        self._ramps = Ramps(length)
        self._delay = Delay(self.latency_samples, channels)

    def process(self, block: Block) -> Block:
        loudest = np.abs(block).max(axis=0, keepdims=True)
        level = self._hold.process(highest(self._cells.process(loudest))[0])
        opening = self._attack.process(self._release.process(self._opening_db(level)))
        gain = np.exp((opening - self._options.range_db) * (np.log(10) / 20))
        return self._delay.process(block) * self._ramps.process(gain[None], block.shape[1])

    def _opening_db(self, level: Curve) -> Curve:
        """How far open a steady level keeps it: 0 is closed, `range_db` open."""
        level_db = 20 * np.log10(np.maximum(level, _NOTHING), dtype=np.float64)
        under = np.maximum(self._options.threshold_db - level_db, 0)
        under[self._switch.process(level_db)] = 0
        return np.asarray(np.maximum(self._options.range_db - under * (self._options.ratio - 1), 0))


class Switch:
    """On from `high` upwards, off under `low`, and between them what it was before. Off at first."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._high = low, high
        self._is_on = False

    def process(self, values: Curve) -> NDArray[np.bool_]:
        """Whether it is on at each of the next values (n,)."""
        # The last value that decides, at or before each; in front of them all stands what was before.
        decides = np.concatenate([[True], (values >= self._high) | (values < self._low)])
        on = np.concatenate([[self._is_on], values >= self._high])
        last = np.maximum.accumulate(np.where(decides, np.arange(len(on)), 0))
        states = on[last]
        self._is_on = bool(states[-1])
        return np.asarray(states[1:])
