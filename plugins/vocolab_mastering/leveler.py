"""Leveler: a hand on the fader, that brings soft and loud passages to one loudness.

    x -> K-weighting -> loudness of each 100 ms -> loudness of the recent speech -> gain, limited in size and slope
    x -> delayed by the look-ahead --------------------------------------------------->  x  -> out

Only what is heard as speech moves the fader (the brake of a broadcast leveler): pauses neither count nor change the
gain. The weighting is that of ITU-R BS.1770-5, annex 1; the window of 3 s is the short term of EBU Tech 3341.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab.layouts import Layout
from vocolab.loudness.gating import channel_weights, lufs
from vocolab.loudness.kweighting import KWeighting
from vocolab_mastering.ballistics import Delay
from vocolab_mastering.cells import Cells, Ramps
from vocolab_mastering.options_dynamics import LevelerOptions

_BIN_S = 0.1
_FEWEST_BINS = 4  # 400 ms, as the momentary loudness: less says nothing
_FORGETTING_LU_PER_S = 1.0


class Leveler(BlockEffect[LevelerOptions]):
    """Slow gain toward `target_lufs`, from the loudness of the last `window_s` of speech, pauses left out.

    A pause is what is under `gate_lufs`, or `pause_lu` under the recent speech; the longer it lasts, the lower the
    second of the two gets, by 1 LU a second, so that speech which goes on much softer is found again. In a pause the
    gain holds. It hears `lookahead_s` ahead, which is its latency, with up to 100 ms more; with 0 it only follows.
    Until the first speech comes out the fader is set freely, from then on at `max_slope_db_per_s`. Silence stays
    silence; less than 300 ms, or nothing over the gate, is left as it is. 1 to 6 channels, weighted as the meter
    does, with one gain.
    """

    name = "leveler"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A meter and a fader for one stream.

        Raises:
            AudioError: for more than 6 channels.
        """
        return _Processor(self.options, sample_rate, channels)


class _Processor:
    def __init__(self, options: LevelerOptions, sample_rate: int, channels: int) -> None:
        length = max(1, round(_BIN_S * sample_rate))
        self.latency_samples = length - 1 + round(options.lookahead_s / _BIN_S) * length
        self._channels = channels
        self._weights = channel_weights(channels)
        self._weighting = KWeighting(sample_rate, channels)
        self._cells = Cells(length, 1)
        self._fader = Fader(options)
        self._ramps = Ramps(length)
        self._delay = Delay(self.latency_samples, channels)

    def take_layout(self, layout: Layout | None) -> None:
        """Weigh channels by what they are for, as the meter does."""
        self._weights = channel_weights(self._channels, layout)

    def process(self, block: Block) -> Block:
        power = self._weights @ np.square(self._weighting.process(block))
        bins = self._cells.process(power[None])[0].mean(axis=-1)
        gains_db = np.array([self._fader.move(float(power)) for power in bins])
        gains = 10 ** (gains_db / 20)
        return self._delay.process(block) * self._ramps.process(gains[None], block.shape[1])


class Fader:
    """Where the fader stands after each 100 ms."""

    def __init__(self, options: LevelerOptions) -> None:
        self._options = options
        self._speech: deque[float] = deque(maxlen=max(_FEWEST_BINS, round(options.window_s / _BIN_S)))
        self._paused_s = 0.0
        self._free_bins = max(_FEWEST_BINS, round(options.lookahead_s / _BIN_S))
        self._gain_db = 0.0

    def move(self, power: float) -> float:
        """The gain in dB after 100 ms of this weighted mean power."""
        if self._is_speech(power):
            self._paused_s = 0.0
            self._speech.append(power)
            if len(self._speech) >= _FEWEST_BINS:
                self._gain_db = self._toward(self._options.target_lufs - self._recent_lufs())
        else:
            self._paused_s += _BIN_S
        self._free_bins -= bool(self._speech)
        return self._gain_db

    def _is_speech(self, power: float) -> bool:
        if power <= 0:
            return False
        gate = self._options.gate_lufs
        if self._speech:
            forgotten = _FORGETTING_LU_PER_S * self._paused_s
            gate = max(gate, self._recent_lufs() - self._options.pause_lu - forgotten)
        return lufs(power) > gate

    def _toward(self, wanted_db: float) -> float:
        wanted_db = min(max(wanted_db, -self._options.max_cut_db), self._options.max_boost_db)
        if self._free_bins > 0:  # the first speech has yet to come out
            return wanted_db
        step = self._options.max_slope_db_per_s * _BIN_S
        return self._gain_db + min(max(wanted_db - self._gain_db, -step), step)

    def _recent_lufs(self) -> float:
        return lufs(math.fsum(self._speech) / len(self._speech))
