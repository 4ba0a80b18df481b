"""The minimum requirements of EBU Tech 3341 (2023) and Tech 3342 (2023), with their signals synthesised.

Cases 7 and 8 of Tech 3341, and 5 and 6 of Tech 3342, are recordings and can't be.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import firwin

from vocolab.audio import Audio
from vocolab.loudness import LoudnessMeter, measure

RATE = 48_000
TOLERANCE_LU = 0.1
RANGE_TOLERANCE_LU = 1.0
PEAK_TOLERANCE_DB = (-0.4, 0.2)
SILENT = -np.inf


def tone(*parts: tuple[float, float], rate: int = RATE) -> np.ndarray:
    """A 1 kHz sine: (seconds, dBFS) one after the other, its phase going on."""
    amplitude = np.concatenate([np.full(round(seconds * rate), 10 ** (level / 20)) for seconds, level in parts])
    return amplitude * np.sin(2 * np.pi * 1000 * np.arange(len(amplitude)) / rate)


def stereo(*parts: tuple[float, float], rate: int = RATE) -> Audio:
    return Audio(np.stack([tone(*parts, rate=rate)] * 2), rate)


def near(expected: float) -> object:
    return pytest.approx(expected, abs=TOLERANCE_LU)


@pytest.mark.parametrize(("level", "rate"), [(-23, 48_000), (-33, 48_000), (-23, 44_100), (-33, 22_050)])
def test_3341_cases_1_and_2(level, rate):
    read = measure(stereo((20, level), rate=rate))
    assert [read.momentary_max_lufs, read.short_term_max_lufs, read.integrated_lufs] == [near(level)] * 3


@pytest.mark.parametrize(
    "parts",
    [
        [(10, -36), (60, -23), (10, -36)],
        [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)],
        [(20, -26), (20.1, -20), (20, -26)],
    ],
    ids=["3", "4", "5"],
)
def test_3341_cases_3_to_5(parts):
    assert measure(stereo(*parts)).integrated_lufs == near(-23)


@pytest.mark.parametrize("with_lfe", [False, True])
def test_3341_case_6(with_lfe):
    left, centre, surround = tone((20, -28)), tone((20, -24)), tone((20, -30))
    channels = [left, left, centre, surround, surround]
    if with_lfe:
        channels.insert(3, tone((20, 0)))  # must not count
    assert measure(Audio(np.stack(channels), RATE)).integrated_lufs == near(-23)


def curves_of(audio: Audio):
    meter = LoudnessMeter(audio.sample_rate, audio.channels)
    meter.add(audio.samples)
    return meter.curves()


def test_3341_case_9_short_term_is_constant():
    audio = stereo(*[(1.34, -20), (1.66, -30)] * 5)
    assert measure(audio).short_term_max_lufs == near(-23)
    short_term = curves_of(audio).short_term_lufs  # its first value is that of the first 3 s
    assert (short_term.min(), short_term.max()) == (near(-23), near(-23))


@pytest.mark.parametrize("i", range(20))
def test_3341_case_10(i):
    assert measure(stereo((i * 0.15, SILENT), (3, -23), (1, SILENT))).short_term_max_lufs == near(-23)


def maxima_after_each(parts: list[list[tuple[float, float]]], curve: str, window_s: float) -> list[float]:
    """The running maximum of a live meter at the end of each stretch of a signal."""
    values = getattr(curves_of(stereo(*[part for stretch in parts for part in stretch])), curve)
    ends_s = np.cumsum([sum(seconds for seconds, _ in stretch) for stretch in parts])
    return [float(values[: round((end_s - window_s) * 100) + 1].max()) for end_s in ends_s]


def test_3341_case_11_live():
    parts = [[(i * 0.15, SILENT), (3, -38 + i), (3 - i * 0.15, SILENT)] for i in range(20)]
    assert maxima_after_each(parts, "short_term_lufs", 3.0) == [near(-38 + i) for i in range(20)]


def test_3341_case_12_momentary_is_constant():
    audio = stereo(*[(0.18, -20), (0.22, -30)] * 25)
    assert measure(audio).momentary_max_lufs == near(-23)
    momentary = curves_of(audio).momentary_lufs[60:]  # from 1 s on
    assert (momentary.min(), momentary.max()) == (near(-23), near(-23))


@pytest.mark.parametrize("i", range(20))
def test_3341_case_13(i):
    assert measure(stereo((i * 0.02, SILENT), (0.4, -23), (1, SILENT))).momentary_max_lufs == near(-23)


def test_3341_case_14_live():
    parts = [[(i * 0.02, SILENT), (0.4, -38 + i), (0.4 - i * 0.02, SILENT)] for i in range(20)]
    assert maxima_after_each(parts, "momentary_lufs", 0.4) == [near(-38 + i) for i in range(20)]


def true_peak_error_db(samples: np.ndarray, expected_dbtp: float, rate: int) -> float:
    return measure(Audio(np.stack([samples] * 2), rate)).true_peak_dbtp - expected_dbtp


def is_within(error_db: float) -> bool:
    return PEAK_TOLERANCE_DB[0] <= error_db <= PEAK_TOLERANCE_DB[1]


def faded(samples: np.ndarray, seconds: float, rate: int) -> np.ndarray:
    index = np.arange(len(samples))
    return samples * np.clip(np.minimum(index, index[::-1]) / (seconds * rate), 0, 1)


@pytest.mark.parametrize(
    ("period", "amplitude", "phase_degrees", "expected"),
    [(4, 0.50, 0, -6.0), (4, 0.50, 45, -6.0), (6, 0.50, 60, -6.0), (8, 0.50, 67.5, -6.0), (4, 1.41, 45, 3.0)],
    ids=["15", "16", "17", "18", "19"],
)
@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000, 96_000, 192_000])
def test_3341_cases_15_to_19(period, amplitude, phase_degrees, expected, rate):
    sine = amplitude * np.sin(2 * np.pi * np.arange(rate) / period + np.deg2rad(phase_degrees))
    assert is_within(true_peak_error_db(faded(sine, 0.01, rate), expected, rate))


def burst(offset: int) -> np.ndarray:
    """A sixth of the rate at 0.5 that holds one period of a quarter of the rate at 1, phases joined.

    Made at 4 times the rate, low-passed, and every fourth sample taken, from `offset` on.
    """
    around = 0.5 * np.sin(2 * np.pi * np.arange(24 * 500) / 24)  # whole periods: the phase goes on at 0
    high = np.concatenate([around, np.sin(2 * np.pi * np.arange(16) / 16), around])
    low_passed = np.convolve(faded(high, 0.005, 4 * RATE), firwin(1023, 0.245), mode="same")
    return low_passed[offset::4]


@pytest.mark.parametrize("case", [20, 21, 22, 23])
def test_3341_cases_20_to_23(case):
    samples = burst(offset=case - 20)
    assert is_within(true_peak_error_db(samples, 0.0, RATE))


def test_the_bursts_have_their_peak_between_samples():
    """Otherwise cases 20 to 23 would hold for a meter of sample peaks."""
    sample_peaks_dbfs = [20 * np.log10(np.abs(burst(offset)).max()) for offset in range(4)]
    assert min(sample_peaks_dbfs) < -1.5


@pytest.mark.parametrize(
    ("levels", "expected"),
    [([-20, -30], 10), ([-20, -15], 5), ([-40, -20], 20), ([-50, -35, -20, -35, -50], 15)],
    ids=["1", "2", "3", "4"],
)
def test_3342_cases_1_to_4(levels, expected):
    read = measure(stereo(*[(20, level) for level in levels])).loudness_range_lu
    assert read == pytest.approx(expected, abs=RANGE_TOLERANCE_LU)


def test_repeating_a_signal_keeps_its_loudness_range():
    parts = [(20, -20), (20, -30)]
    once, twice = (measure(stereo(*parts * times)).loudness_range_lu for times in (1, 2))
    assert twice == pytest.approx(once, abs=0.1)
