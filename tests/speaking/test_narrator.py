"""Whole texts: what is between sentences, what controls do, who speaks, and what can't be said."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from speaking_fakes import A_PHONEME, F0_HZ, FRAME_S, SPEC, Level

import vocolab
from vocolab.errors import CallError, InputError, OptionError, PluginError
from vocolab.rendering.chunks import FIRST_FRAMES
from vocolab.speaking.calls import open_narrator

TEXT = "One two three. Four, five! Six?\n\nSeven eight."


def gaps_s(words):
    return [later.start_s - word.end_s for word, later in pairwise(words)]


def test_audio_mel_and_times_belong_together(narrator) -> None:
    speech = narrator.say(TEXT)
    assert speech.audio.sample_rate == SPEC.sample_rate
    assert speech.audio.n_samples == speech.mel.frames * SPEC.hop_samples
    assert [word.word for word in speech.words] == ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    assert [TEXT[word.source_start : word.source_end] for word in speech.words] == [
        word.source for word in speech.words
    ]
    assert all(0 <= word.start_s < word.end_s <= speech.audio.seconds for word in speech.words)
    of_words = [phoneme for phoneme in speech.phonemes if phoneme.word >= 0]
    for number, word in enumerate(speech.words):
        mine = [phoneme for phoneme in of_words if phoneme.word == number]
        assert (mine[0].start_s, mine[-1].end_s) == pytest.approx((word.start_s, word.end_s))


def test_words_are_loud_when_they_are_said_and_only_then(narrator) -> None:
    speech = narrator.say(TEXT)
    levels = speech.mel.values.mean(axis=0)
    said = np.zeros(levels.size, bool)
    for word in speech.words:
        said[round(word.start_s / FRAME_S) : round(word.end_s / FRAME_S)] = True
    assert (levels[said] > -3).all()
    assert (levels[~said] < -8).all()


@pytest.mark.parametrize("between", ["room", "silence"])
def test_pauses_are_those_of_the_punctuation(narrator, between) -> None:
    words = narrator.say(TEXT, between=between).words
    gaps = dict(zip((word.word for word in words), gaps_s(words), strict=False))
    assert gaps["three"] == pytest.approx(0.45, abs=FRAME_S)
    assert gaps["five"] == pytest.approx(0.45, abs=FRAME_S)
    assert gaps["six"] == pytest.approx(0.7, abs=FRAME_S)


def test_what_is_between_sentences(narrator) -> None:
    for between in ("room", "silence"):
        speech = narrator.say(TEXT, between=between)
        first, second = speech.words[2], speech.words[3]
        samples = speech.audio.samples[0]
        edges_s = (first.end_s + 0.1, second.start_s - 0.1)
        middle = samples[slice(*(round(edge_s * SPEC.sample_rate) for edge_s in edges_s))]
        if between == "silence":
            assert not middle.any()
        else:
            assert np.abs(middle).max() == pytest.approx(np.exp(-9), rel=0.05)


def test_stated_pauses_are_as_long_as_stated(narrator) -> None:
    ssml = '<speak>one <break time="3s"/> two <break time="2s"/> </speak>'
    speech = narrator.say(ssml)
    assert gaps_s(speech.words) == [pytest.approx(3, abs=FRAME_S)]
    assert speech.audio.seconds - speech.words[1].end_s == pytest.approx(2, abs=2 * FRAME_S)


def test_speed_and_pauses(narrator) -> None:
    plain, fast = narrator.say(TEXT), narrator.say(TEXT, speed=2)
    for word, quick in zip(plain.words, fast.words, strict=True):
        n_phonemes = round((word.end_s - word.start_s) / FRAME_S / A_PHONEME)
        assert quick.end_s - quick.start_s == pytest.approx(n_phonemes * 2 * FRAME_S)
    assert gaps_s(fast.words)[2] == pytest.approx(0.225, abs=FRAME_S)
    assert gaps_s(narrator.say(TEXT, pauses=2).words)[2] == pytest.approx(0.9, abs=FRAME_S)
    wide = narrator.say(TEXT, pauses=0)
    assert gaps_s(wide.words)[2] < 0.07  # what the voice itself begins and ends with


def test_controls_reach_each_word_and_spans_go_on_top(narrator) -> None:
    speech = narrator.say('<speak>one <prosody pitch="+12st" volume="-6dB">two</prosody></speak>', pitch_semitones=-12)
    one, two = (round((word.start_s + word.end_s) / 2 / FRAME_S) for word in speech.words)
    assert speech.mel.f0_hz[one] == pytest.approx(F0_HZ["low"] / 2)
    assert speech.mel.f0_hz[two] == pytest.approx(F0_HZ["low"])
    level = speech.mel.values.mean(axis=0)
    assert (level[two] - level[one]) * 20 / np.log(10) == pytest.approx(-6, abs=0.01)


def test_f0_reaches_a_vocoder_that_takes_it(narrator) -> None:
    narrator.say("One.", pitch_semitones=12)
    assert max(f0_hz.max() for f0_hz in Level.given) == pytest.approx(2 * F0_HZ["low"])


def test_what_a_voice_does_not_obey_is_refused_or_said(catalog, notes) -> None:
    chorus = open_narrator(catalog, "chorus", on_note=notes.append)
    with pytest.raises(CallError, match="chorus can't change speed, pitch"):
        chorus.say("One.", speed=2, pitch_semitones=3)
    chorus.say('<speak>One <prosody rate="fast">two</prosody> <prosody rate="slow">three</prosody>.</speak>')
    assert notes == ["the voice chorus can't change speed, which the text asks for: it stays"]


@pytest.mark.parametrize(
    "controls",
    [{"speed": 0}, {"speed": 0.01}, {"speed": 100}, {"pitch_semitones": 60}, {"pitch_semitones": -60},
     {"energy_db": 90}, {"pitch_range": -1}, {"pauses": -1}, {"speed": float("nan")}, {"speed": "fast"}],
)  # fmt: skip
def test_controls_out_of_range_are_refused_with_the_range(narrator, controls) -> None:
    (name,) = controls
    with pytest.raises(OptionError, match=name):
        narrator.say("One.", **controls)


def test_an_unknown_control_is_told(narrator) -> None:
    with pytest.raises(OptionError, match="speed"):
        narrator.say("One.", sped=2)


@pytest.mark.parametrize("text", ["", "  \n ", "...", "<speak></speak>"])
def test_nothing_to_say(narrator, text) -> None:
    with pytest.raises(InputError, match="nothing"):
        narrator.say(text)


def test_silence_alone_is_something(narrator) -> None:
    speech = narrator.say('<speak><break time="1s"/></speak>')
    assert speech.audio.seconds == pytest.approx(1, abs=FRAME_S)
    assert not speech.audio.samples.any()


def test_a_sentence_of_2000_words(narrator) -> None:
    speech = narrator.say(" ".join(["word"] * 2000) + ".")
    assert len(speech.words) == 2000
    assert all(gap >= -1e-9 for gap in gaps_s(speech.words))
    marked = narrator.say("<speak><s>" + " ".join(["word"] * 2000) + ".</s></speak>")
    assert len(marked.words) == 2000


def test_a_symbol_that_the_voice_lacks_is_refused_with_the_sentence(narrator) -> None:
    with pytest.raises(InputError, match=r"'This is unsayable\.': reader: the voice has no symbol"):
        narrator.say("All is well. This is unsayable.")


def test_what_an_author_did_not_foresee_is_an_error_of_the_plugin(narrator) -> None:
    with pytest.raises(PluginError, match=r"reader: failed with ZeroDivisionError"):
        narrator.say("This is unforeseen.")


def test_the_text_names_a_speaker_another_voice_or_nobody(narrator, notes) -> None:
    others = zip(("high", "chorus", "x"), ("two", "three", "four"), strict=True)
    ssml = f"<speak>one {''.join(f'<voice name={name!r}>{word}</voice>' for name, word in others)}</speak>"
    speech = narrator.say(ssml)
    assert [word.word for word in speech.words] == ["one", "two", "three", "four"]
    assert speech.audio.sample_rate == SPEC.sample_rate  # chorus is at 16 kHz by itself
    assert speech.words[2].end_s - speech.words[2].start_s == pytest.approx(0.1)
    assert max(f0_hz.max() for f0_hz in Level.given) == pytest.approx(F0_HZ["high"])
    assert notes == ["the text asks for the voice 'x', which is not installed: reader-one says it"]


def test_a_text_opens_no_file(narrator, tmp_path, notes) -> None:
    narrator.say(f"<speak><voice name='{tmp_path / 'reader-one.safetensors'}'>two</voice></speak>")
    assert "is not installed" in notes[0]


def test_two_calls_are_equal_and_a_seed_changes_them(narrator) -> None:
    first, again, other = narrator.say(TEXT), narrator.say(TEXT), narrator.say(TEXT, seed=7)
    assert np.array_equal(first.audio.samples, again.audio.samples)
    assert not np.array_equal(first.audio.samples, other.audio.samples)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, len(TEXT) - 1), max_size=6), st.sampled_from(["room", "silence"]))
def test_however_a_text_arrives_it_is_the_same_speech(narrator, cuts, between) -> None:
    whole = narrator.say(TEXT, between=between).audio.samples[0]
    edges = [0, *sorted(cuts), len(TEXT)]
    stretches = list(narrator.speak([TEXT[a:b] for a, b in pairwise(edges)], between=between))
    joined = np.concatenate([audio.samples[0] for audio in stretches])
    assert joined.shape == whole.shape
    assert np.abs(joined - whole).max() < 1e-5


def test_a_sentence_is_said_before_the_next_has_come(narrator) -> None:
    arrived = []

    def pieces():
        for piece in ("One two. ", "Three", " four. ", "Five."):
            arrived.append(piece)
            yield piece

    speech = narrator.speak(pieces())
    next(speech)
    assert arrived == ["One two. ", "Three"]
    assert sum(audio.n_samples for audio in speech) > 0
    assert len(arrived) == 4


def test_other_forms_are_spoken_when_all_of_them_is_there(narrator) -> None:
    ssml = "<speak>One. <prosody rate='fast'>Two.</prosody></speak>"
    stretches = list(narrator.speak([ssml[:3], ssml[3:20], ssml[20:]]))
    assert sum(audio.n_samples for audio in stretches) == narrator.say(ssml).audio.n_samples


def test_a_long_first_sentence_begins_with_its_first_phrase(narrator) -> None:
    text = "Well then my friend, " + " ".join(["word"] * 16) + "."
    first = next(iter(narrator.speak([text])))
    assert first.n_samples == FIRST_FRAMES * SPEC.hop_samples
    words = narrator.say(text).words
    assert len(words) == 20


def test_say_and_speak_of_the_package(catalog, caplog) -> None:
    speech = vocolab.say("One two.", "reader-one", speaker="high")
    assert len(speech.words) == 2
    assert vocolab.say("One two.", "reader-one", "podcast").audio.sample_rate == 48_000
    narrator = vocolab.narrator("reader-one")
    stretches = list(vocolab.speak("One two.", narrator))
    assert sum(audio.n_samples for audio in stretches) == speech.audio.n_samples
    with pytest.raises(CallError, match="open already: give speaker"):
        vocolab.say("One.", narrator, speaker="low")
    with pytest.raises(CallError, match="room or silence"):
        narrator.say("One.", between="music")
