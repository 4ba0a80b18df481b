"""The symbol set that voices are trained with never changes by accident."""

from __future__ import annotations

import pytest

from vocolab_english import symbols


def test_the_set_is_the_one_that_trainings_started_from():
    assert symbols.CHECKSUM == "9bfb209b2309656064c1d6faeb52c236b5d9a8deed0d512ecc948a8e0a2916c3"


def test_every_symbol_stands_at_its_documented_place():
    assert len(symbols.SYMBOLS) == len(set(symbols.SYMBOLS)) == 78
    assert symbols.SYMBOLS[:9] == ("_", "^", ".", "?", "!", "|", "p1", "p2", "p3")
    places = {"B": 9, "ZH": 32, "AA0": 33, "AA1": 34, "AA2": 35, "UW2": 77}
    assert {symbol: symbols.SYMBOL_IDS[symbol] for symbol in places} == places


@pytest.mark.parametrize(
    ("length_ms", "symbol"), [(0, "p1"), (150, "p1"), (150.1, "p2"), (400, "p2"), (401, "p3"), (10_000, "p3")]
)
def test_a_pause_is_named_by_its_length(length_ms, symbol):
    assert symbols.pause(length_ms) == symbol


def test_stress_belongs_to_vowels_alone():
    assert [symbols.without_stress(phoneme) for phoneme in ("AH0", "ER2", "HH")] == ["AH", "ER", "HH"]
    assert symbols.is_vowel("OY1") and symbols.is_vowel("OY") and not symbols.is_vowel("NG")
