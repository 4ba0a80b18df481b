"""The symbol set that voices are trained with never changes by accident."""

from __future__ import annotations

import pytest

from vocolab_english.symbols import PHONEMES, SYMBOLS, is_vowel, without_stress


def test_the_set_is_the_one_that_trainings_started_from():
    assert (SYMBOLS.name, SYMBOLS.checksum) == ("arpabet-1", "26a3d3b5f92acb80")


def test_every_symbol_stands_at_its_documented_place():
    assert len(SYMBOLS) == 79 and len(PHONEMES) == 69
    assert SYMBOLS.names[:10] == ("<pad>", "<s>", "</s.>", "</s?>", "</s!>", "</s,>", "<w>", "p1", "p2", "p3")
    places = {"B": 10, "ZH": 33, "AA0": 34, "AA1": 35, "AA2": 36, "UW2": 78}
    assert {symbol: SYMBOLS.numbers[symbol] for symbol in places} == places


@pytest.mark.parametrize(
    ("length_ms", "symbol"), [(0, "<w>"), (59, "<w>"), (60, "p1"), (199, "p1"), (200, "p2"), (450, "p3"), (9999, "p3")]
)
def test_a_pause_is_named_by_its_length(length_ms, symbol):
    assert SYMBOLS.pause(length_ms) == symbol


def test_stress_belongs_to_vowels_alone():
    assert [without_stress(phoneme) for phoneme in ("AH0", "ER2", "HH")] == ["AH", "ER", "HH"]
    assert is_vowel("OY1") and is_vowel("OY") and not is_vowel("NG")
