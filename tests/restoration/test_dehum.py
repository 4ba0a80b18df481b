"""De-hum: lines go, voices stay, and what has no hum comes out as it went in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import butter, sosfiltfilt
from signals import Cut
from takes import take

from vocolab.audio import Audio
from vocolab.metrics import pesq_wb
from vocolab.testing.faults import at_snr, coloured, hum
from vocolab_restoration.dehum import DeHum, read_hums
from vocolab_restoration.options import DeHumOptions

RATE_HZ = 16_000


def mono(samples: np.ndarray, rate: int = RATE_HZ) -> Audio:
    return Audio.mono(samples.astype(np.float32), rate)


def dehummed(samples: np.ndarray, rate: int = RATE_HZ, **options: object) -> np.ndarray:
    return DeHum(DeHumOptions(**options))(mono(samples, rate)).samples[0].astype(np.float64)


def lines_down_db(added: np.ndarray, left: np.ndarray, mains_hz: float, drift_hz: float, harmonics: int) -> np.ndarray:
    """How far each line of what was added is down in what is left of it, in 2 Hz around it."""
    time_s = np.arange(len(added)) / RATE_HZ
    phase = 2 * np.pi * np.cumsum(mains_hz + drift_hz * np.sin(2 * np.pi * time_s / 20)) / RATE_HZ
    sections = butter(2, 2.0, fs=RATE_HZ, output="sos")

    def power(samples: np.ndarray, k: int) -> float:
        down = samples * np.exp(-1j * k * phase)
        return sum(np.mean(np.square(sosfiltfilt(sections, part))) for part in (down.real, down.imag))

    return np.array([10 * np.log10(power(added, k) / power(left, k)) for k in range(1, harmonics + 1)])


@pytest.mark.parametrize(("mains_hz", "drift_hz"), [(50.0, 0.0), (60.0, 0.0), (50.03, 0.02)])
def test_each_line_is_25_db_down_under_speech(mains_hz: float, drift_hz: float) -> None:
    speech = take(20.0)
    noisy = at_snr(speech, hum(len(speech), RATE_HZ, mains_hz, 20, drift_hz=drift_hz, fall_db=0.5), 10.0, RATE_HZ)
    left = dehummed(noisy) - speech
    assert lines_down_db(noisy - speech, left, mains_hz, drift_hz, 20).min() >= 25.0


def test_weak_hum_under_speech_is_found_and_taken() -> None:
    speech = take(20.0, RATE_HZ, 3)
    noisy = at_snr(speech, hum(len(speech), RATE_HZ, 50.0, 6), 25.0, RATE_HZ)
    cleaned = dehummed(noisy)
    assert lines_down_db(noisy - speech, cleaned - speech, 50.0, 0.0, 1)[0] >= 25.0
    assert pesq_wb(mono(speech), mono(cleaned)) >= pesq_wb(mono(speech), mono(noisy)) + 0.5


@pytest.mark.parametrize("first", range(0, 40, 8))
def test_speech_without_hum_is_unchanged_bit_by_bit(first: int) -> None:
    speech = take(12.0, RATE_HZ, first).astype(np.float32)
    assert np.array_equal(DeHum(DeHumOptions())(mono(speech)).samples[0], speech)


@pytest.mark.parametrize("kind", ["silence", "noise", "one second", "held notes", "a tone"])
def test_what_is_no_hum_stays(kind: str) -> None:
    n, time_s = 12 * RATE_HZ, np.arange(12 * RATE_HZ) / RATE_HZ
    samples = {
        "silence": np.zeros(n),
        "noise": 0.1 * coloured(n, RATE_HZ, -3.0),
        "one second": 0.1 * hum(RATE_HZ, RATE_HZ),
        "held notes": 0.1 * sum(np.sin(2 * np.pi * f * time_s) for f in (55.0, 110.0, 164.8, 220.0, 329.6)),
        "a tone": 0.1 * np.sin(2 * np.pi * 200.0 * time_s),
    }[kind].astype(np.float32)
    assert np.array_equal(DeHum(DeHumOptions())(mono(samples)).samples[0], samples)


def test_a_named_mains_is_the_only_one_looked_for() -> None:
    speech = take(12.0)
    noisy = at_snr(speech, hum(len(speech), RATE_HZ, 60.0), 10.0, RATE_HZ).astype(np.float32)
    assert np.array_equal(DeHum(DeHumOptions(mains="50"))(mono(noisy)).samples[0], noisy)


@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
def test_other_rates(rate: int) -> None:
    lines = 0.05 * hum(6 * rate, rate, 60.0, 12)
    left = dehummed(lines + 1e-4 * coloured(6 * rate, rate, 0.0) / 1.0, rate)
    assert np.sqrt(np.mean(np.square(left))) < 0.05 * np.sqrt(np.mean(np.square(lines)))


def test_each_channel_has_its_own_hum() -> None:
    speech = take(12.0)
    lines = hum(len(speech), RATE_HZ, 50.0, 8)
    stereo = np.stack([at_snr(speech, lines, 10.0, RATE_HZ), speech]).astype(np.float32)
    out = DeHum(DeHumOptions())(Audio(stereo, RATE_HZ)).samples
    assert np.square(out[0] - speech).mean() < 0.01 * np.square(stereo[0] - speech).mean()
    assert np.square(out[1] - speech).mean() < 1e-4 * np.square(stereo[0] - speech).mean()


def test_chunks_join_without_a_seam() -> None:
    rate = 4_000
    lines = 0.1 * hum(200 * rate, rate, 50.0, 5, drift_hz=0.02)
    left = dehummed(lines + 1e-3 * np.random.default_rng(0).standard_normal(len(lines)), rate)
    power_db = 10 * np.log10(np.square(left.reshape(200, -1)).mean(axis=1) / np.square(lines).mean())
    assert len(list(read_hums(mono(lines, rate)))) > 2
    assert power_db.max() < -30.0


@settings(max_examples=5)
@given(sizes=st.lists(st.integers(1, 30_000), min_size=1, max_size=4))
def test_parts_equal_the_whole(sizes: list[int]) -> None:
    speech = take(6.0)
    audio = mono(at_snr(speech, hum(len(speech), RATE_HZ), 5.0, RATE_HZ))
    effect = DeHum(DeHumOptions())
    whole = effect(audio).samples
    assert not np.array_equal(whole, audio.samples)
    assert np.abs(Audio.of(effect.run(Cut(audio, sizes))).samples - whole).max() <= 1e-5
