"""Measures on signals whose values are known."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.metrics import mel_cepstral_distortion, multi_resolution_stft, periodicity_rmse, voicing_f1
from vocolab.metrics.cepstra import cepstral_distance_db
from vocolab.pitch.periodicity import track_pitch

RATE_HZ = 22_050


def noise(seconds: float, seed: int = 0, level: float = 0.1) -> np.ndarray:
    return level * np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ))


def pulses(seconds: float, pitch_hz: float) -> np.ndarray:
    """Harmonics up to 4 kHz: as voiced as a sound can be."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return 0.05 * sum(np.cos(2 * np.pi * k * pitch_hz * time_s) for k in range(1, int(4000 / pitch_hz)))


def audio(*pieces: np.ndarray) -> Audio:
    return Audio.mono(np.concatenate(pieces).astype(np.float32), RATE_HZ)


SPEECH = audio(pulses(0.5, 120), noise(0.3), pulses(0.4, 200), np.zeros(3000))


def test_what_is_equal_has_no_distance() -> None:
    assert multi_resolution_stft(SPEECH, SPEECH) == 0
    assert mel_cepstral_distortion(SPEECH, SPEECH) == 0
    assert periodicity_rmse(SPEECH, SPEECH) == 0
    assert voicing_f1(SPEECH, SPEECH) == 1


def test_a_gain_costs_its_share_of_the_magnitudes_and_no_cepstrum() -> None:
    loud = audio(noise(1.0))
    twice = Audio(2 * loud.samples, RATE_HZ)
    assert multi_resolution_stft(loud, twice) == pytest.approx(1 + np.log(2), rel=1e-4)
    assert mel_cepstral_distortion(loud, twice) == pytest.approx(0, abs=1e-3)
    assert periodicity_rmse(loud, twice) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("order", [1, 5, 13])
def test_a_ripple_in_the_spectrum_is_its_root_mean_square_in_db(order: int) -> None:
    """A cosine of 6 dB peak along the mel axis has an RMS of 6 / sqrt(2) dB."""
    flat = np.zeros((80, 7), np.float32)
    place = (np.arange(80) + 0.5) / 80
    nepers = 6 / (20 / np.log(10))
    rippled = (nepers * np.cos(np.pi * order * place))[:, None].repeat(7, axis=1).astype(np.float32)
    assert cepstral_distance_db(flat, rippled) == pytest.approx(6 / np.sqrt(2), rel=1e-5)


def test_ripples_beyond_the_last_order_and_levels_do_not_count() -> None:
    place = (np.arange(80) + 0.5) / 80
    fine = (np.cos(np.pi * 14 * place) + 3)[:, None].astype(np.float32)
    assert cepstral_distance_db(np.zeros((80, 1), np.float32), fine) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("pitch_hz", [70.0, 123.4, 250.0, 440.0])
def test_the_tracker_finds_the_pitch_and_not_its_octave(pitch_hz: float) -> None:
    pitch = track_pitch(audio(pulses(0.6, pitch_hz)))
    inside = slice(5, -8)
    assert pitch.voiced[inside].all()
    np.testing.assert_allclose(pitch.frequency_hz[inside], pitch_hz, rtol=0.02)


def test_noise_and_silence_are_unvoiced() -> None:
    assert track_pitch(audio(noise(1.0))).voiced.mean() < 0.02
    # 80 dB under the vowel beside it a hum is silence.
    faint = track_pitch(audio(pulses(0.5, 120), 1e-4 * pulses(0.5, 120)))
    assert faint.voiced[5:40].all() and not faint.voiced[-35:].any()
    assert not track_pitch(audio(np.zeros(8000))).voiced.any()


def test_voicing_counts_the_frames() -> None:
    """Voiced for half a second; the rendering lets go after a quarter: precision 1, recall 1/2, F1 2/3."""
    recorded = audio(pulses(0.5, 120), noise(0.5, 1))
    rendered = audio(pulses(0.25, 120), noise(0.75, 2))
    assert voicing_f1(recorded, rendered) == pytest.approx(2 / 3, abs=0.05)
    assert voicing_f1(recorded, audio(noise(1.0))) < 0.05
    assert voicing_f1(audio(np.zeros(8000)), audio(np.zeros(8000))) == 1
    assert 0.4 < periodicity_rmse(audio(pulses(1.0, 120)), audio(noise(1.0))) < 1.0
