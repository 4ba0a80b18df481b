"""Phonemes in and out of three alphabets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocolab.errors import InputError
from vocolab_english.alphabets import parse_phonemes, write_phonemes
from vocolab_english.dictionary import cmudict
from vocolab_english.syllables import syllable_starts
from vocolab_english.symbols import PHONEMES, is_vowel


@pytest.mark.parametrize(
    ("text", "alphabet", "phonemes"),
    [
        ("HH AH0 L OW1", "x-arpabet", "HH AH0 L OW1"),
        ("hh ah0 l ow1", "x-arpabet", "HH AH0 L OW1"),
        ("HH AH L OW", "x-arpabet", "HH AH1 L OW0"),
        ("B AH T ER1", "x-arpabet", "B AH0 T ER1"),
        ("B AX DX AXR", "x-arpabet", "B AH1 T ER0"),
        ("K EH1 T EL", "x-arpabet", "K EH1 T AH0 L"),
        ("həˈloʊ", "ipa", "HH AH0 L OW1"),
        ("hə'ləʊ", "ipa", "HH AH0 L OW1"),
        ("kæt", "ipa", "K AE1 T"),
        ("ˈbɝd", "ipa", "B ER1 D"),
        ("ˈbɜːd", "ipa", "B ER1 D"),
        ("ˈt͡ʃɜːt͡ʃ", "ipa", "CH ER1 CH"),
        ("ˌsɪn.θəˈtɪk", "ipa", "S IH2 N TH AH0 T IH1 K"),
        ("buˈfe", "ipa", "B UW0 F EY1"),
        ("bɔ̃ˈʒuʁ", "ipa", "B AO0 ZH UW1 R"),
        ('h@"loU', "x-sampa", "HH AH0 L OW1"),
        ('"tSEr\\i', "x-sampa", "CH EH1 R IY0"),
    ],
)
def test_what_people_write_is_understood(text, alphabet, phonemes):
    assert " ".join(parse_phonemes(text, alphabet)) == phonemes


@pytest.mark.parametrize(
    ("phonemes", "ipa", "xsampa"),
    [
        ("HH AH0 L OW1", "həˈloʊ", 'h@"loU'),
        ("AE2 B S T R AE1 K SH AH0 N", "ˌæbˈstɹækʃən", '%{b"str\\{kS@n'),
        ("CH ER1 CH", "ˈtʃɝtʃ", '"tS3`tS'),
        ("S IH1 NG ER0", "ˈsɪŋɚ", '"sIN@`'),
    ],
)
def test_stress_is_written_before_its_syllable(phonemes, ipa, xsampa):
    assert write_phonemes(phonemes.split(), "ipa") == ipa
    assert write_phonemes(phonemes.split(), "x-sampa") == xsampa


@pytest.mark.parametrize("alphabet", ["x-arpabet", "ipa", "x-sampa"])
def test_every_word_of_the_dictionary_comes_back(alphabet):
    entries = list(cmudict().items())[::97]
    for _, listed in entries:
        for phonemes in listed:
            if any(phoneme[-1] in "12" for phoneme in phonemes):
                back = parse_phonemes(write_phonemes(phonemes, alphabet), alphabet)
                assert _heard(back) == _heard(phonemes)


def _heard(phonemes):
    """Without what the IPA can't tell apart: a schwa before r is the vowel of "her"."""
    joined = " ".join(phonemes)
    for digit in "012":
        joined = joined.replace(f"AH{digit} R", f"ER{digit}").replace(f"ER{digit} R", f"ER{digit}")
    return joined


@given(st.lists(st.sampled_from(PHONEMES), min_size=1, max_size=12))
def test_syllables_have_one_vowel_each(phonemes):
    starts = syllable_starts(phonemes)
    assert [vowel for _, vowel in starts] == [n for n, phoneme in enumerate(phonemes) if is_vowel(phoneme)]
    assert all(start <= vowel for start, vowel in starts)
    assert [start for start, _ in starts] == sorted({start for start, _ in starts})


@pytest.mark.parametrize(
    ("text", "alphabet", "said"),
    [
        ("HH AH0 L OX1", "x-arpabet", "'OX1' in 'HH AH0 L OX1' is no phoneme of English; near it are"),
        ("HH3", "x-arpabet", "'HH3'"),
        ("AH5", "x-arpabet", "'AH5'"),
        ("7", "x-arpabet", "'7' in '7' is no phoneme of English; the phonemes are B, CH"),
        ("həˈl7", "ipa", "'7'"),
        ("漢", "ipa", "'漢'"),
        ("h;", "x-sampa", "';'"),
        ("", "x-arpabet", "'' has no phoneme in it; write some, such as 'HH AH0 L OW1'"),
        ("ˈ", "ipa", "has no phoneme in it; write some, such as 'həˈloʊ'"),
    ],
)
def test_what_is_no_phoneme_is_named(text, alphabet, said):
    with pytest.raises(InputError) as error:
        parse_phonemes(text, alphabet)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_only_phonemes_are_written():
    with pytest.raises(InputError, match="'<pad>'"):
        write_phonemes(["<pad>"], "ipa")
