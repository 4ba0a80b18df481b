"""The mix: crosstalk down, words whole, speakers at one loudness, music under them; tracks of any form and length."""

from __future__ import annotations

import numpy as np
import pytest
from mixing.conversation import RATE, conversation

from vocolab.audio import Audio
from vocolab.errors import CallError
from vocolab.loudness.integrated import integrated_lufs
from vocolab.mixing.mix import MUSIC_LU, SPEECH_LUFS, Mix, Mixing
from vocolab.mixing.tracks import Placed, Track


def mixed(tracks: list[Track], **settings: float) -> np.ndarray:
    return Audio.of(Mix(tracks, Mixing(**settings))).samples


def track(samples: np.ndarray, name: str = "a", rate: int = RATE, **more: object) -> Track:
    return Track(name, Audio(np.atleast_2d(samples).astype(np.float32), rate), **more)


def gates(talk) -> np.ndarray:
    """(2, n): what the mix makes of each microphone, found by mixing with and without a marker under it."""
    made = Mix([track(talk.microphones[0], "a"), track(talk.microphones[1], "b")], Mixing())
    from vocolab.mixing.levels import frame_samples
    from vocolab.mixing.mix import _gains

    return np.stack([_gains(curve, frame_samples(RATE), 0, made.n_samples) for curve in made._curves])


def power_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples)) + 1e-20))


def test_crosstalk_is_15_db_down_and_no_word_is_cut():
    talk = conversation()
    gain = gates(talk)
    full = gain.max(axis=1)
    crosstalk, left = [], []
    for who, start, stop in talk.turns:
        other, turn = 1 - who, slice(start, stop)
        crosstalk.append(talk.leaks[other, turn] * full[other])
        left.append(talk.leaks[other, turn] * gain[other, turn])
        said = talk.voices[who, turn]
        loud = np.square(said) > np.max(np.square(said)) * 1e-3  # within 30 dB of the peak
        assert (gain[who, turn][loud] > 0.9 * full[who]).all()
    assert power_db(np.concatenate(crosstalk)) - power_db(np.concatenate(left)) >= 15


def test_speakers_end_at_one_loudness():
    talk = conversation()
    out = mixed([track(talk.microphones[0], "a"), track(talk.microphones[1], "b")])
    heard = []
    for speaker in (0, 1):
        parts = [out[:, start:stop] for who, start, stop in talk.turns if who == speaker]
        heard.append(integrated_lufs(Audio(np.concatenate(parts, axis=1), RATE)))
    assert abs(heard[0] - heard[1]) < 1
    assert heard[0] == pytest.approx(SPEECH_LUFS, abs=1)


def test_one_speaker_keeps_his_pauses():
    talk = conversation(12.0)
    out = mixed([track(talk.voices[0])])
    np.testing.assert_allclose(out[0], out[0, np.argmax(np.abs(out[0]))] / talk.voices[0][np.argmax(np.abs(out[0]))]
                               * talk.voices[0], atol=1e-5)


def test_music_goes_down_under_speech_and_comes_back():
    rng = np.random.default_rng(0)
    voice = np.zeros(20 * RATE)
    voice[5 * RATE : 11 * RATE] = conversation(6.0).voices[0][: 6 * RATE]
    music = 0.05 * rng.standard_normal((2, 20 * RATE))
    made = Mix([track(voice), track(music, "m", is_music=True)], Mixing(duck_db=12.0))
    out = Audio.of(made).samples
    assert out.shape == (2, 20 * RATE)
    clear, again = out[:, : 4 * RATE], out[:, 14 * RATE :]
    assert integrated_lufs(Audio(clear, RATE)) == pytest.approx(SPEECH_LUFS + MUSIC_LU, abs=0.3)
    assert power_db(again) == pytest.approx(power_db(clear), abs=0.3)
    under = slice(round(5.5 * RATE), 7 * RATE)
    shares = [out[0, part] @ music[0, part] / (music[0, part] @ music[0, part]) for part in (slice(4 * RATE), under)]
    assert 20 * np.log10(shares[1] / shares[0]) == pytest.approx(-12, abs=1)
    facts = {one.name: one for one in made.tracks}
    assert facts["m"].is_music and facts["m"].active_s == pytest.approx(20 - 2.6 - 1, abs=1)


def test_tracks_may_differ_in_length_rate_and_start():
    talk = conversation(12.0)
    slow = Audio.mono(talk.microphones[1], RATE).mono_at(8_000)
    out = Mix([track(talk.microphones[0]), Track("b", slow, start_s=2.5)], Mixing())
    assert (out.sample_rate, out.n_samples, out.channels) == (RATE, round(14.5 * RATE), 1)
    assert Mix([Track("b", slow)], Mixing(sample_rate=24_000)).n_samples == 12 * 24_000


def test_a_track_begins_when_it_is_said_to():
    click = np.zeros(RATE, np.float32)
    click[0] = 1
    late = Placed(Track("a", Audio.mono(click, RATE), start_s=1.5), RATE, 3 * RATE)
    samples = np.concatenate(list(late.blocks(777)), axis=1)[0]
    assert len(samples) == 3 * RATE and np.flatnonzero(samples).tolist() == [round(1.5 * RATE)]


def test_parts_equal_the_whole():
    talk = conversation(12.0)
    made = Mix([track(talk.microphones[0], "a"), track(talk.microphones[1], "b")], Mixing())
    whole = Audio.of(made).samples
    parts = np.concatenate(list(made.blocks(997)), axis=1)
    np.testing.assert_allclose(parts, whole, atol=1e-5)


def test_stereo_with_a_dead_channel_and_one_out_of_phase_are_named():
    voice = conversation(6.0).voices[0]
    dead = Mix([track(np.stack([0 * voice, voice]), "dead.wav")], Mixing())
    opposite = Mix([track(np.stack([voice, -voice]), "phase.wav")], Mixing())
    assert "dead.wav: only its right channel holds sound" in dead.notes[0]
    assert "phase.wav: its two channels are out of phase (correlation -1.00)" in opposite.notes[0]
    assert "summed to mono they are 120.0 dB down" in opposite.notes[0]
    for made in (dead, opposite):
        assert made.channels == 1
        assert integrated_lufs(made) == pytest.approx(SPEECH_LUFS, abs=0.5)


def test_silence_noise_and_a_moment():
    voice = conversation(6.0).voices[0]
    rng = np.random.default_rng(0)
    for other in (np.zeros(RATE), 1e-3 * rng.standard_normal(6 * RATE), np.zeros(0), voice[:100]):
        made = Mix([track(voice, "voice"), track(other, "other")], Mixing())
        out = Audio.of(made).samples
        assert np.isfinite(out).all()
        assert integrated_lufs(Audio(out, RATE)) == pytest.approx(SPEECH_LUFS, abs=1)
    silent = Mix([track(np.zeros(RATE), "silent.wav")], Mixing())
    assert "silent.wav: nothing is heard in it" in silent.notes[0]
    np.testing.assert_array_equal(Audio.of(silent).samples, 0)


def test_what_cannot_be():
    with pytest.raises(CallError, match="all of these are music"):
        Mix([track(np.zeros(RATE), is_music=True)], Mixing())
    with pytest.raises(CallError, match="give one from 0 s"):
        Mix([track(np.zeros(RATE), start_s=-1.0)], Mixing())
