"""The meter against EBU Tech 3341, ITU-R BS.1770-5 and another implementation."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.loudness import LoudnessMeter, measure

RATE = 48_000
TECH_3341_TOLERANCE_LU = 0.1


def tone(seconds: float, level_dbfs: float, rate: int = RATE, hz: float = 1000.0) -> np.ndarray:
    return 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate)


def steps(*parts: tuple[float, float]) -> Audio:
    """A stereo tone in phase: (seconds, dBFS) one after the other."""
    channel = np.concatenate([tone(seconds, level) for seconds, level in parts])
    return Audio(np.stack([channel, channel]), RATE)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(20, -23)], -23.0),
        ([(20, -33)], -33.0),
        ([(10, -36), (60, -23), (10, -36)], -23.0),
        ([(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23.0),
        ([(20, -26), (20.1, -20), (20, -26)], -23.0),
    ],
    ids=["1", "2", "3", "4", "5"],
)
def test_tech_3341_integrated(parts, expected):
    assert measure(steps(*parts)).integrated_lufs == pytest.approx(expected, abs=TECH_3341_TOLERANCE_LU)


@pytest.mark.parametrize("with_lfe", [False, True])
def test_tech_3341_case_6_surround(with_lfe):
    left, centre, surround = tone(20, -28), tone(20, -24), tone(20, -30)
    channels = [left, left, centre, surround, surround]
    if with_lfe:
        channels.insert(3, tone(20, 0))  # must not count
    loudness = measure(Audio(np.stack(channels), RATE)).integrated_lufs
    assert loudness == pytest.approx(-23.0, abs=TECH_3341_TOLERANCE_LU)


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


@settings(max_examples=15, deadline=None)
@given(
    rate=st.sampled_from([8_000, 11_025, 22_050, 48_000]),
    channels=st.integers(1, 2),
    cuts=st.lists(st.integers(1, 20_000), min_size=1, max_size=8),
)
def test_any_partition_reads_the_same(rate, channels, cuts):
    samples = np.random.default_rng(rate).standard_normal((channels, rate)).astype(np.float32) * 0.1
    samples[:, rate // 3] = 0.9
    meter = LoudnessMeter(rate, channels)
    start, index, cuts = 0, 0, [*cuts, 5_000]
    while start < rate:
        meter.add(samples[:, start : start + cuts[index % len(cuts)]])
        start, index = start + cuts[index % len(cuts)], index + 1
    read, whole = meter.result(), measure(Audio(samples, rate))
    assert read.integrated_lufs == pytest.approx(whole.integrated_lufs, abs=1e-6)
    assert read.true_peak_dbtp == pytest.approx(whole.true_peak_dbtp, abs=1e-5)
    assert read.sample_peak_dbfs == whole.sample_peak_dbfs


@pytest.mark.parametrize("channels", [1, 2])
def test_against_pyloudnorm(channels):
    """Its De Man filters are the standard's at 48 kHz; whole blocks only, since it counts an incomplete one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyloudnorm
    rng = np.random.default_rng(7)
    seconds = 8
    time = np.arange(seconds * RATE) / RATE
    envelope = np.clip(np.sin(2 * np.pi * 0.7 * time) + 0.4, 0, None) ** 2
    samples = 0.2 * envelope * rng.standard_normal((channels, len(time)))
    reference = pyloudnorm.Meter(RATE, filter_class="DeMan").integrated_loudness(samples.T)
    assert measure(Audio(samples, RATE)).integrated_lufs == pytest.approx(reference, abs=0.01)
