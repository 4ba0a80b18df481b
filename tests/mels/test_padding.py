"""Frames that pad a mel are found and left out; silence, and what is no padding, stays."""

from __future__ import annotations

import numpy as np
import pytest
from sounds import babble

from vocolab.audio import Audio
from vocolab.errors import MelMismatch
from vocolab.mels.conventions import convention, conventions
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.mels.padding import loud_padding, unpadded
from vocolab.mels.reader import accept_mel, read_mel

HIFIGAN = convention("hifigan-22k")
VALUES = extract(babble(22_050), HIFIGAN).values
FRAMES = VALUES.shape[1]


def padded(before=0, after=0, **how):
    return np.pad(VALUES, ((0, 0), (before, after)), **how)


@pytest.mark.parametrize(("array", "said"), [
    (padded(after=100), "the last 100 frames are 0 in every band"),
    (padded(before=20), "the first 20 frames are 0 in every band"),
    (padded(30, 50), "the first 30 frames are 0 in every band and the last 50 frames are 0 in every band"),
    (padded(after=50, constant_values=-100.0), "the last 50 frames are -100 in every band"),
    (padded(after=50, mode="edge"), "the last 50 frames are the same one again"),
    (padded(after=1), "the last frame is 0 in every band"),
])  # fmt: skip
@pytest.mark.parametrize("stated", [None, HIFIGAN])
@pytest.mark.parametrize("turned", [False, True])
def test_padding_is_left_out_and_said(array, said, stated, turned):
    mel, notes = accept_mel(array.T if turned else array, HIFIGAN, stated)
    np.testing.assert_array_equal(mel.values, VALUES)
    assert any(f"{said}: that is padding, and is left out" in note for note in notes)


def test_f0_goes_with_its_frames(tmp_path, caplog):
    f0_hz = np.arange(FRAMES + 30, dtype=np.float32)
    Mel(padded(30), HIFIGAN, f0_hz).save(tmp_path / "a.npz")
    mel, notes = read_mel(tmp_path / "a.npz", HIFIGAN)
    np.testing.assert_array_equal(mel.f0_hz, f0_hz[30:])
    assert any("padding" in note for note in notes)
    with caplog.at_level("WARNING", "vocolab"):
        assert Mel.load(tmp_path / "a.npz").frames == FRAMES
    assert "padding" in caplog.text
    assert Mel.load(tmp_path / "a.npz", force=True).frames == FRAMES + 30


@pytest.mark.parametrize("array", [
    padded(after=50, constant_values=HIFIGAN.silence), padded(after=50, constant_values=np.log(1e-7)),
    padded(after=3, mode="edge"), VALUES, np.full((80, 40), -3.0, np.float32),
    np.pad(VALUES - 0.2, ((0, 0), (20, 20)), constant_values=HIFIGAN.silence),
], ids=["silence", "silence of another clamp", "a frame four times", "none", "nothing else",
        "silence over a minimum"])  # fmt: skip
def test_what_is_no_padding_stays(array):
    assert unpadded(np.float32(array), HIFIGAN).text == ""


