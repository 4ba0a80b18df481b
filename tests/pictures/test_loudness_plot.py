"""What a picture of a measurement is made of, and the picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.delivery.target import Target
from vocolab.errors import AudioError, CallError
from vocolab.loudness import measure
from vocolab.loudness.spectrum import Spectrum
from vocolab.loudness.waveform import MOST_COLUMNS, Waveform
from vocolab.pictures.loudness import draw_loudness, walk_through

RATE = 22_050


def bands_of(samples: np.ndarray, rate: int = RATE, block_samples: int = 1000) -> tuple[np.ndarray, np.ndarray]:
    spectrum = Spectrum(rate, len(samples))
    for start in range(0, samples.shape[1], block_samples):
        spectrum.add(samples[:, start : start + block_samples].astype(np.float32))
    return spectrum.bands()


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000])
def test_a_sine_stands_in_its_band_with_its_power(rate):
    sine = np.sin(2 * np.pi * 1000 * np.arange(3 * rate) / rate)
    centres_hz, powers = bands_of(np.stack([sine, 0 * sine]), rate)
    highest = int(powers.argmax())
    assert centres_hz[highest] == pytest.approx(1000, rel=0.06)
    assert powers[highest - 1 : highest + 2].sum() == pytest.approx(0.25, rel=0.01)  # 0.5, and nothing on the right
    assert powers[: highest - 2].max() < 1e-6


def test_white_noise_rises_by_3_db_an_octave():
    """Sixths of an octave hold as much of it as they are wide."""
    noise = 0.1 * np.random.default_rng(0).standard_normal((1, 30 * RATE))
    centres_hz, powers = bands_of(noise)
    per_hz = powers / (centres_hz * (2 ** (1 / 12) - 2 ** (-1 / 12)))
    assert 10 * np.log10(per_hz * RATE / 2) == pytest.approx(-20.0, abs=1.5)


def test_short_streams_have_a_spectrum_too():
    assert bands_of(np.full((1, 1), 0.5))[1].min() > 0
    assert bands_of(np.zeros((1, 10)))[1].max() == 0


@given(st.integers(1, 5000), st.lists(st.integers(1, 900), min_size=1, max_size=5))
def test_a_waveform_keeps_the_extremes_of_each_column(n_samples, cuts):
    samples = np.random.default_rng(n_samples).standard_normal((2, n_samples)).astype(np.float32)
    waveform, position, index = Waveform(n_samples), 0, 0
    while position < n_samples:
        block = samples[:, position : position + cuts[index % len(cuts)]]
        waveform.add(block)
        position, index = position + block.shape[1], index + 1
    n_columns = min(n_samples, MOST_COLUMNS)
    column = np.arange(n_samples) * n_columns // n_samples
    for number in {0, n_columns // 2, n_columns - 1}:
        inside = samples[:, column == number]
        assert waveform.high[number] == max(inside.max(), 0)
        assert waveform.low[number] == min(inside.min(), 0)


def test_a_walk_measures_as_the_meter_does():
    audio = Audio(0.1 * np.random.default_rng(0).standard_normal((2, 5 * RATE)), RATE)
    walk = walk_through(audio)
    assert walk.loudness == measure(audio)
    assert walk.curves.momentary_lufs.max() == pytest.approx(walk.loudness.momentary_max_lufs, abs=1e-9)
    assert len(walk.curves.short_term_lufs) == 201  # from 3 s to 5 s


@pytest.mark.parametrize(
    "samples",
    [np.zeros((1, 3 * RATE)), np.full((1, 1), 0.5), np.full((6, RATE), 2.0),
     0.1 * np.random.default_rng(0).standard_normal((2, 4 * RATE))],
    ids=["silence", "one sample", "over full scale", "noise"],
)  # fmt: skip
def test_anything_can_be_drawn(samples, tmp_path):
    pytest.importorskip("matplotlib")
    target = Target(-23.0, true_peak_dbtp=-1.0, sample_peak_dbfs=-3.0, short_term_max_lufs=-18.0)
    draw_loudness(walk_through(Audio(samples, RATE)), tmp_path / "a.png", target, "a.wav", ["one", "two " * 80])
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_what_can_not_be_drawn(tmp_path):
    pytest.importorskip("matplotlib")
    with pytest.raises(AudioError, match="no samples"):
        walk_through(Audio(np.zeros((1, 0)), RATE))
    with pytest.raises(CallError, match="pictures are written as"):
        draw_loudness(walk_through(Audio(np.zeros((1, 10)), RATE)), tmp_path / "a.txt")
    assert not list(tmp_path.iterdir())
