"""Bandwidth, by noise through filters, resamplers and encoders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr
from heard import heard, noise, only
from scipy.signal import butter, firwin, oaconvolve, sosfilt

from vocolab.audio import Audio

RATE = 48_000


def pink(seconds: float = 5.0, rate: int = RATE) -> np.ndarray:
    """Noise that falls by 3 dB an octave, as recordings do."""
    spectrum = np.fft.rfft(noise(seconds, rate, 1.0))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(round(seconds * rate), 1 / rate), 20))
    made = np.fft.irfft(spectrum)
    return made / np.abs(made).max() * 0.5


def test_what_reaches_to_the_end_has_no_wall() -> None:
    found = only("bandwidth", pink(), RATE)
    assert not found.is_fault and found.figures["lossy"] is False


@pytest.mark.parametrize("edge_hz", [13_500.0, 16_000.0, 18_200.0, 20_000.0])
def test_a_wall_where_no_rate_ends_is_a_codec(edge_hz: float) -> None:
    cut = oaconvolve(pink(), firwin(2001, edge_hz, fs=RATE), mode="same") + noise(5, RATE, 1e-5)
    found = only("bandwidth", cut, RATE)
    assert found.is_fault and found.figures["lossy"] is True
    assert found.figures["bandwidth_hz"] == pytest.approx(edge_hz, rel=0.02)
    assert found.marks[0].low_hz == pytest.approx(edge_hz, rel=0.02)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 24_000, 44_100])
def test_a_lower_rate_is_told(rate: int) -> None:
    found = only("bandwidth", soxr.resample(pink(rate=rate), rate, RATE), RATE)
    assert found.figures["lossy"] is False and found.figures["resampled_from_hz"] == rate
    assert f"at {rate / 1000:g} kHz before" in found.sentence


@pytest.mark.parametrize(("rate", "other"), [(96_000, 44_100), (192_000, 48_000)])
def test_high_rates_that_were_low_ones(rate: int, other: int) -> None:
    found = only("bandwidth", soxr.resample(pink(rate=other), other, rate), rate)
    assert found.figures["resampled_from_hz"] == other


def test_the_filter_of_its_own_rate_is_none() -> None:
    found = only("bandwidth", soxr.resample(pink(rate=96_000), 96_000, 44_100), 44_100)
    assert not found.is_fault


def test_a_gentle_slope_is_no_wall() -> None:
    dull = sosfilt(butter(4, 6_000, fs=RATE, output="sos"), pink()) + noise(5, RATE, 1e-5)
    assert not only("bandwidth", dull, RATE).is_fault


def test_the_end_of_what_comes_and_goes_is_told() -> None:
    """A slope of 16th order from 5 kHz on comes near noise 40 dB under it at 7.8 kHz."""
    swells = np.sin(np.pi * np.arange(5 * RATE) / RATE) ** 2
    sound = sosfilt(butter(8, 5_000, fs=RATE, output="sos"), noise(5, RATE, 0.1)) * swells
    found = only("bandwidth", sound + noise(5, RATE, 1e-3, seed=1), RATE)
    assert found.figures["bandwidth_hz"] == pytest.approx(7_800, rel=0.12)


@pytest.mark.parametrize(("suffix", "form"), [("mp3", {"bitrate_kbps": 96}), ("mp3", {"bitrate_kbps": 192}),
                                              ("ogg", {"quality": 1.0})])
def test_real_encoders(suffix: str, form: dict[str, float], tmp_path: Path) -> None:
    file = tmp_path / f"made.{suffix}"
    Audio.mono(pink(), RATE).save(file, **form)
    again = Audio.load(file)
    found = only("bandwidth", again.samples, again.sample_rate)
    assert found.figures["lossy"] is True, found


def test_silence_has_no_bandwidth() -> None:
    assert heard("bandwidth", np.zeros(RATE), RATE) == []
