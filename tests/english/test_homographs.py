"""Homographs by context: all words of the public list, on sentences that nothing was fitted to."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from vocolab.texts.language import Spoken
from vocolab_english.homographs import (
    Weights,
    chooser,
    forms,
    pack_weights,
    parse_readings,
    unpack_weights,
)
from vocolab_english.normaliser import normalise
from vocolab_english.pronouncer import pronounce
from vocolab_english.training.homograph_sentences import read_sentences, tokenised

SENTENCES = read_sentences(sorted((Path(__file__).parent / "homographs").glob("*.txt")))


def said(text: str, word: str) -> str:
    words = normalise(text)
    sounds = pronounce(words, {})
    return next(" ".join(one.phonemes) for spoken, one in zip(words, sounds, strict=True) if spoken.word == word)


def test_held_out_sentences_are_read_right():
    """From the written sentence to its phonemes, through the normaliser, as a user gets it."""
    right: dict[str, list[bool]] = defaultdict(list)
    for one in SENTENCES:
        if one.held_out:
            reading = forms(chooser().readings, one.word)[1][one.reading]
            right[one.word].append(said(one.text, one.word) == " ".join(reading.phonemes))
    answers = [answer for of_word in right.values() for answer in of_word]
    assert sum(answers) / len(answers) >= 0.92
    assert sum(sum(of_word) / len(of_word) for of_word in right.values()) / len(right) >= 0.80


def test_every_listed_word_has_sentences_for_each_reading():
    listed = chooser().readings
    assert len(listed) == 162
    covered = {(one.word, one.reading) for one in SENTENCES if one.word in listed}
    assert covered == {(word, place) for word, readings in listed.items() for place in range(len(readings))}
    assert len(SENTENCES) > 2500


@pytest.mark.parametrize(
    ("text", "word", "phonemes"),
    [
        ("He records the show.", "records", "R IH0 K AO1 R D Z"),
        ("The records were lost.", "records", "R EH1 K ER0 D Z"),
        ("The houses are old.", "houses", "HH AW1 Z IH0 Z"),
        ("She closes the door.", "closes", "K L OW1 Z IH0 Z"),
        ("The committee rejects the plan.", "rejects", "R IH0 JH EH1 K T S"),
    ],
)
def test_forms_in_s_follow_their_word(text, word, phonemes):
    assert said(text, word) == phonemes


@pytest.mark.parametrize(
    ("word", "role", "phonemes"),
    [
        ("read", "past", "R EH1 D"), ("read", "vocolab:VBD", "R EH1 D"), ("read", "VB", "R IY1 D"),
        ("bass", "fish", "B AE1 S"), ("records", "verb", "R IH0 K AO1 R D Z"), ("desert", "noun", "D EH1 Z ER0 T"),
    ],
)  # fmt: skip
def test_a_role_decides(word, role, phonemes):
    spoken = [Spoken(word, 0, len(word), role=role)]
    assert " ".join(pronounce(spoken, {})[0].phonemes) == phonemes


@pytest.mark.parametrize(
    ("text", "word", "phonemes"),
    [
        ("He sent his résumé.", "résumé", "R EH1 Z AH0 M EY2"),
        ("They will resume the game.", "resume", "R IH0 Z UW1 M"),
        ("Nestlé paid.", "nestlé", "N EH1 S L IY0"),
        ("Jesús sings.", "jesús", "HH EY0 S UW1 S"),
        ("two résumés", "résumés", "R EH1 Z AH0 M EY2 Z"),
    ],
)
def test_accents_decide(text, word, phonemes):
    assert said(text, word) == phonemes


def test_capitals_say_nothing_where_all_is_in_capitals():
    assert said("HE IS READING A BOOK", "reading") == "R IY1 D IH0 NG"
    assert said("POLISH THE FLOOR", "polish") == said("polish the floor", "polish")


def test_a_role_that_does_not_help_is_passed_over():
    by_context = pronounce([Spoken("desert", 0, 6)], {})
    assert pronounce([Spoken("desert", 0, 6, role="gruut:XYZ")], {}) == by_context


def test_what_is_close_is_reported(monkeypatch):
    assert pronounce(normalise("We read."), {})[1].assumed == ""
    monkeypatch.setattr("vocolab_english.homograph_choice._UNSURE", 100.0)
    sounds = pronounce(normalise("We read."), {})[1]
    assert sounds.how == "homograph" and "not as the" in sounds.assumed


def test_the_file_of_readings_is_read():
    readings = parse_readings("# comment\nbow: knot=noun 60 B OW1 / bend=noun,verb 40 B AW1\n\n+ bow knot: arrow tie\n")
    knot, bend = readings["bow"]
    assert (knot.name, knot.parts, knot.percent, knot.phonemes) == ("knot", ("noun",), 60, ("B", "OW1"))
    assert knot.hints == {"arrow", "tie"} and bend.parts == ("noun", "verb") and not bend.hints


def test_a_reading_with_a_bad_phoneme_is_refused():
    with pytest.raises(ValueError, match="OX1, which is no phoneme"):
        parse_readings("bow: knot=noun 60 B OX1")


def test_a_sentence_without_its_word_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("[bow]\n1 The bough broke.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.txt:2: 'bow' is not in"):
        read_sentences([tmp_path / "a.txt"])


def test_weights_come_back():
    weights = Weights({"noun": {"l=det": 1.5}}, {"bow/knot": {"near=arrow": 0.25}}, 0.5)
    assert unpack_weights(pack_weights(weights)) == weights


def test_punctuation_and_capitals_are_seen():
    tokens = tokenised("Well, Reading (a town) isn't far.")
    assert [(token.word, token.capital, token.stop) for token in tokens] == [
        ("well", True, True), ("reading", True, False), ("a", False, False), ("town", False, False),
        ("isn't", False, False), ("far", False, True),
    ]  # fmt: skip
