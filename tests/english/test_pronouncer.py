"""Words become sounds: who wins, how words are built from others, and what is said of words that nobody listed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocolab.texts.language import Spoken
from vocolab_english.dictionary import cmudict
from vocolab_english.modern_words import MODERN_WORDS
from vocolab_english.normaliser import normalise
from vocolab_english.pronouncer import pronounce
from vocolab_english.symbols import PHONEMES
from vocolab_english.word_sounds import LONGEST_WORD, latin, word_sounds


def one(written: str, **fields):
    spoken = Spoken(written.lower(), 0, len(written), written=written, **fields)
    return pronounce([spoken], {})[0]


def with_lexicon(written: str, lexicon: dict[str, str]):
    spoken = Spoken(written.lower(), 0, len(written), written=written)
    found = pronounce([spoken], {word: tuple(sounds.split()) for word, sounds in lexicon.items()})[0]
    return " ".join(found.phonemes), found.how


def said(text: str) -> str:
    return " | ".join(" ".join(found.phonemes) for found in pronounce(normalise(text), {}))


def test_the_text_wins_over_the_lexicon_and_the_lexicon_over_everything():
    given_sounds = Spoken("hello", 0, 5, phonemes=("HH", "AY1"))
    assert pronounce([given_sounds], {"hello": ("B", "AY1")})[0].phonemes == ("HH", "AY1")
    assert pronounce([given_sounds], {})[0].how == "given"
    assert with_lexicon("hello", {"hello": "B AY1"}) == ("B AY1", "lexicon")
    assert with_lexicon("read", {"read": "R AE1 D"}) == ("R AE1 D", "lexicon")


@pytest.mark.parametrize(
    ("written", "lexicon", "sounds"),
    [
        ("Vocolab's", {"vocolab": "V OW1 K OW0"}, "V OW1 K OW0 Z"),
        ("Boks", {"bok": "B AO1 K"}, "B AO1 K S"),
        ("Bokked", {"bok": "B AO1 K"}, "B AO1 K T"),
        ("HELLO", {"hello": "B AY1"}, "B AY1"),
        ("Polish", {"Polish": "B AY1"}, "B AY1"),
        ("Nguyen's", {"Nguyen": "W IH1 N"}, "W IH1 N Z"),
    ],
)
def test_the_lexicon_wins_in_any_case_and_with_an_ending(written, lexicon, sounds):
    assert with_lexicon(written, lexicon) == (sounds, "lexicon")


def test_an_entry_with_capitals_is_meant_as_it_is_written():
    assert with_lexicon("polish", {"Polish": "B AY1"})[1] != "lexicon"


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("vloggers", "V L AA1 G ER0 Z"), ("vlogged", "V L AA1 G D"), ("emojis", "IH0 M OW1 JH IY0 Z"),
        ("deepfakes", "D IY1 P F EY2 K S"), ("brexit's", "B R EH1 K S IH0 T S"), ("webpages", "W EH1 B P EY2 JH IH0 Z"),
        ("tiktoked", "T IH1 K T AA2 K T"), ("tweeted", "T W IY1 T IH0 D"),
        ("everybody'll", "EH1 V R IY0 B AA2 D IY0 AH0 L"), ("refactoring", "R IY0 F AE1 K T ER0 IH0 NG"),
        ("unhelpfully", "AH0 N HH EH1 L P F AH0 L IY0"), ("runnin'", "R AH1 N IH0 N"),
        ("elephantless", "EH1 L AH0 F AH0 N T L AH0 S"), ("emoji've", "IH0 M OW1 JH IY0 AH0 V"),
    ],
)  # fmt: skip
def test_words_are_built_from_known_ones(word, sounds):
    found = word_sounds(word)
    assert (" ".join(found.phonemes), found.how) in {(sounds, "inflection"), (sounds, "dictionary")}


def test_two_long_words_written_as_one_are_a_compound():
    found = word_sounds("dragonbutter")
    assert (" ".join(found.phonemes), found.how) == ("D R AE1 G AH0 N B AH2 T ER0", "compound")


@pytest.mark.parametrize(
    ("written", "how"),
    [
        ("hello", "dictionary"), ("zyborg", "model"), ("Zyborg", "names"), ("McZyborg", "names"), ("XKR", "letters"),
        ("hmpf", "letters"), ("ABX", "letters"), ("b2b", "letters"), ("mp3", "letters"), ("naïve", "dictionary"),
        ("Zyborg's", "model"), ("GRIMBLE", "names"),
    ],
)  # fmt: skip
def test_each_kind_of_word_has_a_path_of_its_own(written, how):
    found = one(written)
    assert found.how == how and found.phonemes
    assert bool(found.assumed) == (how in ("model", "names"))


def test_letters_are_named():
    spelled = Spoken("fbi", 0, 3, letter=True)
    assert " ".join(pronounce([spelled], {})[0].phonemes) == "EH2 F B IY2 AY1"
    plural = Spoken("cd's", 0, 3, letter=True)
    assert " ".join(pronounce([plural], {})[0].phonemes) == "S IY2 D IY1 Z"
    assert one("a", letter=True).phonemes == ("EY1",)


@pytest.mark.parametrize(
    ("text", "place", "sounds"),
    [
        ("A dog ate a bone", 0, "AH0"), ("A dog ate a bone", 3, "AH0"), ("He sang A Day in May", 2, "AH0"),
        ("vitamin A pills", 1, "EY1"), ("the letter a", 2, "EY1"), ("I got an A, twice", 3, "EY1"),
    ],
)  # fmt: skip
def test_the_article_is_told_from_the_letter(text, place, sounds):
    words = normalise(text)
    assert " ".join(pronounce(words, {})[place].phonemes) == sounds


def test_what_one_used_to_do_is_told_from_what_is_used():
    assert "Y UW1 S T" in said("she used to sing")
    assert "Y UW1 Z D" in said("a tool used to cut") and "Y UW1 Z D" in said("she used it")


def test_digits_in_words_are_said():
    assert " ".join(one("b2b").phonemes) == "B IY1 T UW1 B IY1"


def test_the_article_opens_before_a_vowel_only():
    assert said("the apple") == "DH IY0 | AE1 P AH0 L"
    assert said("the pear") == "DH AH0 | P EH1 R"
    assert said("the FBI").startswith("DH IY0") and said("the one").startswith("DH AH0")


@pytest.mark.parametrize(
    "written", ["你好", "שלום", "…", "😀", "", "x" * (LONGEST_WORD + 1), "\ud800", "\x00", "--", "'"]
)
def test_what_english_cannot_say_has_no_sounds_and_is_reported(written):
    found = one(written)
    assert found.phonemes == () and found.how == "unsaid" and found.assumed.endswith("it is left out")
    assert len(found.assumed) < 300


def test_a_long_word_is_said_whole():
    assert len(word_sounds("zyborgle" * 20).phonemes) > 80


def test_accents_and_ligatures_are_read_as_letters():
    assert [latin(word) for word in ("Æsir", "Łódź", "straße", "O’Neill", "-x-", "naïve", "ﬁne")] == [
        "aesir", "lodz", "strasse", "o'neill", "x", "naive", "fine",
    ]  # fmt: skip


@given(st.text(max_size=30))
def test_any_word_gives_phonemes_or_none(written):
    found = one(written)
    assert set(found.phonemes) <= set(PHONEMES)
    assert bool(found.phonemes) != (found.how == "unsaid")


def test_words_of_today_have_known_phonemes_and_are_no_copies_of_the_dictionary():
    for word, phonemes in MODERN_WORDS.items():
        assert set(phonemes) <= set(PHONEMES), word
        assert phonemes not in cmudict()[word][:1], word


def test_no_words_are_no_sounds():
    assert pronounce([], {}) == []
