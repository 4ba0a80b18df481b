from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt

from vocolab.audio import Audio
from vocolab_mastering.deesser import DeEsser
from vocolab_mastering.options_dynamics import DeEsserOptions

RATE = 48_000
BURSTS = [(0.5, 0.65), (1.2, 1.3), (1.7, 1.9)]  # seconds


def vowel(seconds: float = 2.2, rate: int = RATE) -> np.ndarray:
    """A voice of 130 Hz whose harmonics fall by 12 dB an octave."""
    time = np.arange(round(seconds * rate)) / rate
    voice = sum(np.sin(2 * np.pi * 130 * k * time + k * k) / k**2 for k in range(1, int(0.45 * rate / 130)))
    return 0.1 * voice * np.minimum(1, 20 * np.minimum(time, seconds - time))


def hiss(level_dbfs: float, seconds: float = 2.2) -> np.ndarray:
    """Noise from 5 to 9 kHz, in bursts."""
    rng = np.random.default_rng(0)
    noise = sosfiltfilt(
        butter(6, [5_500, 8_500], "bandpass", fs=RATE, output="sos"), rng.standard_normal(round(seconds * RATE))
    )
    during = np.zeros(len(noise))
    for start, end in BURSTS:
        during[round(start * RATE) : round(end * RATE)] = 1
    smooth = np.convolve(during, np.hanning(480) / np.hanning(480).sum(), mode="same")
    return 10 ** (level_dbfs / 20) * smooth * noise / noise.std()


def in_band(samples: np.ndarray, low_hz: float, high_hz: float) -> np.ndarray:
    return sosfiltfilt(butter(4, [low_hz, high_hz], "bandpass", fs=RATE, output="sos"), samples)


def rms_db(samples: np.ndarray) -> float:
    return 10 * np.log10(np.mean(np.square(samples, dtype=np.float64)))


def during_bursts(samples: np.ndarray) -> np.ndarray:
    return np.concatenate([samples[round((a + 0.02) * RATE) : round((b - 0.02) * RATE)] for a, b in BURSTS])


def de_essed(samples: np.ndarray, **options: object) -> np.ndarray:
    return DeEsser(DeEsserOptions(**options))(Audio.mono(samples, RATE)).samples[0].astype(np.float64)


def test_bursts_go_down_and_the_voice_under_them_stays():
    samples = vowel() + hiss(-22.0)
    out = de_essed(samples, max_reduction_db=10.0, threshold_db=-20.0)
    highs = during_bursts(in_band(out, 5_500, 8_500)), during_bursts(in_band(samples, 5_500, 8_500))
    assert rms_db(highs[0]) - rms_db(highs[1]) < -6
    for low_hz, high_hz in [(60, 500), (500, 2_000), (2_000, 3_500)]:
        before, after = (during_bursts(in_band(x, low_hz, high_hz)) for x in (samples, out))
        assert rms_db(after) == pytest.approx(rms_db(before), abs=0.1)
        # not only as loud: the same wave
        assert rms_db(after - before) < rms_db(before) - 40


@pytest.mark.parametrize("level", [1e-4, 1.0, 30.0])
def test_vowels_alone_change_no_bit(level):
    samples = (level * vowel()).astype(np.float32)
    np.testing.assert_array_equal(de_essed(samples), samples)


@pytest.mark.parametrize("gain_db", [-60.0, -20.0, 20.0])
def test_it_does_the_same_at_any_gain(gain_db):
    samples = vowel() + hiss(-22.0)
    gain = 10 ** (gain_db / 20)
    out = de_essed(samples)
    assert np.abs(out - samples).max() > 0.01
    np.testing.assert_allclose(de_essed(gain * samples) / gain, out, atol=1e-6)


def test_the_hiss_of_a_pause_is_no_sibilant():
    """Noise 45 dB under the voice, alone in a pause after it, comes out as it is."""
    rng = np.random.default_rng(3)
    samples = np.concatenate([vowel(1.0), np.zeros(RATE // 2)]) + 4e-4 * rng.standard_normal(3 * RATE // 2)
    np.testing.assert_allclose(de_essed(samples)[RATE:], samples[RATE:], atol=1e-9)


@pytest.mark.parametrize("most_db", [3.0, 6.0, 12.0])
def test_it_never_takes_more_than_it_may(most_db):
    """Steady noise above the frequency: all the way down in the band, and no further."""
    samples = hiss(-10.0)
    out = de_essed(samples, max_reduction_db=most_db, threshold_db=-60.0, ratio=100.0)
    change = rms_db(during_bursts(in_band(out, 6_500, 8_000))) - rms_db(during_bursts(in_band(samples, 6_500, 8_000)))
    assert change == pytest.approx(-most_db, abs=0.1)


def test_it_is_down_when_the_burst_begins():
    """Look-ahead: the first milliseconds of a sibilant are as low as the rest."""
    samples = vowel() + hiss(-18.0)
    out = de_essed(samples, max_reduction_db=8.0, threshold_db=-30.0)
    start = slice(round(0.5 * RATE), round(0.505 * RATE))
    before, after = (rms_db(in_band(x, 5_500, 8_500)[start]) for x in (samples, out))
    assert after - before < -6


def test_without_highs_at_this_rate_nothing_changes():
    samples = np.random.default_rng(0).standard_normal((2, 8_000)).astype(np.float32)
    np.testing.assert_array_equal(DeEsser(DeEsserOptions())(Audio(samples, 8_000)).samples, samples)


def test_channels_share_one_gain():
    loud = vowel() + hiss(-22.0)
    out = DeEsser(DeEsserOptions(threshold_db=-20.0))(Audio(np.stack([loud, 0.1 * loud]), RATE)).samples
    np.testing.assert_allclose(out[1], 0.1 * out[0], atol=1e-6)


def test_real_speech_keeps_everything_under_its_sibilants(shared):
    recording = Audio.load(sorted((shared / "data" / "kathleen" / "flac").glob("*.flac"))[0])
    out = DeEsser(DeEsserOptions())(recording).samples[0]
    at_hz = np.fft.rfftfreq(recording.n_samples, 1 / recording.sample_rate)
    before, after = (np.abs(np.fft.rfft(x)) ** 2 for x in (recording.samples[0], out))
    changes_db = [
        10 * np.log10(after[band].sum() / before[band].sum())
        for band in ((at_hz < 1_000), (at_hz > 1_000) & (at_hz < 3_500), (at_hz > 6_000) & (at_hz < 9_000))
    ]
    assert abs(changes_db[0]) < 0.02
    assert abs(changes_db[1]) < 0.05
    assert -8 < changes_db[2] < -0.5
