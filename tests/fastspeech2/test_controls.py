"""What is asked for comes out: durations, F0 and levels of what the model gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from speech_fakes import LENGTH, model, said_as, sentence

from vocolab.errors import CallError, InputError, UnknownName
from vocolab.speech.prediction import Prediction
from vocolab.texts.document import Prosody


def voiced_hz(prediction: Prediction) -> np.ndarray:
    f0_hz = prediction.mel.f0_hz
    assert f0_hz is not None
    return f0_hz[f0_hz > 0]


@given(rate=st.floats(0.25, 4.0))
@settings(max_examples=20, deadline=None)
def test_speed_scales_the_whole_and_keeps_every_phoneme(rate: float) -> None:
    said = model().synthesize(said_as(sentence(), Prosody(rate=rate)))
    plain = model().synthesize(sentence())
    phonemes = [frames for frames, word in zip(said.durations_frames, said.words, strict=True) if word >= 0]
    assert min(phonemes) >= 1
    if rate <= LENGTH:
        spoken = [frames for frames, word in zip(plain.durations_frames, plain.words, strict=True) if word >= 0]
        assert sum(phonemes) == pytest.approx(sum(spoken) / rate, abs=len(phonemes) * 0.6)


def test_rounding_errors_of_durations_do_not_add_up() -> None:
    said = model().synthesize(said_as(sentence(), Prosody(rate=1.07)))
    symbols = len(said.symbols) - 1  # without the pause, which has its own rule
    assert abs(said.mel.frames - said.durations_frames[list(said.symbols).index("p1")] - symbols * LENGTH / 1.07) <= 1.0


@pytest.mark.parametrize("semitones", [-12.0, -3.0, 5.0, 12.0])
def test_pitch_moves_by_semitones(semitones: float) -> None:
    plain, moved = (model().synthesize(said_as(sentence(), Prosody(pitch_semitones=up))) for up in (0.0, semitones))
    np.testing.assert_allclose(voiced_hz(moved) / voiced_hz(plain), 2 ** (semitones / 12), rtol=1e-4)


def test_pitch_range_scales_what_is_around_the_mean() -> None:
    plain, flat, wide = (
        np.log(voiced_hz(model().synthesize(said_as(sentence(), Prosody(pitch_range=spread))))) for spread in (1, 0, 2)
    )
    assert np.ptp(flat) < 1e-4
    np.testing.assert_allclose(wide - wide.mean(), 2 * (plain - plain.mean()), atol=1e-4)


@pytest.mark.parametrize("gain_db", [-12.0, 6.0])
def test_energy_moves_the_mel_by_decibels(gain_db: float) -> None:
    plain, louder = (model().synthesize(said_as(sentence(), Prosody(volume_db=up))).mel.values for up in (0.0, gain_db))
    moved = np.where(plain + gain_db / 8.686 > -11.4, louder - plain, gain_db * np.log(10) / 20)
    np.testing.assert_allclose(moved, gain_db * np.log(10) / 20, atol=1e-3)


def test_silence_is_the_conventions() -> None:
    said = model().synthesize(said_as(sentence(), Prosody(volume_db=-96.0)))
    np.testing.assert_allclose(said.mel.values, np.log(1e-5), atol=1e-3)


def test_a_span_alone_is_changed() -> None:
    plain = model().synthesize(sentence())
    part = model().synthesize(said_as(sentence(), Prosody(rate=0.5, pitch_semitones=4), {1}))
    before, after = plain.word_frames(), part.word_frames()
    assert after[1][1] - after[1][0] == 2 * (before[1][1] - before[1][0])
    for word in (0, 2):
        assert after[word][1] - after[word][0] == before[word][1] - before[word][0]
    ratio = part.mel.f0_hz[slice(*after[0])] / plain.mel.f0_hz[slice(*before[0])]
    np.testing.assert_allclose(ratio[:-8], 1.0, rtol=0.2)  # the mean around which nothing is scaled stays near


@pytest.mark.parametrize(("pause_ms", "longer_ms"), [(150, 0), (400, 250)])
def test_a_stated_pause_is_longer_than_the_voices_own(pause_ms: int, longer_ms: int) -> None:
    words = list(sentence().words)
    words[2] = replace(words[2], pause_ms=pause_ms)
    plain, said = model().synthesize(sentence()), model().synthesize(replace(sentence(), words=tuple(words)))
    frame_ms = 1000 * 256 / 22050
    assert (said.mel.frames - plain.mel.frames) * frame_ms == pytest.approx(longer_ms, abs=frame_ms)


def test_a_pause_without_a_sign_has_the_stated_length() -> None:
    words = list(sentence().words)
    words[0] = replace(words[0], pause_ms=500)
    said = model().synthesize(replace(sentence(), words=tuple(words)))
    place = said.symbols.index("p3")
    assert said.durations_frames[place] * 256 / 22050 == pytest.approx(0.5, abs=0.012)


def test_the_same_twice_and_other_speakers_otherwise() -> None:
    first, again, other = (model(name).synthesize(sentence()).mel.values for name in ("one", "one", "two"))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-3


def test_a_blend_is_between_its_speakers_by_its_parts() -> None:
    voices = {name: model(name) for name in ("one", "two", "one+two", "one(3)+two(1)", "one(1)+two(0)")}
    rows = {name: voice.speaking.network.speakers.weight[voice.speaker].numpy() for name, voice in voices.items()}
    np.testing.assert_allclose(rows["one+two"], (rows["one"] + rows["two"]) / 2, atol=1e-6)
    np.testing.assert_allclose(rows["one(3)+two(1)"], 0.75 * rows["one"] + 0.25 * rows["two"], atol=1e-6)
    said = {name: voice.synthesize(sentence()).mel.values for name, voice in voices.items()}
    np.testing.assert_array_equal(said["one(1)+two(0)"], said["one"])
    assert said["one+two"].shape != said["one"].shape or np.abs(said["one+two"] - said["one"]).max() > 1e-4


@pytest.mark.parametrize("blend", ["one+three", "one(x)+two", "one(0)+two(0)", "+"])
def test_what_is_no_blend_is_refused(blend: str) -> None:
    with pytest.raises(CallError):
        model(blend)


def test_an_unknown_speaker_is_refused() -> None:
    with pytest.raises(UnknownName) as refused:
        model("three")
    assert refused.value.available == ["one", "two"]


@pytest.mark.parametrize("prosody", [Prosody(rate=0.01), Prosody(rate=100), Prosody(pitch_semitones=60)])
def test_what_nobody_can_say_is_refused(prosody: Prosody) -> None:
    with pytest.raises(InputError, match="this voice can do"):
        model().synthesize(said_as(sentence(), prosody))


def test_an_empty_sentence_is_refused() -> None:
    with pytest.raises(InputError, match="can be said"):
        model().synthesize(replace(sentence(), words=()))


def test_an_unknown_symbol_is_named() -> None:
    words = (replace(sentence().words[0], phonemes=("QQ",)), *sentence().words[1:])
    with pytest.raises(InputError, match="QQ"):
        model().synthesize(replace(sentence(), words=words))


def test_a_sentence_of_2000_words_is_said_in_parts() -> None:
    long = replace(sentence(), words=sentence().words * 334)
    said = model().synthesize(long)
    assert said.mel.frames == said.durations_frames.sum()
    assert len(said.word_frames()) == len(long.words)
