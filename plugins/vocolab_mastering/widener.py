"""Stereo widener: mid and side, and a delayed copy of the middle in the side only.

    m = (l + r) / 2, s = (l - r) / 2          what is added to l and taken from r:
    d = m, high-passed and delayed            (width - 1) s + haas (width - 1) d

H. Haas, "The influence of a single echo on the audibility of speech", JAES 20(2), 1972: a copy 1 to 40 ms late widens
a sound and is not heard as an echo. Put on one side, as the usual widener does, it combs the mono sum; what is added on
the left and taken away on the right is not in the mono sum at all.
"""

from __future__ import annotations

import numpy as np

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_mastering.ballistics import Delay
from vocolab_mastering.butterworth import butterworth_sections
from vocolab_mastering.options_tone import WidenerOptions
from vocolab_mastering.sections import Sections

_SLOPE_DB_PER_OCTAVE = 12
_HIGHEST_OF_RATE = 0.4


class Widener(BlockEffect[WidenerOptions]):
    """Wider over `width` 1, narrower under it, at 1 the input bit by bit. The mono sum is always the input's.

    Mono becomes stereo: it is put on both sides first. Of more than two channels the first two are left and right, the
    others pass. Without Haas a middle that has no side stays as it is. The correlation of a mono source is at least
    (1 - g^2) / (1 + g^2) with g = haas (width - 1): over 0.92 at a width of 1.2. Where `highpass_hz` is over 0.4 of the
    rate the copy holds nothing. No latency; the highest peak rises, so that a limiter belongs after it.
    """

    name = "widener"

    def output_channels(self, channels: int) -> int:
        """Two for one, else as many as there are."""
        return max(2, channels)

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A processor for one stream."""
        return _Processor(self.options, sample_rate)


class _Processor:
    latency_samples = 0

    def __init__(self, options: WidenerOptions, sample_rate: int) -> None:
        self._side_gain = np.float32(options.width - 1)
        self._haas_gain = np.float32(options.haas * max(options.width - 1, 0))
        if options.highpass_hz > _HIGHEST_OF_RATE * sample_rate:
            self._haas_gain = np.float32(0)
            return
        sections = butterworth_sections("highpass", options.highpass_hz, _SLOPE_DB_PER_OCTAVE, sample_rate)
        self._highs = Sections(sections, channels=1)
        self._delay = Delay(round(options.delay_ms * sample_rate / 1000), channels=1)

    def process(self, block: Block) -> Block:
        wide = np.repeat(block, 2, axis=0) if len(block) == 1 else block.copy()
        if self._side_gain == 0:
            return wide
        left, right = wide[:1], wide[1:2]
        more = self._side_gain * np.float32(0.5) * (left - right)
        if self._haas_gain:
            middle = np.float32(0.5) * (left + right)
            more = more + self._haas_gain * self._delay.process(self._highs.process(middle))
        wide[:2] = np.concatenate([left + more, right - more])
        return wide
