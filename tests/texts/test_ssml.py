"""SSML: what every tag does, and that nothing that was a tag is ever spoken."""

from __future__ import annotations

import time

import pytest

from vocolab.errors import InputError
from vocolab.texts import ssml_values as values
from vocolab.texts.document import SILENT_DB, Document, Pronounced, Reading, Role, SayAs, Span
from vocolab.texts.ssml import read_ssml


def parse(text: str, alphabet: str) -> tuple[str, ...]:
    if "?" in text:
        raise InputError("unknown phoneme '?'")
    return tuple(text.split())


def read(inside: str) -> Document:
    return read_ssml(f"<speak>{inside}</speak>", parse)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [("characters", ""), ("date", 'format="dmy"'), ("time", 'format="hms12"'), ("telephone", 'detail="x"')],
)
def test_say_as_becomes_a_hint(kind: str, attributes: str) -> None:
    document = read(f'a <say-as interpret-as="{kind}" {attributes}>bc</say-as> d')
    (hint,) = document.hints
    assert isinstance(hint, SayAs)
    assert hint.interpret_as == kind
    assert document.text[hint.span.start : hint.span.end] == "bc"
    assert (hint.format or hint.detail) in attributes
    assert document.reports == ()


def test_phonemes_in_each_alphabet() -> None:
    document = read('<phoneme ph="a b">x</phoneme> <phoneme alphabet="x-arpabet" ph="HH">y</phoneme> <phoneme ph="z"/>')
    hints = [hint for hint in document.hints if isinstance(hint, Pronounced)]
    assert [hint.phonemes for hint in hints] == [("a", "b"), ("HH",), ("z",)]
    assert [document.text[hint.span.start : hint.span.end] for hint in hints] == ["x", "y", "z"]


@pytest.mark.parametrize("attributes", ['ph="?"', 'alphabet="klingon" ph="a"', 'ph=""', ""])
def test_an_unknown_phoneme_leaves_the_text_and_is_reported(attributes: str) -> None:
    document = read(f"<phoneme {attributes}>word</phoneme>")
    assert document.text == "word"
    assert document.hints == ()
    assert document.reports[0].startswith("SSML line 1: <phoneme> is skipped, its text is said: ")


def test_roles_and_readings() -> None:
    document = read('<w role="vocolab:NOUN">record</w> <vocolab:reading years="digits">1905</vocolab:reading>')
    assert document.hints == (Role(Span(0, 6), "noun"), Reading(Span(7, 11), (("years", "digits"),)))


def test_sub_says_the_alias_alone() -> None:
    document = read('<sub alias="World Wide Web">W<b>W</b>W</sub>.')
    assert document.text == "World Wide Web."
    span = document.source_span(Span(0, 5))
    assert document.source[span.start : span.end] == "W<b>W</b>W"


def test_what_is_not_known_is_skipped_and_its_text_said() -> None:
    document = read('<amazon:effect name="whispered">quiet</amazon:effect> <x y="z">loud</x><x/>')
    assert document.text == "quiet loud"
    assert document.reports == (
        "<amazon:effect> is not known here: skipped, its text is said",
        "<x> is not known here: skipped, its text is said (2 times)",
    )


def test_nothing_outside_is_read() -> None:
    document = read('<audio src="file:///etc/passwd"><desc>a bell</desc>ding</audio><lexicon uri="http://x/y"/>')
    assert document.text == "ding"
    assert [report.split(" is")[0] for report in document.reports] == ["<audio>", "<lexicon>"]


