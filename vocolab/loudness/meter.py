"""The loudness meter: one walk through a signal, however long it is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.layouts import Layout, layout_of
from vocolab.loudness.bins import PowerBins
from vocolab.loudness.clipping import ClippingCounter
from vocolab.loudness.gating import OFFSET_LU, channel_weights, gated_lufs, greatest_lufs
from vocolab.loudness.kweighting import KWeighting
from vocolab.loudness.levels import LevelMeter
from vocolab.loudness.lift import Lift
from vocolab.loudness.loudness_range import loudness_range_lu
from vocolab.loudness.reading import Loudness, LoudnessCurves
from vocolab.loudness.true_peak import TruePeakMeter
from vocolab.signals import Signal

_BIN_MS = 10  # at 100 ms between windows, momentary maxima read up to 0.45 LU low
_MOMENTARY_BINS = 40
_SHORT_TERM_BINS = 300
_STEP_BINS = 10  # 100 ms: gating blocks overlap by 75 %, windows of the loudness range by 97 %
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 4_000, 768_000
_HIGHEST_SAMPLE = 1e10  # 32-bit integers that nobody has scaled stay under it


class LoudnessMeter:
    """Reads a stream of any length in bounded memory. The result does not depend on how the stream is cut.

    Args:
        sample_rate: Hz.
        channels: How many there are.
        layout: Which loudspeakers they are for; None: what so many mostly are.
        apart_s: How much at the beginning and at the end was put there by an effect, and is no part of the recording's
            noise floor.

    Raises:
        AudioError: for more than 6 channels without a layout, and for rates outside 4 to 768 kHz.
    """

    def __init__(
        self, sample_rate: int, channels: int, layout: Layout | None = None,
        apart_s: tuple[float, float] = (0.0, 0.0),
    ) -> None:
        if not LOWEST_RATE_HZ <= sample_rate <= HIGHEST_RATE_HZ:
            raise AudioError(
                f"a sample rate of {sample_rate} Hz; loudness is measured at {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz"
            )
        weights = channel_weights(channels, layout)
        self._sample_rate = sample_rate
        self._channels = channels
        self._counted = slice(None) if weights.all() else np.flatnonzero(weights)
        weights = weights[self._counted]
        self._lift = Lift(sample_rate, len(weights))
        self._weighting = KWeighting(self._lift.sample_rate, len(weights))
        self._bins = PowerBins(self._lift.sample_rate, _BIN_MS, weights)
        self._levels = LevelMeter(sample_rate, channels)
        self._clipping = ClippingCounter(channels)
        self._peak = TruePeakMeter(sample_rate, channels)
        self._apart_s = apart_s
        self._ended = False

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next (channels, n) samples.

        Raises:
            AudioError: if they hold NaN or infinity, or numbers that can't be samples.
        """
        if not block.size:
            return
        peak = float(np.abs(block).max())
        _check_magnitude(peak)
        samples = block.astype(np.float64)
        self._peak.add(block)
        self._clipping.add(block, peak)
        self._levels.add(samples)
        self._bins.add(self._weighting.process(self._lift.process(samples[self._counted])))

    def result(self) -> Loudness:
        """What was read. The stream ends here."""
        self._end()
        blocks = self._bins.window_powers(_MOMENTARY_BINS, _STEP_BINS)
        return Loudness(
            integrated_lufs=gated_lufs(blocks),
            true_peak_dbtp=_decibels(self._peak.true_peak()),
            sample_peak_dbfs=_decibels(self._peak.sample_peak),
            channels=self._channels,
            sample_rate_hz=self._sample_rate,
            momentary_max_lufs=greatest_lufs(self._bins.window_powers(_MOMENTARY_BINS)),
            short_term_max_lufs=greatest_lufs(self._bins.window_powers(_SHORT_TERM_BINS)),
            loudness_range_lu=loudness_range_lu(self._bins.window_powers(_SHORT_TERM_BINS, _STEP_BINS)),
            rms_dbfs=self._levels.rms_dbfs(),
            noise_floor_dbfs=self._levels.noise_floor_dbfs(self._apart_s),
            dc_offset=self._levels.dc_offset(),
            clipped_samples=self._clipping.clipped_samples,
        )

    def curves(self) -> LoudnessCurves:
        """Momentary and short-term loudness over time. The stream ends here."""
        self._end()
        with np.errstate(divide="ignore"):
            momentary, short_term = (
                OFFSET_LU + 10 * np.log10(self._bins.window_powers(n_bins))
                for n_bins in (_MOMENTARY_BINS, _SHORT_TERM_BINS)
            )
        return LoudnessCurves(momentary, short_term)

    def _end(self) -> None:
        if not self._ended:
            self._ended = True
            self._bins.add(self._weighting.process(self._lift.finish()))


def measure(signal: Signal) -> Loudness:
    """Loudness, peaks and levels of a signal of 1 to 6 channels, or of more with a layout, at 4 to 768 kHz.

    Channels count by the loudspeakers that they are for. Where the signal does not say, they stand as mostly in WAV
    files: L R, L R C, L R Ls Rs, L R C Ls Rs, L R C LFE Ls Rs. A mono signal counts as one front channel: it reads
    3.01 LU less than the same signal on both of two channels. An LFE channel is left out of loudness, and counts in
    peaks and levels.

    Raises:
        AudioError: for more channels or other rates, and for samples that are NaN, infinite or beyond all bounds.
    """
    meter = LoudnessMeter(signal.sample_rate, signal.channels, layout_of(signal))
    for block in signal.blocks():
        meter.add(block)
    return meter.result()


def _check_magnitude(peak: float) -> None:
    if not math.isfinite(peak):
        raise AudioError("the audio contains NaN or infinity, so it has no loudness; check what produced it")
    if peak > _HIGHEST_SAMPLE:
        raise AudioError(f"the audio contains a sample of {peak:.3g}, where full scale is 1.0; check what produced it")


def _decibels(peak: float) -> float | None:
    return 20 * math.log10(peak) if peak > 0 else None
