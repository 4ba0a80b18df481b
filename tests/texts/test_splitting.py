"""Sentences as they arrive."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.texts.document import Span
from vocolab.texts.language import SplitRules
from vocolab.texts.splitting import Cut, SentenceSplitter

RULES = SplitRules(
    titles=frozenset({"dr", "mr", "e.g", "st"}),
    abbreviations=frozenset({"etc", "a.m", "p.m", "inc", "approx"}),
    before_numbers=frozenset({"no", "fig", "p", "vol"}),
    openers=frozenset({"the", "he", "she", "but", "then"}),
    clause_words=frozenset({"and", "which", "because"}),
)


def cuts(*pieces: str, **options: object) -> list[Cut]:
    splitter = SentenceSplitter(RULES, **options)  # type: ignore[arg-type]
    found = [cut for piece in pieces for cut in splitter.feed(piece)]
    return found + splitter.close()


def sentences(text: str, **options: object) -> list[str]:
    return [text[cut.span.start : cut.span.end] for cut in cuts(text, **options)]


@pytest.mark.parametrize(
    "parts",
    [
        ["Hello there.", "How are you?", "Fine!"],
        ["Dr. Smith came at 5 a.m. with Mr. Jones.", "The end."],
        ["It closed at 5 p.m.", "Then he left."],
        ["It costs $3.50 at example.com/a.b?c=1.", "See v2.0.1."],
        ["J. R. R. Tolkien wrote it.", "He was born in 1892."],
        ['"Stop!" he said.', '"Why?"', "She left (at last).", "But no."],
        ["Wait... what is it?", "Hmm...", "Nothing."],
        ["Call `a. B()` and `x. Y` first.", "Then go."],
        ["See No. 5 and Fig. 3 on p. 7.", "No.", "Nothing."],
        ["It is serial No. C27, in Vol. IV and no. 3.", "Henry VIII. was 10s. 6d. short."],
        ["1. Buy milk.", "2. Go home."],
        ["What?!", "Really?!?", "Yes."],
        ["apples, pears etc. are fruit.", "ok then.", "good."],
        ["今日は。", "元気ですか？", "はい！"],
        ["Meet me at St. James's Park, e.g. Monday.", "But be early."],
    ],
)
def test_sentences_end_where_people_end_them(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


def test_a_blank_line_or_a_list_ends_a_sentence() -> None:
    found = cuts("A heading\n\nSome text\nthat goes on.\n- one\n- two\n3) three")
    text = "A heading\n\nSome text\nthat goes on.\n- one\n- two\n3) three"
    assert [text[c.span.start : c.span.end] for c in found] == [
        "A heading", "Some text\nthat goes on.", "- one", "- two", "3) three",
    ]  # fmt: skip
    assert [c.paragraph for c in found] == [True, False, False, False, True]


@pytest.mark.parametrize("text", ["", "   ", "\n\n\n", "\0"])
def test_nothing_gives_nothing_or_itself(text: str) -> None:
    assert [s.strip() for s in sentences(text)] == ([text.strip()] if text.strip() else [])


def test_a_sentence_comes_as_soon_as_the_next_word_begins() -> None:
    splitter = SentenceSplitter(RULES)
    assert splitter.feed("It rains") == []
    assert splitter.feed(". ") == []
    assert [cut.span for cut in splitter.feed("T")] == [Span(0, 9)]


def test_it_does_not_wait_for_ever() -> None:
    splitter = SentenceSplitter(RULES, max_characters=100)
    found = splitter.feed("word " * 25)
    assert [cut.complete for cut in found] == [False]
    assert 40 <= found[0].span.end <= 100


def test_long_sentences_are_cut_at_the_best_place() -> None:
    text = "We walked along the river, slowly; the sun was low, and nobody spoke because it was late in the year."
    assert sentences(text, max_characters=80)[0] == "We walked along the river, slowly;"
    text = text.replace(";", "")
    assert sentences(text, max_characters=80)[0] == "We walked along the river, slowly the sun was low,"
    text = text.replace(",", "")
    assert sentences(text, max_characters=80)[0] == "We walked along the river slowly the sun was low and nobody spoke"
    assert sentences(text.replace("because", "since"), max_characters=60)[0].endswith("low")


def test_protected_spans_are_not_cut() -> None:
    text = "Say it. Now. And then."
    assert sentences(text, protected=[Span(0, 12)]) == ["Say it. Now.", "And then."]


TEXTS = st.lists(
    st.sampled_from(
        ["Dr", ".", " ", "\n", "a", "The", "he", "?", "!", "...", "`", '"', "5", "no", "J", ",", "—", "。", "word " * 9,
         "x" * 70, "   " * 30, "- ", "1. ", "(", ")", "U.S.", "http://a.b/c"]
    ),
    max_size=60,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.randoms(use_true_random=False))
def test_any_partition_gives_what_the_whole_gives(text: str, chance: random.Random) -> None:
    whole = cuts(text, max_characters=120)
    places = sorted(chance.randrange(len(text) + 1) for _ in range(chance.randrange(12)))
    edges = [0, *places, len(text)]
    assert cuts(*(text[a:b] for a, b in pairwise(edges)), max_characters=120) == whole
    assert cuts(*text, max_characters=120) == whole


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_nothing_but_space_is_lost(text: str) -> None:
    found = cuts(text, max_characters=120)
    kept = "".join(text[cut.span.start : cut.span.end] for cut in found)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))


@pytest.mark.parametrize("text", ["x" * 1_000_000, "[" * 100_000, "a." * 200_000, "a. " * 100_000, "." * 300_000,
                                  " \n" * 200_000, "`a. B` " * 50_000])  # fmt: skip
def test_any_megabyte_takes_linear_time(text: str) -> None:
    started = time.process_time()
    cuts(text)
    assert time.process_time() - started < 5
