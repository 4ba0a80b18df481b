"""The meter against EBU Tech 3341, ITU-R BS.1770-5 and another implementation."""

from __future__ import annotations

import math
import tracemalloc
import warnings
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample_poly

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.loudness import Loudness, LoudnessMeter, measure

RATE = 48_000


def tone(seconds: float, level_dbfs: float, rate: int = RATE, hz: float = 1000.0) -> np.ndarray:
    return 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def steps(*parts: tuple[float, float]) -> Audio:
    """A stereo tone in phase: (seconds, dBFS) one after the other."""
    channel = np.concatenate([tone(seconds, level) for seconds, level in parts])
    return Audio(np.stack([channel, channel]), RATE)


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000, 96_000, 192_000, 8_000])
def test_full_scale_sine_in_one_channel(rate):
    """BS.1770-5, annex 1: 997 Hz at 0 dBFS in one front channel reads -3.01 LKFS, at any rate."""
    sine = tone(3, 0, rate, 997)
    assert measure(Audio.mono(sine, rate)).integrated_lufs == pytest.approx(-3.01, abs=0.05)
    stereo = Audio(np.stack([sine, 0 * sine]), rate)
    assert measure(stereo).integrated_lufs == pytest.approx(-3.01, abs=0.05 if rate < 44_100 else 0.006)


@pytest.mark.parametrize("hz", [25, 100, 500, 2000, 10_000])
def test_weighting_follows_the_curve(hz):
    """Against the response of the standard's own 48 kHz coefficients."""
    reference = measure(Audio.mono(tone(3, -20, hz=1000), RATE)).integrated_lufs
    weighted = measure(Audio.mono(tone(3, -20, hz=hz), RATE)).integrated_lufs
    assert weighted - reference == pytest.approx(_table_response_db(hz) - _table_response_db(1000), abs=0.02)


def _table_response_db(hz: float) -> float:
    from scipy.signal import freqz

    shelf = ([1.53512485958697, -2.69169619940638, 1.19839281085285], [1.0, -1.69065929318241, 0.73248077421585])
    highpass = ([1.0, -2.0, 1.0], [1.0, -1.99004745483398, 0.99007225036621])
    return sum(20 * np.log10(abs(freqz(*stage, worN=[hz], fs=RATE)[1][0])) for stage in (shelf, highpass))


@pytest.mark.parametrize("seconds", [0.451, 0.46, 0.55, 0.999])
def test_an_incomplete_block_does_not_count(seconds):
    stereo = np.stack([tone(seconds, -23)] * 2)
    assert measure(Audio(stereo, RATE)).integrated_lufs == pytest.approx(-23.0, abs=0.05)


@pytest.mark.parametrize(
    ("channels", "offsets_lu"),
    [(3, [0, 0, 0]), (4, [0, 0, 1.49, 1.49]), (5, [0, 0, 0, 1.49, 1.49]), (6, [0, 0, 0, None, 1.49, 1.49])],
)
def test_each_channel_alone(channels, offsets_lu):
    """BS.1770-5, annex 1, table 3: surrounds count 1.41 times, and the LFE has no loudness, but a peak."""
    front = measure(Audio.mono(tone(1, -23), RATE)).integrated_lufs
    for channel, offset_lu in enumerate(offsets_lu):
        samples = np.zeros((channels, RATE))
        samples[channel] = tone(1, -23)
        read = measure(Audio(samples, RATE))
        assert read.sample_peak_dbfs == pytest.approx(-23.0, abs=0.01)
        if offset_lu is None:
            assert read.integrated_lufs is read.momentary_max_lufs is None
        else:
            assert read.integrated_lufs == pytest.approx(front + offset_lu, abs=0.005)


def test_relative_gate_is_ten_under_the_mean():
    """Half as long at 9 LU under counts, at 11 LU under it does not."""
    loud = measure(steps((20, -20))).integrated_lufs
    counted = measure(steps((20, -20), (20, -29))).integrated_lufs
    ignored = measure(steps((20, -20), (20, -35))).integrated_lufs
    assert counted < loud - 2
    assert ignored == pytest.approx(loud, abs=0.1)


