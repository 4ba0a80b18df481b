"""Resample: another sample rate inside a chain."""

from __future__ import annotations

from vocolab.chain.resampling import Resampled
from vocolab.effects import SignalEffect
from vocolab.signals import Signal
from vocolab_mastering.options_edit import ResampleOptions


class Resample(SignalEffect[ResampleOptions]):
    """The signal at `sample_rate_hz`, by soxr's HQ filters: round(n * new / old) samples, nothing moved in time.

    At that rate already, no bit changes. A preset's `[output] sample_rate_hz` does the same before the first effect.
    """

    name = "resample"
    keeps_rate = False

    def edit(self, signal: Signal) -> Signal:
        """The signal, resampled while it is walked through."""
        rate = self.options.sample_rate_hz
        return signal if rate == signal.sample_rate else Resampled(signal, rate)
