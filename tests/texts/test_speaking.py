"""Documents to sentences: words, offsets, pauses, prosody, marks, rules and lexicon."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_language import TinyLanguage

from vocolab.errors import CallError
from vocolab.texts.document import Sentence
from vocolab.texts.opening import speak
from vocolab.texts.speaking import Speaker
from vocolab.texts.spoken_text import SpokenText


def said(text: str, form: str | None = None, **options: object) -> SpokenText:
    return speak(Speaker(TinyLanguage(), **options), text, form)  # type: ignore[arg-type]


def test_every_word_knows_where_it_was_written() -> None:
    text = "Hello 42. The end,  now!"
    spoken = said(text)
    assert [word.word for word in spoken.words] == ["hello", "four", "two", "the", "end", "now"]
    assert all(text[word.start : word.end] == word.source for word in spoken.words)
    assert [text[s.start : s.end] for s in spoken] == ["Hello 42.", "The end,  now!"]
    assert spoken.normalized == "Hello four two. The end, now!"


def test_offsets_lead_into_the_markup() -> None:
    text = 'x <b>y</b> <sub alias="long words">LW</sub> a&amp;b'
    spoken = said(f"<speak>{text}</speak>")
    found = [(word.word, spoken.text[word.start : word.end]) for word in spoken.words]
    assert found == [("x", "x"), ("y", "y"), ("long", "LW"), ("words", "LW"), ("a", "a"), ("b", "b")]


def test_pauses_come_from_signs_and_from_what_the_text_states() -> None:
    (sentence,) = said(
        '<speak><break time="1s"/>one, two <break time="50ms"/>three, <break strength="none"/>four</speak>'
    )
    assert sentence.pause_before_ms == 1000
    assert [word.pause_ms for word in sentence.words] == [150, 50, 0, 700]


def test_a_pause_between_sentences_is_the_last_word_s() -> None:
    first, second = said("<speak><s>One.</s><break time='2s'/><s>Two.</s></speak>")
    assert first.words[-1].pause_ms == 2000
    assert second.pause_before_ms == 0


def test_a_text_of_pauses_and_marks_is_kept() -> None:
    (sentence,) = said('<speak><break time="1s"/><mark name="here"/><break time="1s"/></speak>')
    assert sentence.words == ()
    assert sentence.pause_before_ms == 2000
    assert sentence.marks[0].name == "here"


def test_marks_stand_before_their_word() -> None:
    (sentence,) = said('<speak><mark name="a"/>one <mark name="b"/>two<mark name="c"/></speak>')
    assert [(mark.name, mark.before) for mark in sentence.marks] == [("a", 0), ("b", 1), ("c", 2)]


def test_prosody_nests() -> None:
    (sentence,) = said(
        '<speak>a <prosody rate="200%" volume="+6dB">b <prosody rate="50%" pitch="+2st">c</prosody> '
        '<emphasis level="strong">d</emphasis></prosody> e</speak>'
    )
    rates = [word.prosody.rate for word in sentence.words]
    assert rates == [1, 2, 1, 2, 1]
    assert [word.prosody.pitch_semitones for word in sentence.words] == [0, 0, 2, 0, 0]
    assert [word.prosody.volume_db for word in sentence.words] == [0, 6, 6, 6, 0]
    assert [word.prosody.emphasis for word in sentence.words] == ["none", "none", "none", "strong", "none"]


def test_voices_cut_sentences() -> None:
    spoken = said('<speak>one <voice name="amy">two <voice name="ben">three</voice> four</voice> five</speak>')
    assert [(s.words[0].word, s.voice) for s in spoken] == [
        ("one", ""), ("two", "amy"), ("three", "ben"), ("four", "amy"), ("five", ""),
    ]  # fmt: skip


def test_rules_and_lexicon_win() -> None:
    spoken = said(
        "Dr. X likes C++ and GIFT, a GIF, MP3 approx. The end.",
        rules={"C++": "see plus", "approx.": "about"}, lexicon={"GIF": ("J",), "likes": ("L",), "mp3": ("M",)},
    )  # fmt: skip
    assert spoken.normalized == "Dr. X likes see plus and GIFT, a GIF, MP3 about The end."
    by_word = {word.word: word for word in spoken.words}
    assert by_word["gif"].how == "lexicon"
    assert by_word["likes"].phonemes == ("L",)
    assert by_word["mp3"].phonemes == ("M",)
    assert by_word["gift"].how == "spelling"
    assert by_word["plus"].source == "C++"
    assert spoken.text[by_word["about"].start : by_word["about"].end] == "approx."


def test_phonemes_in_the_text() -> None:
    spoken = said("Say {HH A B} or {A B C} or [word](/əb/) now.")
    assert [word.phonemes for word in spoken.words if word.how == "given"] == [("A", "B", "C"), ("A", "B")]
    assert "unknown phoneme 'HH'" in spoken.sentences[0].assumed[0]
    assert "word" in [word.word for word in spoken.words]


def test_another_language_is_refused_by_name() -> None:
    with pytest.raises(CallError, match=r"'de'.*'en-US'"):
        said('<speak xml:lang="de">Hallo</speak>')
    assert said('<speak xml:lang="en-GB">Hello</speak>').words


def test_foreign_words_are_said_and_reported() -> None:
    (sentence,) = said('<speak>I say <lang xml:lang="fr-FR">bonjour</lang></speak>')
    assert sentence.assumed == ("'bonjour' is marked as 'fr-FR' and said as 'en-US'",)


def test_what_nobody_will_hear_is_reported() -> None:
    (sentence,) = said("Hello 今日 there ☃.")
    assert sentence.assumed == ("'今日' can't be said: left out", "'☃' can't be said: left out")


@pytest.mark.parametrize("text", ["", "  \n ", "?!...", "😀😀", "今日は", "مرحبا"])
def test_nothing_to_say_is_reported(text: str) -> None:
    spoken = said(text)
    assert spoken.words == ()
    assert len(spoken.reports) == 1


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "a\x07b"])
def test_what_no_voice_can_say_separates_words(text: str) -> None:
    spoken = said(text)
    assert [word.word for word in spoken.words] == ["a", "b"]
    assert "that can't be said (U+" in spoken.sentences[0].assumed[0]
    assert all(text[word.start : word.end] == word.source for word in spoken.words)


def test_reprs_say_what_it_is() -> None:
    spoken = said("Hello 4.")
    assert repr(spoken) == "<SpokenText 'Hello four.': 1 sentence, 2 words, en-US>"
    assert repr(spoken.words[1]) == "<Word 'four' from '4' [6:7] F O U R (spelling)>"
    assert repr(spoken.sentences[0]) == "<Sentence [0:8] 'Hello four.', 2 words>"


def test_symbols_of_a_sentence() -> None:
    (sentence,) = said("Ab, c d?")
    sequence = TinyLanguage.symbols.sequence(sentence)
    assert sequence.names == ("<s>", "A", "B", "p1", "C", "<w>", "D", "</s?>")
    assert sequence.words == (-1, 0, 0, -1, 1, -1, 2, -1)
    assert sequence.ids[0] == 1


PIECES = st.lists(
    st.sampled_from(
        ["Dr. ", "one ", "2", ". ", "The ", "C++", "approx. ", "GIF", "\n\n", "{A B}", "; ", "x" * 50],
    ),
    max_size=30,
).map("".join)


@settings(max_examples=100, deadline=None)
@given(PIECES, st.randoms(use_true_random=False))
def test_a_stream_gives_what_the_whole_gives(text: str, chance: random.Random) -> None:
    rules = {"C++": "see", "approx.": "about"}
    speaker = Speaker(TinyLanguage(), rules=rules, lexicon={"GIF": ("G",)}, max_characters=80)
    places = sorted(chance.randrange(len(text) + 1) for _ in range(5))
    edges = [0, *places, len(text)]
    pieces = [text[a:b] for a, b in pairwise(edges)]
    streamed: list[Sentence] = list(speaker.stream(pieces))
    assert streamed == list(speaker.stream([text]))
    assert all(text[word.start : word.end] == word.source for sentence in streamed for word in sentence.words)