@pytest.mark.parametrize(
    "samples", [np.zeros((1, RATE)), np.zeros((2, 0)), np.ones((1, 1)), np.zeros((6, 1)), np.full((1, RATE), 1e-5)]
)
def test_where_there_is_no_loudness(samples):
    loudness = measure(Audio(samples, RATE))
    assert loudness.integrated_lufs is None
    assert (loudness.true_peak_dbtp is None) == (not samples.any())


def test_shorter_than_a_block():
    just_short, just_enough = tone(0.4, -20)[:-1], tone(0.4, -20)
    assert measure(Audio.mono(just_short, RATE)).integrated_lufs is None
    assert measure(Audio.mono(just_enough, RATE)).integrated_lufs == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("rate", [8_000, 48_000])
def test_not_a_number_is_refused(bad, rate):
    samples = np.zeros((1, rate))
    samples[0, 100] = bad
    with pytest.raises(AudioError, match="NaN or infinity"):
        measure(Audio(samples, rate))


def test_seven_channels_are_refused():
    with pytest.raises(AudioError, match="1 to 6 channels, not 7"):
        measure(Audio(np.zeros((7, 100)), RATE))


READINGS = [field.name for field in fields(Loudness)] + ["plr_lu", "crest_db"]


@settings(max_examples=25, deadline=None)
@given(
    rate=st.sampled_from([8_000, 11_025, 22_050, 48_000]),
    channels=st.sampled_from([1, 2, 6]),
    seconds=st.sampled_from([0.3, 1.0, 3.3]),
    cuts=st.lists(st.integers(0, 20_000), min_size=1, max_size=8),
)
def test_any_partition_reads_the_same(rate, channels, seconds, cuts):
    n_samples = round(seconds * rate)
    samples = np.random.default_rng(rate).standard_normal((channels, n_samples)).astype(np.float32) * 0.1
    samples[:, n_samples // 3 : n_samples // 3 + 7] = 1.0
    meter = LoudnessMeter(rate, channels)
    start, index, cuts = 0, 0, [*cuts, 5_000]
    while start < n_samples:
        meter.add(samples[:, start : start + cuts[index % len(cuts)]])
        start, index = start + cuts[index % len(cuts)], index + 1
    read, whole = meter.result(), measure(Audio(samples, rate))
    for name in READINGS:
        assert getattr(read, name) == pytest.approx(getattr(whole, name), abs=1e-5), name
    assert whole.clipped_samples == 7 * channels


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 96_000, 192_000])
def test_every_rate_reads_the_same(rate):
    """A sound of few partials, sampled at any rate, and at 48 kHz."""
    read, reference = (measure(Audio(partials(rate), rate)) for rate in (rate, RATE))
    for name in ("integrated_lufs", "momentary_max_lufs", "short_term_max_lufs", "loudness_range_lu"):
        assert getattr(read, name) == pytest.approx(getattr(reference, name), abs=0.02), name
    for name in ("rms_dbfs", "noise_floor_dbfs", "true_peak_dbtp"):
        assert getattr(read, name) == pytest.approx(getattr(reference, name), abs=0.1), name


def partials(rate: int) -> np.ndarray:
    time_s = np.arange(6 * rate) / rate
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 0.3 * time_s)
    left, right = (sum(np.sin(2 * np.pi * hz * time_s + hz) for hz in (120.0, first, 2750.0)) for first in (440, 660))
    return 0.1 * swell * np.stack([left, right])


def test_what_is_held_of_a_long_stream_is_its_curves():
    """8 bytes for every 10 ms, and 8 for every 100 ms: 6.3 MB for two hours."""
    minute = np.random.default_rng(1).standard_normal((1, 60 * 16_000)).astype(np.float32) * 0.05
    meter = LoudnessMeter(16_000, 1)
    meter.add(minute)
    tracemalloc.start()
    for _ in range(5):
        meter.add(minute)
    held_bytes = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held_bytes < 5 * 60 * (100 + 10) * 8 * 1.2


