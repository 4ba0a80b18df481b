"""The packed dictionary gives back what was packed, and quickly."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocolab_english.dictionary import PACKED, Dictionary, cmudict, pack
from vocolab_english.symbols import PHONEMES
from vocolab_english.training.pack_dictionary import parsed

words = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=8)
pronunciations = st.lists(st.lists(st.sampled_from(PHONEMES), min_size=1).map(tuple), min_size=1, max_size=3)


@given(st.dictionaries(words, pronunciations, min_size=1, max_size=20), words)
def test_what_is_packed_is_found_and_nothing_else(entries, other):
    dictionary = Dictionary(pack(entries))
    assert {word: list(dictionary[word]) for word in entries} == entries
    assert {word: list(listed) for word, listed in dictionary.items()} == entries
    assert (other in dictionary) == (other in entries)


def test_the_text_file_is_read_with_its_variants_and_comments():
    lines = ["a AH0", "a(2) EY1", "a.m. EY2 EH1 M", "gaol JH EY1 L # old", "a(3) EY1"]
    assert parsed(lines) == {
        "a": [("AH0",), ("EY1",)],
        "a.m.": [("EY2", "EH1", "M")],
        "gaol": [("JH", "EY1", "L")],
    }


@pytest.mark.parametrize(
    ("word", "first"), [("hello", "HH AH0 L OW1"), ("zurich", "Z UH1 R IH0 K"), ("'tis", "T IH1 Z"), ("a", "AH0")]
)
def test_words_of_the_dictionary(word, first):
    assert " ".join(cmudict()[word][0]) == first


@pytest.mark.parametrize("word", ["", "zzz", "Hello", "été", "a\tb", "\n", "hello\t"])
def test_what_is_not_listed_has_no_pronunciation(word):
    assert cmudict()[word] == () and word not in cmudict()


def test_loading_takes_a_fraction_of_a_second():
    packed = PACKED.read_bytes()
    start = time.process_time()
    assert "hello" in Dictionary(packed)
    assert time.process_time() - start < 0.2
    assert len(packed) < 1_500_000


def test_the_licence_stands_beside_the_data():
    text = (PACKED.parent / "cmudict-LICENSE.txt").read_text(encoding="utf-8")
    assert "Carnegie Mellon University" in text and "Redistributions in binary form" in text
