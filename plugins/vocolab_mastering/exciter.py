"""Exciter: harmonics of the highs, for speech that lacks air.

    x -> high-pass -> drive -> oversample -> tanh -> back -> high-pass -> amount -> + x

tanh makes overtones without end. What lies over half the rate would fold back as inharmonic tones, so the saturation
runs at 176.4 kHz or more, at twice that when it is driven hard, and at least at 4 times the rate. Of a 5 kHz tone at
full scale every alias stays 80 dB under the tone.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import butter

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_mastering.ballistics import Delay
from vocolab_mastering.options import ExciterOptions
from vocolab_mastering.oversampling import REACH_SAMPLES, Downsampler, Upsampler
from vocolab_mastering.sections import Sections

_LOWEST_FACTOR = 4
_LOWEST_RATE_HZ = 176_400
_HARD_DRIVE_DB = 14.0
_HIGHEST_OF_RATE = 0.4


class Exciter(BlockEffect[ExciterOptions]):
    """Adds `amount` of what tanh makes of the highs. Where `frequency_hz` is over 0.4 of the rate it adds nothing."""

    name = "exciter"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """Filters and delay for one stream."""
        if self.options.amount == 0 or self.options.frequency_hz > _HIGHEST_OF_RATE * sample_rate:
            return Sections(np.zeros((0, 6)), channels)
        return _Processor(self.options, sample_rate, channels)


class _Processor:
    latency_samples = 2 * REACH_SAMPLES

    def __init__(self, options: ExciterOptions, sample_rate: int, channels: int) -> None:
        factor = _oversampling(sample_rate, options.drive_db)
        highs = np.asarray(butter(2, options.frequency_hz, btype="highpass", fs=sample_rate, output="sos"))
        self._before = Sections(highs, channels)
        self._after = Sections(highs, channels)
        self._up = Upsampler(factor, channels)
        self._down = Downsampler(factor, channels)
        self._dry = Delay(self.latency_samples, channels)
        self._drive = np.float32(10 ** (options.drive_db / 20))
        self._amount = np.float32(options.amount)

    def process(self, block: Block) -> Block:
        saturated = np.tanh(self._drive * self._up.process(self._before.process(block)))
        return self._dry.process(block) + self._amount * self._after.process(self._down.process(saturated))


def _oversampling(sample_rate: int, drive_db: float) -> int:
    lowest_rate = _LOWEST_RATE_HZ * (1 if drive_db <= _HARD_DRIVE_DB else 2)
    factor = _LOWEST_FACTOR
    while factor * sample_rate < lowest_rate:
        factor *= 2
    return factor
