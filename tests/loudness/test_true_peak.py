"""True peak against band-limited interpolation; the signals of EBU Tech 3341 are in test_compliance.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample

from vocolab.audio import Audio
from vocolab.loudness import measure
from vocolab.loudness.true_peak import REACH_SAMPLES, IntervalPeaks

RATE = 48_000


def test_noise_against_ideal_interpolation():
    """Noise up to 0.4 of the rate, interpolated 32 times over its whole length at once."""
    rng = np.random.default_rng(3)
    spectrum = np.fft.rfft(rng.standard_normal(8192))
    spectrum[int(0.4 * 8192) :] = 0
    noise = np.fft.irfft(spectrum) * np.hanning(8192)
    ideal = 20 * np.log10(np.abs(resample(noise, 32 * 8192)).max())
    # 8 times oversampling can miss a peak at 0.4 of the rate by 0.11 dB, and never reads high.
    assert ideal - 0.11 <= measure(Audio.mono(noise, RATE)).true_peak_dbtp <= ideal + 0.01


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=200))
def test_never_under_the_sample_peak(values):
    read = measure(Audio.mono(np.array(values), RATE))
    if read.sample_peak_dbfs is not None:
        assert read.true_peak_dbtp >= read.sample_peak_dbfs


def test_a_peak_at_the_very_end_counts():
    """The waveform swings on after the last sample: between 1 and the silence that follows it overshoots."""
    samples = np.array([1.0, 1.0])
    assert measure(Audio.mono(samples, RATE)).true_peak_dbtp == pytest.approx(20 * np.log10(4 / np.pi), abs=0.05)


def test_floor_skips_only_what_is_under_it():
    samples = np.random.default_rng(5).standard_normal((2, 5000)).astype(np.float32)
    samples[:, 1000:4000] *= 0.05
    everywhere = IntervalPeaks(RATE, 2).process(samples, floor=0.0)
    sparse = IntervalPeaks(RATE, 2).process(samples, floor=0.5)
    above = everywhere > 0.5
    np.testing.assert_allclose(sparse[above], everywhere[above], rtol=1e-6)
    assert (sparse[~above] <= 0.5).all()


def test_interval_peaks_are_late_by_their_reach():
    samples = np.zeros((1, 200), np.float32)
    samples[0, 50] = 1.0
    peaks = IntervalPeaks(RATE, 1).process(samples, floor=0.0)
    assert np.flatnonzero(peaks >= 1.0).tolist() == [50 + REACH_SAMPLES - 1, 50 + REACH_SAMPLES]
