"""Any text at all, in any form: words with their places, and the same whether it comes at once or in pieces."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.catalog import Catalog
from vocolab.errors import InputError
from vocolab.texts.opening import open_speaker, speak

SPEAKER = open_speaker(Catalog.installed())
TOKENS = [
    "Dr. ", "$", "12.50 ", "1,234", "1/2 ", "½", "5 kg ", "10:30 ", "p.m. ", "No. ", "IV ", "U.S. ", "a@b.c", "@me ",
    "http://x.y/z?q=1 ", "#Tag ", "😀", "—", "-", "...", "?", "! ", "(", ")", "[w](/əb/)", "{HH AH0}", "\n\n", "\n- ",
    "1. ", "é", "你好", "\u200b", "\u00ad", "\ufb01", "‘q’", "'s ", "C:\\x", "v2.0 ", "+1 (555) 123-4567", "1990s ",
    "3rd ", "H₂O", "x²", "±", "A.D. ", "5-2", "16:9", "5% ", "€5", "\0", "\ud800", "&", "*", "_", "<b>", "the ",
    "lead ", "read ", "2024-05-03", "Henry VIII ", "and ", "`x. y`", "**b** ", "|", "\n| a |",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(TOKENS), max_size=14).map("".join)

OPEN = (
    "p", "s", 'prosody rate="fast"', "emphasis", 'say-as interpret-as="date"', 'say-as interpret-as="characters"',
    'sub alias="x y"', 'voice name="a"', 'lang xml:lang="fr"', 'phoneme ph="həˈloʊ"', "foo", 'w role="noun"', "desc",
    'audio src="x"', 'vocolab:reading years="digits"',
)  # fmt: skip
LEAVES = st.sampled_from(
    ["Dr. Smith ", "paid $12.50. ", "3/4/2024 ", "&amp;", "&#8364;5 ", "lead", "😀", '<break time="1s"/>',
     '<mark name="m"/>', " "]
)  # fmt: skip
SSML = st.recursive(
    LEAVES,
    lambda inside: st.tuples(st.sampled_from(OPEN), st.lists(inside, max_size=4)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0].split()[0]}>"
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_a_stream_of_any_text_gives_what_the_whole_gives(text: str, chance: random.Random) -> None:
    whole = speak(SPEAKER, text, "plain").sentences
    edges = [0, *sorted(chance.randrange(len(text) + 1) for _ in range(3)), len(text)]
    if not text.lstrip().startswith("<speak"):
        assert tuple(SPEAKER.stream([text[a:b] for a, b in pairwise(edges)])) == whole


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["plain", "markdown"]))
def test_every_word_leads_back_to_its_writing(text: str, form: str) -> None:
    spoken = speak(SPEAKER, text, form)  # type: ignore[arg-type]
    for word in spoken.words:
        assert text[word.start : word.end] == word.source
        assert word.word.strip() == word.word != ""
        assert set(word.phonemes) <= set(SPEAKER.language.symbols.phonemes)
    for sentence in spoken:
        SPEAKER.language.symbols.sequence(sentence)
    starts = [sentence.start for sentence in spoken]
    assert starts == sorted(starts)


@settings(max_examples=150, deadline=None)
@given(SSML)
def test_no_tag_is_ever_spoken(inside: str) -> None:
    text = f"<speak>{inside}</speak>"
    spoken = speak(SPEAKER, text)
    assert not any(sign in word.word for word in spoken.words for sign in "<>=")
    assert "<" not in spoken.normalized
    assert all(text[word.start : word.end] == word.source for word in spoken.words)


@settings(max_examples=100, deadline=None)
@given(SSML, st.integers(0, 200), st.sampled_from(["<", "&", "</p>", "", ">", "<!DOCTYPE x>"]))
def test_broken_ssml_is_one_error_or_a_text(inside: str, at: int, put: str) -> None:
    text = f"<speak>{inside}</speak>"
    at = 1 + at % (len(text) - 1)
    try:
        speak(SPEAKER, text[:at] + put + text[at + 1 :], "ssml")
    except InputError as error:
        assert "\n" not in str(error)
        assert str(error).startswith("SSML line ")


@pytest.mark.parametrize("form", ["plain", "ssml", "markdown"])
def test_emptiness_in_each_form(form: str) -> None:
    assert speak(SPEAKER, "", form).words == ()  # type: ignore[arg-type]