@pytest.mark.parametrize("declaration", [
    '<!DOCTYPE speak [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    '<!DOCTYPE speak SYSTEM "file:///etc/passwd">',
    '<!DOCTYPE speak [<!ENTITY x SYSTEM "http://example.com/x">]>',
])  # fmt: skip
def test_no_dtd_no_entity_bomb(declaration: str) -> None:
    with pytest.raises(InputError, match="a DOCTYPE is refused"):
        read_ssml(f"<?xml version='1.0'?>{declaration}<speak>&b;&x;</speak>")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<speak>a<p>b</speak>", "SSML line 1, column 15: <p> of line 1 is not closed before this"),
        ("<speak>\n<p>a", "SSML line 2, column 5: <p> of line 2 is not closed before this"),
        ("<speak>a & b</speak>", "SSML line 1, column 11: this is not well formed; write & as"),
        ("<speak>a &nbsp; b</speak>", "SSML line 1, column 10: an unknown entity; SSML has"),
        ("<speak>a \0 b</speak>", "SSML line 1, column 10: this is not well formed"),
        ("<speak>\ud800</speak>", "SSML line 1, column 8: this is not well formed"),
        ("<speak" + "<p>" * 9, "SSML line 1, column 7: this is not well formed"),
        ("<speak>" + "<p>" * 100 + "</p>" * 100 + "</speak>", "SSML line 1: tags are nested more than 64 deep"),
    ],
)
def test_what_is_not_well_formed_is_named_with_its_place(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_ssml(text)
    assert str(caught.value).startswith(message)


def test_a_prolog_and_comments_are_fine() -> None:
    document = read_ssml("  \n<?xml version='1.0' encoding='utf-16'?><!-- x --><speak>é<!-- y -->z<?p q?></speak>")
    assert document.text == "éz"
    assert document.source_span(Span(1, 2)) == Span(document.source.index("z<?"), document.source.index("z<?") + 1)


def test_a_fragment_is_read_as_if_in_speak() -> None:
    document = read_ssml('Hello <break time="1s"/>there')
    assert document.text == "Hello there"
    assert document.source_span(Span(6, 11)) == Span(24, 29)


def test_pauses_are_capped_also_when_repeated() -> None:
    assert read('a<break time="36000s"/>b').pauses[0].ms == 10_000
    document = read("a" + '<break time="9s"/>' * 1000 + "b")
    assert sum(pause.ms for pause in document.pauses) == 10_000
    assert len(document.reports) < 1100


@pytest.mark.parametrize(("attributes", "ms"), [
    ('time="500ms"', 500), ('time="1.5s"', 1500), ('time=".5s"', 500), ("", 400), ('strength="none"', 0),
    ('strength="x-strong"', 1200), ('time="2s" strength="weak"', 2000),
])  # fmt: skip
def test_breaks(attributes: str, ms: int) -> None:
    assert read(f"a<break {attributes}/>b").pauses[0].ms == ms


@pytest.mark.parametrize("attributes", ['time="abc"', 'time="-1s"', 'strength="huge"', 'time="1h"', 'time="1e999s"'])
def test_a_break_that_can_t_be_is_reported(attributes: str) -> None:
    document = read(f"a<break {attributes}/>b")
    assert document.pauses == ()
    assert document.text == "a b"
    assert "is skipped: give" in document.reports[0]


def test_values_of_prosody() -> None:
    assert [values.rate(text) for text in ("fast", "120%", "1.2", "+20%", "-50%", "9")] == [1.25, 1.2, 1.2, 1.2, 0.5, 4]
    assert [values.pitch_semitones(text) for text in ("high", "+2st", "-2st", "+100%")] == [3, 2, -2, 12]
    assert [values.pitch_range(text) for text in ("x-low", "150%", "+20%")] == [0.3, 1.5, 1.2]
    assert [round(values.volume_db(text), 2) for text in ("loud", "+6dB", "-6db", "50", "silent", "0", "-50%")] == [
        6, 6, -6, -6.02, SILENT_DB, SILENT_DB, -6.02,
    ]  # fmt: skip
    assert values.emphasis(None) == "moderate"


@pytest.mark.parametrize(("name", "value"), [
    ("rate", "quick"), ("rate", "2Hz"), ("rate", "nan"), ("pitch", "+20Hz"), ("pitch", "-100%"), ("range", "2st"),
    ("volume", "5st"), ("volume", "inf"),
])  # fmt: skip
def test_prosody_that_can_t_be_is_reported(name: str, value: str) -> None:
    document = read(f'<prosody {name}="{value}">a</prosody>')
    assert document.text == "a"
    assert document.reports[0].startswith(f'SSML line 1: <prosody {name}="{value}"> is skipped: ')


def test_block_tags_separate_words_and_inline_tags_do_not() -> None:
    assert read("<p>a</p><p>b</p>c<s>d</s>").text.split() == ["a", "b", "c", "d"]
    assert read('un<emphasis>believ</emphasis>able<mark name="m"/>ness').text == "unbelievableness"


def test_entities_have_their_place() -> None:
    document = read("a &lt;&#8364; b")
    assert document.text == "a <€ b"
    span = document.source_span(Span(3, 4))
    assert document.source[span.start : span.end] == "&#8364;"


@pytest.mark.parametrize("text", [
    "<x>a</x>" * 50_000, "&amp;" * 100_000, '<break time="1s"/>' * 50_000, "é" * 300_000,
    "<p>" * 60 + "a" * 500_000 + "</p>" * 60, '<prosody rate="fast">a</prosody>' * 20_000, "[" * 100_000,
])  # fmt: skip
def test_large_input_takes_linear_time(text: str) -> None:
    started = time.process_time()
    read(text)
    assert time.process_time() - started < 5
