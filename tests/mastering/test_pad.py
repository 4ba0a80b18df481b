from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import butter, sosfilt, welch
from speech_like import speech_like

from vocolab.audio import Audio
from vocolab_mastering.options_edit import PadOptions
from vocolab_mastering.pad import Pad

RATE = 48_000
FLOOR = 10 ** (-66 / 20)


def hiss(n_samples: int, rate: int = RATE, seed: int = 0) -> np.ndarray:
    """Noise of -66 dBFS that falls over 1.5 kHz."""
    rng = np.random.default_rng(seed)
    low = sosfilt(butter(2, 1_500, fs=rate, output="sos"), rng.standard_normal(n_samples))
    return FLOOR * low / low.std()


def recording(rate: int = RATE, channels: int = 1) -> Audio:
    """Speech with pauses of a second and a half at either end and in the middle, over hiss."""
    speech = speech_like(3.0, rate).samples[0].astype(np.float64)
    gap = np.zeros(round(1.5 * rate))
    voice = np.concatenate([gap, speech, gap, speech, gap])
    return Audio(np.stack([voice + hiss(len(voice), rate, seed) for seed in range(channels)]), rate)


def padded(audio: Audio, **options: object) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What was put before, the middle, and what was put after."""
    made = Pad(PadOptions(head_s=3.0, tail_s=4.0, **options))(audio).samples
    head, tail = 3 * audio.sample_rate, 4 * audio.sample_rate
    return made[:, :head], made[:, head:-tail], made[:, -tail:]


def level_db(samples: np.ndarray) -> float:
    return 20 * np.log10(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


@pytest.mark.parametrize("room_tone", [False, True])
def test_the_recording_itself_changes_no_bit(room_tone):
    audio = recording(channels=2)
    np.testing.assert_array_equal(padded(audio, room_tone=room_tone)[1], audio.samples)


def test_without_room_tone_it_is_digital_silence():
    head, _, tail = padded(recording())
    assert not head.any() and not tail.any()


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_room_tone_has_the_level_and_the_spectrum_of_the_pauses(rate):
    head, _, tail = padded(recording(rate), room_tone=True)
    pause = hiss(8 * rate, rate, seed=9)
    for put in (head[0], tail[0]):
        assert level_db(put) == pytest.approx(-66, abs=1)
        hz, found = welch(put.astype(np.float64), rate, nperseg=1024)
        _, wanted = welch(pause, rate, nperseg=1024)
        for low in (125, 500, 2_000, 5_000):
            band = (hz >= low) & (hz < 1.4 * low)
            assert 10 * np.log10(found[band].sum() / wanted[band].sum()) == pytest.approx(0, abs=2)


def test_room_tone_keeps_the_image():
    mono_on_two = Audio(np.repeat(recording().samples, 2, axis=0), RATE)
    head, _, _ = padded(mono_on_two, room_tone=True)
    np.testing.assert_allclose(head[0], head[1], atol=1e-7)
    head, _, _ = padded(recording(channels=2), room_tone=True)
    assert abs(np.corrcoef(head)[0, 1]) < 0.2


def test_room_tone_is_steady_and_does_not_repeat():
    """Levels of tenths of a second stay together; the noise has nothing in common with itself half a second later."""
    _, _, tail = padded(recording(), room_tone=True)
    levels = [level_db(part) for part in np.split(tail[0], 40)]
    assert np.std(levels) < 1
    later = np.corrcoef(tail[0, : 3 * RATE], tail[0, RATE // 2 : 7 * RATE // 2])[0, 1]
    assert abs(later) < 0.1
    head, _, _ = padded(recording(), room_tone=True)
    assert abs(np.corrcoef(head[0], tail[0, : 3 * RATE])[0, 1]) < 0.1


def test_the_seed_decides_the_noise():
    first, again, other = (padded(recording(), room_tone=True, seed=seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first, other)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros((1, 3 * RATE)),
        hiss(RATE // 3)[None],
        0.2 * np.random.default_rng(0).standard_normal((1, 3 * RATE)),
        np.concatenate([np.zeros(2 * RATE + 99), speech_like(3.0, RATE).samples[0]])[None],
    ],
    ids=["silence", "a third of a second", "loud noise without a pause", "pauses that are digital silence"],
)
def test_where_there_is_no_room_tone_silence_is_put(samples):
    head, _, tail = padded(Audio(samples, RATE), room_tone=True)
    assert not head.any() and not tail.any()


@pytest.mark.parametrize("channels", [1, 2])
def test_room_tone_of_a_stated_level(channels):
    """The recording's colour at another level; without pauses, white noise."""
    noise = 0.2 * np.random.default_rng(0).standard_normal((channels, 3 * RATE))
    for audio in (recording(channels=channels), Audio(noise, RATE)):
        head, kept, tail = padded(audio, room_tone=True, tone_dbfs=-75.0)
        assert level_db(head) == pytest.approx(-75, abs=0.5)
        assert level_db(tail) == pytest.approx(-75, abs=0.5)
        np.testing.assert_array_equal(kept, audio.samples)
    spectrum = np.abs(np.fft.rfft(tail[0], axis=-1)) ** 2
    low, high = np.array_split(spectrum, 2)
    assert low.mean() == pytest.approx(high.mean(), rel=0.1)


def test_an_offset_is_not_put_in():
    audio = recording()
    head, _, _ = padded(Audio(audio.samples + np.float32(0.005), RATE), room_tone=True)
    assert abs(head.mean()) < FLOOR / 10
    assert level_db(head) == pytest.approx(-66, abs=1)


def test_room_tone_of_short_pauses():
    """A tenth of a second of hiss now and then, and the rest speech: what stands between words is the room."""
    rng = np.random.default_rng(2)
    words = [np.concatenate([0.2 * rng.standard_normal(RATE // 3), np.zeros(RATE // 4)]) for _ in range(6)]
    voice = np.concatenate(words)
    head, _, _ = padded(Audio((voice + hiss(len(voice)))[None], RATE), room_tone=True)
    assert level_db(head) == pytest.approx(-66, abs=3)


def test_speech_is_no_room_tone_beside_one_pause():
    """A single pause of a second: the other quiet stretches have speech in them, and are not mixed in."""
    voice = np.concatenate([0.005 * np.ones(3 * RATE), np.zeros(RATE), 0.005 * np.ones(3 * RATE)])
    voice *= np.sin(2 * np.pi * 200 * np.arange(voice.size) / RATE)
    head, _, _ = padded(Audio((voice + hiss(voice.size))[None], RATE), room_tone=True)
    assert level_db(head) == pytest.approx(-66, abs=1)
