"""What is wrong with a signal before anything is done to it, found out while it is walked through."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.loudness.clipping import FULL_SCALE, ClippingCounter
from vocolab.loudness.integrated import IntegratedMeter
from vocolab.loudness.phase import PhaseMeter
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal

_MUCH_CLIPPING = 1e-3
"""Share of samples; a loud master may have a tenth of that."""
_HIGHEST_OF_A_RECORDING = 1e3
"""60 dB over full scale, far more than recorders that store floats have of headroom."""


class Examined(DerivedSignal):
    """A signal that is looked at during its first walk; the findings are there when that is over.

    Args:
        signal: A recording, or what a vocoder renders.
        measured: Whether its loudness is wanted as well.
        is_rendered: Whether a vocoder makes it: nobody should look for its faults in a recording.
        is_summed: Whether it is made mono: two channels that take each other away are named then.
        quieter_with: Names of effects that turn a signal down, for what is said of a vocoder that is too loud.
    """

    def __init__(
        self,
        signal: Signal,
        *,
        measured: bool = False,
        is_rendered: bool = False,
        is_summed: bool = False,
        quieter_with: Sequence[str] = (),
    ) -> None:
        super().__init__(signal)
        self._measured = measured
        self._is_rendered = is_rendered
        self._quieter_with = quieter_with
        self._walked = False
        self._phase = PhaseMeter() if is_summed and signal.channels == 2 else None
        self.peak = 0.0
        """The largest sample, linear."""
        self.peak_s = 0.0
        """When it is, in seconds."""
        self.clipped_samples = 0
        """Samples that stand in equal runs at full scale, over all channels; of a rendering, all that are there."""
        self.integrated_lufs: float | None = None
        """Only if it was to be measured, and has a loudness."""

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """The signal's own blocks."""
        return self.source.blocks(block_samples) if self._walked else self._first_walk(block_samples)

    @property
    def broken(self) -> str:
        """What there is to say of a sample that no recording has; empty where there is none, or before the walk."""
        return _broken(self.peak, self.peak_s) if self.peak > _HIGHEST_OF_A_RECORDING else ""

    def findings(self) -> list[str]:
        """Lines for people: silence, a sample that no recording has, channels out of phase, and clipping throughout.

        There are none before the first walk is over.
        """
        if not self._walked:
            return []
        if self.peak == 0:
            return [f"{'the rendering' if self._is_rendered else 'the input'} is digital silence: nothing is boosted"]
        found = [self.broken] if self.broken else []
        if self._phase is not None and self._phase.is_opposite:
            found.append(f"{self._phase.text}; turn one of them round, or keep one")
        share = self.clipped_samples / (self.n_samples * self.channels)
        if share < _MUCH_CLIPPING:
            return found
        return [*found, _over(share, self.peak, self._quieter_with) if self._is_rendered else _clipped(share)]

    def _first_walk(self, block_samples: int) -> Iterator[NDArray[np.float32]]:
        clipping, meter, position, over = ClippingCounter(self.channels), self._meter(), 0, 0
        peak, peak_sample = 0.0, 0
        for block in self.source.blocks(block_samples):
            if block.size:
                magnitude = np.abs(block)
                highest = float(magnitude.max())
                if highest > peak:
                    peak, peak_sample = highest, position + int(magnitude.max(axis=0).argmax())
                if highest >= FULL_SCALE:
                    over += int(np.count_nonzero(magnitude >= FULL_SCALE))
                clipping.add(block, highest)
                position += block.shape[1]
            if meter is not None:
                meter.add(block)
            if self._phase is not None:
                self._phase.add(block)
            yield block
        self.peak, self.peak_s, self._walked = peak, peak_sample / self.sample_rate, True
        self.clipped_samples = over if self._is_rendered else clipping.clipped_samples
        self.integrated_lufs = meter.integrated_lufs() if meter is not None else None

    def _meter(self) -> IntegratedMeter | None:
        try:
            return IntegratedMeter(self.sample_rate, self.channels, self.layout) if self._measured else None
        except AudioError:  # more channels than loudness is defined for
            return None


def _broken(peak: float, seconds: float) -> str:
    return (
        f"the highest sample, at {seconds:.3f} s, is at {20 * math.log10(peak):+.1f} dBFS: one sample like that is "
        "broken, and decides how loud the rest is; all of them are numbers that nobody scaled to full scale 1"
    )


def _clipped(share: float) -> str:
    return (
        f"the input is clipped: {share:.1%} of its samples are at full scale; what was cut off is lost, and mastering "
        "does not bring it back"
    )


def _over(share: float, peak: float, quieter_with: Sequence[str]) -> str:
    effects = f" with {' or '.join(quieter_with)}" if quieter_with else ""
    return (
        f"the vocoder's output is at full scale or over it in {share:.1%} of its samples, up to "
        f"{20 * math.log10(peak):+.1f} dBFS; turn it down{effects}, first in the preset, or with a quieter mel where "
        "the vocoder itself limits"
    )
