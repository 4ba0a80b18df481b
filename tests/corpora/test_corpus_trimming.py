"""The measures that decide about a clip, on signals of known level."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.corpora.trimming import noise_floor_dbfs, sounding_part


def noise(seconds: float, dbfs: float, rate_hz: int, seed: int = 0) -> np.ndarray:
    samples = np.random.default_rng(seed).standard_normal(round(seconds * rate_hz)) * 10 ** (dbfs / 20)
    return samples.astype(np.float32)


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 48_000])
@pytest.mark.parametrize("room_dbfs", [-80.0, -60.0, -40.0])
def test_the_floor_is_the_rooms_between_words(rate_hz: int, room_dbfs: float) -> None:
    samples = noise(3.0, room_dbfs, rate_hz)
    samples[: 2 * rate_hz] += noise(2.0, -20.0, rate_hz, seed=1)
    # The quietest twentieth of stationary noise over 20 ms lies a little under its mean power.
    assert noise_floor_dbfs(samples, rate_hz) == pytest.approx(room_dbfs, abs=1.0)


def test_digital_silence_is_no_room() -> None:
    samples = noise(2.0, -50.0, 16_000)
    samples[8_000:16_000] = 0
    assert noise_floor_dbfs(samples, 16_000) == pytest.approx(-50.0, abs=1.0)
    assert noise_floor_dbfs(np.zeros(16_000, np.float32), 16_000) is None
    assert noise_floor_dbfs(samples[:4_000], 16_000) is None


@pytest.mark.parametrize("rate_hz", [16_000, 44_100])
@pytest.mark.parametrize("gain_db", [0.0, -30.0])
def test_the_ends_are_found_to_two_frames_at_any_level(rate_hz: int, gain_db: float) -> None:
    samples = noise(3.0, -80.0 + gain_db, rate_hz)
    first, last = round(0.7 * rate_hz), round(2.1 * rate_hz)
    samples[first:last] += noise(1.4, -20.0 + gain_db, rate_hz, seed=1)
    part = sounding_part(samples, rate_hz, 45.0, keep_ms=100.0)
    frame = rate_hz // 100
    assert part.start == pytest.approx(first - 10 * frame, abs=2 * frame)
    assert part.stop == pytest.approx(last + 10 * frame, abs=2 * frame)
    assert part.start <= first - 8 * frame and part.stop >= last + 8 * frame


def test_pauses_inside_stay_and_a_limit_decides_what_sound_is() -> None:
    samples = np.zeros(16_000 * 3, np.float32)
    samples[16_000:17_600] = samples[30_000:32_000] = 0.5
    samples[40_000:41_600] = 0.5 * 10 ** (-40 / 20)
    assert sounding_part(samples, 16_000, 45.0, 0.0).stop == pytest.approx(41_600, abs=320)
    part = sounding_part(samples, 16_000, 35.0, 0.0)
    assert (part.start, part.stop) == (pytest.approx(16_000, abs=320), pytest.approx(32_000, abs=320))


@pytest.mark.parametrize("n_samples", [0, 1, 100, 320])
def test_what_is_too_short_or_silent_stays_whole(n_samples: int) -> None:
    assert sounding_part(np.zeros(n_samples, np.float32), 16_000, 45.0, 0.0) == slice(0, n_samples)