@pytest.mark.parametrize(("rate", "said"), [(3_999, "3999 Hz"), (768_001, "768001 Hz")])
def test_rates_that_are_refused(rate, said):
    with pytest.raises(AudioError, match=said):
        measure(Audio(np.zeros((1, 10)), rate))


def test_numbers_that_can_not_be_samples_are_refused():
    with pytest.raises(AudioError, match=r"a sample of 3e\+38, where full scale is 1\.0"):
        measure(Audio(np.array([[0.0, 3e38]]), RATE))


@settings(max_examples=60, deadline=None)
@given(
    samples=st.lists(st.floats(-1e9, 1e9, width=32), max_size=300), repeats=st.sampled_from([1, 30, 300]),
    rate=st.sampled_from([8_000, 48_000]),
)
def test_every_reading_is_a_finite_number_or_none(samples, repeats, rate):
    read = measure(Audio(np.tile(np.array(samples, np.float32), (2, repeats)), rate))
    values = [getattr(read, name) for name in READINGS]
    assert all(value is None or math.isfinite(value) for value in values)


def test_momentary_needs_400_ms_and_short_term_3_s():
    for seconds, readings in ((0.399, [False] * 3), (0.4, [True, False, False]), (2.999, [True, False, False]),
                              (3.0, [True] * 3)):
        read = measure(Audio.mono(tone(seconds, -20), RATE))
        values = (read.momentary_max_lufs, read.short_term_max_lufs, read.loudness_range_lu)
        assert [value is not None for value in values] == readings


def test_a_quiet_end_is_read_as_it_is_after_a_loud_beginning():
    """Windows are sums of what is in them: nothing is left over of what came before."""
    meter = LoudnessMeter(RATE, 1)
    meter.add(np.atleast_2d(np.concatenate([tone(5, 0), tone(5, -140)])).astype(np.float32))
    assert meter.curves().short_term_lufs[-1] == pytest.approx(-143.0, abs=0.1)


def pyloudnorm_meter(rate: int, block_s: float = 0.4):
    """Its De Man filters are the standard's at 48 kHz; its default ones lie 0.04 dB under."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyloudnorm
    return pyloudnorm.Meter(rate, filter_class="DeMan", block_size=block_s)


@pytest.mark.parametrize("channels", [1, 2])
def test_against_pyloudnorm(channels):
    """Whole blocks only, since it counts an incomplete one."""
    rng = np.random.default_rng(7)
    time = np.arange(8 * RATE) / RATE
    envelope = np.clip(np.sin(2 * np.pi * 0.7 * time) + 0.4, 0, None) ** 2
    samples = 0.2 * envelope * rng.standard_normal((channels, len(time)))
    reference = pyloudnorm_meter(RATE).integrated_loudness(samples.T)
    assert measure(Audio(samples, RATE)).integrated_lufs == pytest.approx(reference, abs=0.01)


def test_against_pyloudnorm_on_speech(shared):
    """Ten readings, one after the other, at 48 kHz."""
    recordings = [Audio.load(path) for path in sorted((shared / "data" / "ljspeech").glob("*.flac"))]
    speech = resample_poly(np.concatenate([audio.samples[0] for audio in recordings]), 320, 147)
    speech = speech[: len(speech) // 4_800 * 4_800]
    read = measure(Audio.mono(speech, RATE))
    assert read.integrated_lufs == pytest.approx(pyloudnorm_meter(RATE).integrated_loudness(speech), abs=0.01)
    # It interpolates between percentiles, takes a window every 90 ms, and keeps an incomplete last one.
    assert read.loudness_range_lu == pytest.approx(pyloudnorm_meter(RATE, 3.0).loudness_range(speech), abs=0.1)
