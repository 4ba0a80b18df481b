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
from vocolab.mels.padding import unpadded
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
    padded(after=3), VALUES, np.full((80, 40), -3.0, np.float32),
], ids=["silence", "silence of another clamp", "three frames", "none", "nothing else"])  # fmt: skip
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


@pytest.mark.parametrize(("array", "said"), [
    (np.maximum(LONG / np.log(10), -4.2 + 0.1 * np.sin(np.arange(LONG.shape[1]))), "they are log10, it seems"),
    (LONG[::-1], "they stand in reverse order, it seems"),
])  # fmt: skip
def test_what_speech_is_not_like_is_refused_where_nothing_is_stated(array, said):
    with pytest.raises(MelMismatch, match=said):
        accept_mel(array, HIFIGAN)
    _, notes = accept_mel(array, HIFIGAN, HIFIGAN)
    assert any(said in note for note in notes)


@pytest.mark.parametrize("snr_db", [20.0, 10.0, 0.0])
def test_noisy_speech_is_taken(snr_db):
    audio = babble(22_050, 3.0)
    rms = np.sqrt(np.mean(np.square(audio.samples)))
    noise = np.random.default_rng(0).standard_normal(audio.n_samples)
    noisy = audio.samples[0] + rms * 10 ** (-snr_db / 20) * noise
    accept_mel(extract(Audio.mono(noisy, 22_050), HIFIGAN).values, HIFIGAN)
