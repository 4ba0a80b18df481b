"""True-peak limiter that looks ahead.

    peak between samples -> reduction needed (dB) -> held for the look-ahead -> released -> smoothed -> gain
    audio                -> delayed by the look-ahead  ------------------------------------------->  x  -> out

The hold (sliding maximum) and the smoothing (three moving averages) have the same length, so the smoothed curve never
lies under what a peak needs when that peak comes out; P. Hämäläinen, "Smoothing of the control signal without clipped
output in digital peak limiters", DAFx 2002.

A moving gain bends the waveform between the samples a little, so that peaks can still come out some hundredths of a dB
too high. Further stages, the same again, take those: each has only the last one's error to correct. Where a stage has
changed nothing for a while, the next one has the same samples before it and need not look at them again.
"""

from __future__ import annotations

import numpy as np

from vocolab.delivery.target import Target
from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab.loudness.true_peak import REACH_SAMPLES, IntervalPeaks
from vocolab_mastering.ballistics import Curve, Decay, Delay, MovingAverage, SlidingMaximum, decay_factor
from vocolab_mastering.options import LOWEST_CEILING_DBTP, LimiterOptions

#: Aimed this much lower, since meters differ: the 48 taps of BS.1770 read up to 0.17 dB high near 5 kHz.
MARGIN_DB = 0.2
_STAGES = 3
_N_AVERAGES = 3
_KNOWN_SAMPLES = 4 * REACH_SAMPLES
"""More than the meter of the peaks remembers."""


class Limiter(BlockEffect[LimiterOptions]):
    """True peak at or under `ceiling_dbtp`; what is 0.2 dB under it passes untouched. Channels are linked."""

    name = "limiter"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """Stages for one stream."""
        return _Processor(self.options, sample_rate, channels)

    @property
    def target(self) -> Target:
        """The ceiling, where the limiter works on all of the signal."""
        whole = self.options.enabled and self.options.mix == 1.0
        return Target(true_peak_dbtp=self.options.ceiling_dbtp if whole else None)

    def with_headroom(self, headroom_db: float) -> Limiter:
        """The same limiter with its ceiling `headroom_db` lower: what follows, such as a codec, adds that much."""
        ceiling_dbtp = max(self.options.ceiling_dbtp - headroom_db, LOWEST_CEILING_DBTP)
        return Limiter(self.options.model_copy(update={"ceiling_dbtp": ceiling_dbtp}))


class _Processor:
    def __init__(self, options: LimiterOptions, sample_rate: int, channels: int) -> None:
        self._stages = [_Stage(options, sample_rate, channels) for _ in range(_STAGES)]
        self.latency_samples = sum(stage.latency_samples for stage in self._stages)

    def process(self, block: Block) -> Block:
        is_known = False
        for stage in self._stages:
            block = stage.process(block, is_known)
            is_known = stage.has_rested
        return block


class _Stage:
    def __init__(self, options: LimiterOptions, sample_rate: int, channels: int) -> None:
        length = max(_N_AVERAGES, round(options.lookahead_ms * sample_rate / 1000))
        self.latency_samples = REACH_SAMPLES + length - 1
        self._ceiling = 10 ** ((options.ceiling_dbtp - MARGIN_DB) / 20)
        self._peaks = IntervalPeaks(sample_rate, channels)
        self._before = np.zeros(1, np.float32)
        self._hold = SlidingMaximum(length)
        self._release = Decay(decay_factor(options.release_ms, sample_rate))
        self._averages = [MovingAverage(size) for size in _average_lengths(length)]
        self._delay = Delay(self.latency_samples, channels)
        self._settling = self._memory = 2 * length
        self._unseen = np.zeros((channels, 0), np.float32)
        self.has_rested = False
        """Whether the last block and the `_KNOWN_SAMPLES` before it came out as they went in, under the ceiling."""

    def process(self, block: Block, is_known: bool) -> Block:
        """The next block; `is_known` says that nothing in it, and in what the meter remembers, needs reduction."""
        delayed = self._delay.process(block)
        needed = self._passed_over(block) if is_known else self._needed_db(block)
        if self._is_at_rest(needed):
            return delayed
        reduction = self._release.process(self._hold.process(needed))
        for average in self._averages:
            reduction = average.process(reduction)
        gain = np.exp(reduction * (-np.log(10) / 20))
        return np.asarray(delayed * gain.astype(np.float32))

    def _passed_over(self, block: Block) -> Curve:
        """No reduction; the samples are kept, should the next block have to be looked at."""
        self._unseen = np.concatenate([self._unseen, block[:, -_KNOWN_SAMPLES:]], axis=1)[:, -_KNOWN_SAMPLES:]
        return np.zeros(block.shape[1])

    def _needed_db(self, block: Block) -> Curve:
        """Reduction that brings both neighbouring intervals of each sample under the ceiling."""
        if self._unseen.shape[1]:
            self._before = self._peaks.process(self._unseen, floor=self._ceiling)[-1:]
            self._unseen = self._unseen[:, :0]
        intervals = np.concatenate([self._before, self._peaks.process(block, floor=self._ceiling)])
        self._before = intervals[-1:]
        if intervals.max() <= self._ceiling:
            return np.zeros(block.shape[1])
        around = np.maximum(intervals[:-1], intervals[1:])
        return np.asarray(20 * np.log10(np.maximum(around / self._ceiling, 1), dtype=np.float64))

    def _is_at_rest(self, needed: Curve) -> bool:
        """Whether the gain is 1 all through the block: nothing to reduce, and nothing left of earlier peaks."""
        if needed.any() or self._release.level > 0:
            self._settling = 0
            self.has_rested = False
            return False
        is_settled = self._settling >= self._memory
        self.has_rested = self._settling >= self._memory + _KNOWN_SAMPLES
        self._settling += len(needed)
        return is_settled


def _average_lengths(length: int) -> list[int]:
    """Lengths of moving averages that together reach over `length` values."""
    share, left = divmod(length + _N_AVERAGES - 1, _N_AVERAGES)
    return [share + (index < left) for index in range(_N_AVERAGES)]
