"""Audio: channels and rates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bounded import bounded

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.files.reader import open_audio

RATE_HZ = 22_050


def tone(frequency_hz: float, sample_rate: int, seconds: float = 1.0) -> np.ndarray:
    return np.sin(2 * np.pi * frequency_hz * np.arange(round(seconds * sample_rate)) / sample_rate).astype(np.float32)


def test_mono_is_the_mean_of_the_channels() -> None:
    left, right = tone(440, RATE_HZ), tone(1000, RATE_HZ)
    mono = Audio(np.stack([left, right]), RATE_HZ).mono_at(RATE_HZ)
    assert (mono.channels, mono.sample_rate) == (1, RATE_HZ)
    np.testing.assert_allclose(mono.samples[0], (left + right) / 2, atol=1e-7)


def test_mono_at_its_own_rate_is_what_it_was() -> None:
    audio = Audio.mono(tone(440, RATE_HZ), RATE_HZ)
    np.testing.assert_array_equal(audio.mono_at(RATE_HZ).samples, audio.samples)


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_at_another_rate_a_tone_keeps_pitch_level_and_length(rate_hz: int) -> None:
    other = Audio(np.stack([tone(1000, RATE_HZ)] * 2), RATE_HZ).mono_at(rate_hz)
    assert other.sample_rate == rate_hz
    assert other.seconds == pytest.approx(1.0, abs=1e-3)
    inner = slice(rate_hz // 10, -rate_hz // 10)
    wanted = tone(1000, rate_hz)[: other.n_samples]
    np.testing.assert_allclose(other.samples[0, : wanted.size][inner], wanted[inner], atol=1e-3)


@pytest.mark.parametrize("dtype", [np.int16, np.int32])
def test_integers_are_scaled_to_full_scale(dtype: type) -> None:
    limits = np.iinfo(dtype)
    samples = np.array([[limits.min, 0, limits.max]], dtype)
    for audio in (Audio(samples, RATE_HZ), Audio.mono(samples[0], RATE_HZ)):
        assert audio.samples.dtype == np.float32
        np.testing.assert_allclose(audio.samples, [[-1.0, 0.0, 1.0]], atol=1e-4)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.bool_, np.complex64, object])
def test_types_without_a_full_scale_are_refused(dtype: type) -> None:
    with pytest.raises(AudioError, match="have no full scale; pass floats, int16 or int32"):
        Audio(np.zeros((1, 8), dtype), RATE_HZ)


def test_axes_the_wrong_way_round_are_named() -> None:
    with pytest.raises(AudioError, match=r"\(48000, 2\) would be 48000 channels of 2 samples; pass samples.T"):
        Audio(np.zeros((48_000, 2), np.float32), 48_000)
    assert Audio(np.zeros((2, 48_000), np.float32), 48_000).channels == 2
    assert Audio(np.zeros((8, 3), np.float32), 48_000).channels == 8, "few samples are no mistake"


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000, 44_100])
@pytest.mark.parametrize("channels", [1, 3])
def test_mixing_down_gives_the_samples_of_the_whole(channels: int, rate: int) -> None:
    noise = np.random.default_rng(0).standard_normal((channels, 150_001)).astype(np.float32)
    audio = Audio(noise * np.float32(0.1), 44_100)
    np.testing.assert_array_equal(Audio.mixed_down(audio, rate).samples, audio.mono_at(rate).samples)


def test_mixing_down_takes_memory_for_its_result(tmp_path: Path) -> None:
    """20 s of silence in 8 channels at 655,350 Hz: 0.1 MB of FLAC, 420 MB of samples, 2 MB of mono at 22,050 Hz."""
    import soundfile

    path = tmp_path / "silence.flac"
    with soundfile.SoundFile(path, "w", 655_350, 8, "PCM_16", format="FLAC") as file:
        for _ in range(20):
            file.write(np.zeros((655_350, 8), np.int16))
    mixed = bounded(lambda: Audio.mixed_down(open_audio(path), 22_050).n_samples, more_bytes=100_000_000, cpu_s=60)
    assert mixed.value == 20 * 22_050