@pytest.mark.parametrize("name", [known.name for known in conventions()])
def test_digital_silence_of_any_convention_stays(name):
    spec = convention(name)
    speech = babble(spec.sample_rate, 1.5).samples[0]
    pause = np.zeros(spec.sample_rate // 2, np.float32)
    values = extract(Audio.mono(np.concatenate([pause, speech, pause]), spec.sample_rate), spec).values
    assert unpadded(values, spec).text == ""


LONG = extract(babble(22_050, 3.0), HIFIGAN).values


LOG10 = np.maximum(LONG / np.log(10), -4.2 + 0.1 * np.sin(np.arange(LONG.shape[1])))
"""Of a recording with a noise floor, so that no value stands at a floor of its own."""


@pytest.mark.parametrize(("array", "said"), [
    (LOG10, "they are log10, it seems"), (LONG[::-1], "they stand in reverse order, it seems"),
])  # fmt: skip
def test_what_speech_is_not_like_is_refused_where_nothing_is_stated(array, said):
    with pytest.raises(MelMismatch, match=said):
        accept_mel(array, HIFIGAN)
    _, notes = accept_mel(array, HIFIGAN, HIFIGAN, force=True)
    assert any(said in note for note in notes)


def test_a_statement_that_log10_contradicts_is_refused(tmp_path):
    with pytest.raises(MelMismatch, match=r"stated as hifigan-22k.*they are log10, it seems.*--force"):
        accept_mel(LOG10, HIFIGAN, HIFIGAN)
    np.save(tmp_path / "m.npy", LOG10)
    with pytest.raises(MelMismatch, match="they are log10"):
        Mel.load(tmp_path / "m.npy", "hifigan-22k")
    with pytest.raises(MelMismatch, match="fit the bands in reverse order"):
        accept_mel(LONG[::-1], HIFIGAN, HIFIGAN)


def whisper_without_a_floor():
    """Its 80 dB pressed into 2, of which the recording has 70."""
    return np.interp(LONG, [LONG.min(), LONG.max()], [-0.25, 1.5]).astype(np.float32)


@pytest.mark.parametrize("stated", [None, HIFIGAN])
@pytest.mark.parametrize("array", [whisper_without_a_floor(), np.interp(LONG, [LONG.min(), LONG.max()], [-1, 1])])
def test_what_has_no_contrast_is_no_sound(array, stated):
    with pytest.raises(MelMismatch, match=r"dB under full scale.*every sound has quieter bands"):
        accept_mel(array, HIFIGAN, stated)


@pytest.mark.parametrize("stated", [None, HIFIGAN])
@pytest.mark.parametrize(("rows", "columns", "said"), [
    (slice(None), slice(30, 60), r"of its frames 30, the first at 0\.35 s, hold 0 in every band"),
    (slice(70, None), slice(None), r"of its bands 10, the first the one of index 70, hold 0 in every frame"),
])  # fmt: skip
def test_padding_within_a_mel_is_refused(rows, columns, said, stated):
    array = LONG.copy()
    array[rows, columns] = 0
    with pytest.raises(MelMismatch, match=said):
        accept_mel(array, HIFIGAN, stated)
    _, notes = accept_mel(array, HIFIGAN, HIFIGAN, force=True)
    assert notes
    array[rows, columns] = HIFIGAN.silence
    accept_mel(array, HIFIGAN, stated)


def test_power_in_the_place_of_magnitude_is_told():
    for stated in (None, HIFIGAN):
        mel, notes = accept_mel(2 * LONG, HIFIGAN, stated)
        assert any("where power stands for magnitude" in note for note in notes)
        assert mel.values.min() == np.float32(HIFIGAN.silence)


def test_a_mel_in_memory_that_its_numbers_speak_against_is_refused():
    for values in (LOG10, whisper_without_a_floor(), 10 * LONG):
        with pytest.raises(MelMismatch, match="states that it is of hifigan-22k"):
            accept_mel(Mel(values, HIFIGAN), HIFIGAN)
        assert accept_mel(Mel(values, HIFIGAN), HIFIGAN, force=True)[1]


@pytest.mark.parametrize("snr_db", [20.0, 10.0, 0.0])
def test_noisy_speech_is_taken(snr_db):
    audio = babble(22_050, 3.0)
    rms = np.sqrt(np.mean(np.square(audio.samples)))
    noise = np.random.default_rng(0).standard_normal(audio.n_samples)
    noisy = audio.samples[0] + rms * 10 ** (-snr_db / 20) * noise
    accept_mel(extract(Audio.mono(noisy, 22_050), HIFIGAN).values, HIFIGAN)


@pytest.mark.parametrize("name", [known.name for known in conventions() if not known.same_as])
def test_noise_that_rises_with_the_widths_of_filters_is_no_reverse_order(name):
    spec = convention(name)
    audio = babble(spec.sample_rate, 3.0)
    rms = np.sqrt(np.mean(np.square(audio.samples)))
    noise = 0.1 * rms * np.random.default_rng(0).standard_normal(audio.n_samples)
    accept_mel(extract(Audio.mono(audio.samples[0] + noise, spec.sample_rate), spec).values, spec)


def test_room_tone_in_memory_is_no_padding_worth_a_word() -> None:
    quiet = VALUES[:, [int(VALUES.mean(axis=0).argmin())]]
    resting = np.concatenate([np.repeat(quiet, 30, axis=1), VALUES], axis=1)
    assert unpadded(resting, HIFIGAN).text
    assert not loud_padding(resting, HIFIGAN)
    assert not accept_mel(Mel(resting, HIFIGAN), HIFIGAN)[1]
    assert "the last 20 frames" in loud_padding(padded(after=20), HIFIGAN)
