"""Markdown and chat messages: what is said, where sentences end, where it came from, how long it takes."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.errors import InputError
from vocolab.texts.document import Document, SayAs, Span
from vocolab.texts.language import SplitRules
from vocolab.texts.markdown import read_markdown
from vocolab.texts.messages import read_messages
from vocolab.texts.sections import sentence_cuts


def said(text: str) -> str:
    return " ".join(read_markdown(text).text.split())


def sentences(document: Document) -> list[str]:
    return [cut.text for cut in sentence_cuts(document, SplitRules())]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("**bold** and *italic* and ***both***", "bold and italic and both"),
        ("__bold__ _italic_ ~~gone~~", "bold italic gone"),
        ("snake_case_name and 2*3*4 and 5 * 3", "snake_case_name and 2*3*4 and 5 * 3"),
        ("**bold *nested***", "bold nested"),
        ("a ** b", "a ** b"),
        ("[text](http://a.b/c_(d) \"title\") and ![alt](x.png)", "text and alt"),
        ("[**bold** link][ref]\n\n[ref]: http://x.y", "bold link"),
        ("[![badge](a.svg)](http://b)", "badge"),
        ("<http://a.b/c> <me@x.org>", "http://a.b/c me@x.org"),
        ("`code *x*` and ``a ` b``", "code *x* and a ` b"),
        ("an ` odd tick", "an ` odd tick"),
        (r"\*not italic\* \[x\]", "*not italic* [x]"),
        ("AT&amp;T &copy; &#65;", "AT&T © A"),
        ("x<br>y <b>z</b> <!-- no --> w", "x y z w"),
        ("claim[^1]\n\n[^1]: the source", "claim the source"),
        ("## Title ##", "Title"),
        ("# C#", "C#"),
        ("Title\n=====\ntext", "Title text"),
        ("> quoted\n> more", "quoted more"),
        ("- [x] done\n- [ ] open", "done open"),
        ("3. third\n4) fourth", "3. third 4) fourth"),
        ("a\n\n---\n\nb", "a b"),
        ("line  \nbreak\\\nend", "line break end"),
        ("    indented code\n\ntext", "text"),
        ("- item\n\n    more of it", "item more of it"),
    ],
)
def test_formatting_is_not_said(written: str, spoken: str) -> None:
    assert said(written) == spoken


def test_headings_and_items_end_sentences() -> None:
    document = read_markdown("# A heading\nSome text\nthat goes on.\n\n- one\n- two\n  and a half\n1. three\n\nEnd")
    assert sentences(document) == ["A heading", "Some text that goes on.", "one", "two and a half", "1. three", "End"]


def test_tables_are_read_row_by_row() -> None:
    document = read_markdown("| Name | Age |\n|:-----|----:|\n| **Ann** | 5 |\n| Ben | |\n\nafter | all")
    assert sentences(document) == ["Name, Age", "Ann, 5", "Ben", "after | all"]


def test_code_blocks_are_skipped_or_spelled() -> None:
    text = "Run:\n```python\nx = 1\ny\n```\nDone."
    document = read_markdown(text)
    assert sentences(document) == ["Run:", "Done."]
    assert document.reports == ("a code block of 2 lines is skipped",)
    document = read_markdown(text, code="spell")
    assert sentences(document) == ["Run:", "x = 1", "y", "Done."]
    assert [document.text[h.span.start : h.span.end] for h in document.hints if isinstance(h, SayAs)] == ["x = 1", "y"]


def test_an_unclosed_code_block_runs_to_the_end() -> None:
    assert said("a\n~~~\nb\nc") == "a"


def test_front_matter_is_skipped() -> None:
    assert said("---\ntitle: x\n---\ntext") == "text"


def test_every_word_leads_back_to_its_place() -> None:
    text = "# The **big** [title](u)\n\n- item `one` &amp; *two*\n\n| a | b |\n|---|---|\n| c | d |\n"
    document = read_markdown(text)
    for match in re.finditer(r"[\w&]+", document.text):
        span = document.source_span(Span(*match.span()))
        assert text[span.start : span.end] in (match[0], "&amp;")


def test_messages_are_read_in_order() -> None:
    source = json.dumps([
        {"role": "system", "content": "be nice"},
        {"role": "user", "content": "Say \"hé\" 😀"},
        {"role": "assistant", "content": [{"type": "text", "text": "# Yes\nHé **there**"}, {"type": "image_url"}]},
        {"role": "assistant", "content": None, "tool_calls": []},
    ])  # fmt: skip
    document = read_messages(source)
    assert sentences(document) == ['Say "hé" 😀', "Yes", "Hé there"]
    assert document.reports == (
        "a message of the role 'system' is skipped", "a part of the type 'image_url' is skipped",
        "message 3 has no content: skipped",
    )  # fmt: skip
    for match in re.finditer(r"\w+|😀", document.text):
        span = document.source_span(Span(*match.span()))
        assert json.loads(f'"{source[span.start : span.end]}"') == match[0]


@pytest.mark.parametrize("source", ['{"content": "hi"}', '[{"content": "hi"}]', '{"messages": [{"content": "hi"}]}'])
def test_one_message_or_many(source: str) -> None:
    assert read_messages(source).text.strip() == "hi"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('{"content": "hi"', r"line 1 column 17: Expecting"),
        ("hello", "line 1 column 1: Expecting value"),
        ("[1]", "item 0 has no content"),
        ('{"role": "user"}', "item 0 has no content"),
        ('{"content": 5}', "neither text nor a list"),
        ("[" * 100_000, "nested too deep"),
        ('{"content": "a\nb"}', "Invalid control character"),
    ],
)
def test_what_is_no_message_is_named(source: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_messages(source)


CHAT = (
    "Sure! Here's how a **neural vocoder** works, step by step. First, the acoustic model predicts a mel spectrogram; "
    "then the vocoder turns it into samples.\n\n1. **Analysis**: the signal is cut into frames of `1024` samples.\n"
    "2. **Synthesis**: the network upsamples the frames.\n\nIf you want to read more, see [the paper](https://a.org/b) "
    "on it. It explains why the *multi-period discriminator* helps with pitch.\n\n"
)


def test_a_message_of_2_kb_takes_about_a_millisecond() -> None:
    source = json.dumps({"content": (CHAT * 5)[:2000]})
    times = []
    for _ in range(50):
        started = time.process_time()
        read_messages(source)
        times.append(time.process_time() - started)
    assert min(times) < 0.003  # 0.7 ms where nothing else runs: benchmarks/text.py speed


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "[a](" * 50_000, "*" * 100_000, "*a " * 50_000, "`" * 100_000, "` `` ``` " * 10_000, "<" * 100_000,
     "<!--" * 50_000, "|" * 100_000, "a|b\n-|-\n" * 5_000, "> " * 50_000, "- " * 50_000, " " * 500_000 + "x",
     "&" * 100_000, "# " + " " * 200_000 + "#x", "a\n|" + " " * 200_000 + "x", "\\" * 100_000, "![[[" * 30_000,
     "_a_" * 50_000, "\n" * 200_000],
)  # fmt: skip
def test_hostile_markdown_takes_linear_time(text: str) -> None:
    started = time.process_time()
    read_markdown(text)
    assert time.process_time() - started < 5


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab *_`[]()!<>#|-\n\\&;~1.:{}\"'é", max_size=120))
def test_every_text_has_a_document(text: str) -> None:
    document = read_markdown(text)
    for match in re.finditer(r"[^\W_]+", document.text):
        span = document.source_span(Span(*match.span()))
        assert re.sub(r"[\W_]", "", text[span.start : span.end]) == match[0] or "&" in text  # `a`a is one word
