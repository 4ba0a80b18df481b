"""`vocolab text` and `vocolab languages`."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

SENTENCE = "On 3 May 2024 Dr. Smith paid $12.50."


@pytest.fixture
def stdin(monkeypatch):
    def set_it(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))

    return set_it


def test_it_shows_words_sounds_and_why(cli) -> None:
    result = cli("text", SENTENCE)
    assert result.code == 0
    first, header, *rows = result.out.splitlines()
    assert "twenty twenty four doctor Smith paid twelve dollars" in first.replace("-", " ")
    assert header.split() == ["word", "phonemes", "how", "written"]
    by_word = {row.split()[0]: row for row in rows}
    assert "T W EH1 L V" in by_word["twelve"]
    assert "$12.50 (money)" in by_word["twelve"]


def test_json_has_the_promised_form(cli) -> None:
    facts = cli("text", "--json", SENTENCE).json
    assert {"text", "normalized", "sentences", "words"} <= facts.keys()
    assert facts["text"] == SENTENCE
    for word in facts["words"]:
        assert {"word", "source", "start", "end", "phonemes", "how"} <= word.keys()
        assert SENTENCE[word["start"] : word["end"]] == word["source"]
    assert [word for sentence in facts["sentences"] for word in sentence["words"]] == facts["words"]


def test_ipa(cli) -> None:
    assert "həˈloʊ" in cli("text", "hello", "--alphabet", "ipa").out
    assert cli("text", "hello", "--alphabet", "ipa", "--json").json["words"][0]["ipa"] == "həˈloʊ"


def test_options_of_the_language(cli) -> None:
    assert cli("text", "1905", "--set", "years=digits", "--json").json["normalized"] == "one nine zero five"
    result = cli("text", "1905", "--set", "yeers=digits")
    assert result.code == 2
    assert "Did you mean 'years'?" in result.error
    assert cli("text", "1905", "--set", "years").code == 2


def test_options_of_a_span(cli) -> None:
    ssml = '<speak>in <vocolab:reading years="digits">1905</vocolab:reading> or 1905</speak>'
    assert "one nine zero five or nineteen oh five" in cli("text", ssml, "--json").json["normalized"].replace("-", " ")
    result = cli("text", '<speak><vocolab:reading yeers="digits">1905</vocolab:reading></speak>')
    assert "note: the option yeers of a span is left out: unknown option. Did you mean" in result.err


def test_lines_give_one_json_line_each(cli, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("One.\n\nTwo 2. Three.\r\n", encoding="utf-8")
    lines = cli("text", "--lines", path, "--json").out.splitlines()
    assert [json.loads(line)["text"] for line in lines] == ["One.", "", "Two 2. Three."]
    blocks = cli("text", "--lines", path).out.split("\n\n")
    assert len(blocks) == 3


def test_a_line_that_can_t_be_read_leaves_the_others(cli, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("One.\n<speak>a<p></speak>\nThree.", encoding="utf-8")
    result = cli("text", "--lines", path, "--json")
    assert result.code == 1
    facts = [json.loads(line) for line in result.out.splitlines()]
    assert [one.get("normalized", one.get("error", "")[:12]) for one in facts] == ["One.", "SSML line 1,", "Three."]
    assert f"{path}:2: SSML line 1" in result.err
    assert "1 of its lines could not be read" in result.error


def test_a_file_in_each_form(cli, tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("# One\n\n- two", encoding="utf-8")
    assert cli("text", "--file", path, "--input", "markdown", "--json").json["normalized"] == "One two"
    path.write_text('[{"content": "*one*"}]', encoding="utf-8")
    assert cli("text", "--file", path, "--input", "messages", "--json").json["normalized"] == "one"
    path.write_text(" <speak>one</speak>", encoding="utf-8")
    assert cli("text", "--file", path, "--json").json["input"] == "ssml"


def test_standard_input(cli, stdin) -> None:
    stdin("Hello thére. Second one".encode())
    assert [line for line in cli("text", "-").out.splitlines() if not line.startswith(" ")] == [
        "Hello thére.", "Second one",
    ]  # fmt: skip
    stdin(b"  <speak>a<break time='1s'/>b</speak>")
    assert "pause 1000 ms" in cli("text", "-").out
    stdin(b"one. two.")
    assert cli("text", "-", "--json").json["text"] == "one. two."
    stdin(b"one\ntwo")
    assert len(cli("text", "--lines", "-", "--json").out.splitlines()) == 2


def test_sentences_are_shown_as_they_come() -> None:
    command = [sys.executable, "-u", "-m", "vocolab", "text", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"It rains. And")
        process.stdin.flush()
        assert process.stdout.readline().strip() == b"It rains."
        process.stdin.close()
        process.stdout.read()
    assert process.returncode == 0


@pytest.mark.parametrize("arguments", [(), ("a", "--file", "b"), ("--file", "a", "--lines", "b")])
def test_one_text_is_wanted(cli, arguments: tuple[str, ...]) -> None:
    result = cli("text", *arguments)
    assert result.code == 2
    assert "give one text" in result.error


@pytest.mark.parametrize(
    ("text", "note"),
    [("", "the text is empty"), ("  \n ", "the text is empty"), ("?!...", "there is nothing in the text"),
     ("<speak></speak>", "there is nothing in the text")],
)  # fmt: skip
def test_nothing_to_say_is_said(cli, text: str, note: str) -> None:
    result = cli("text", text)
    assert result.code == 0
    assert f"note: {note}" in result.err
    facts = cli("text", text, "--json").json
    assert facts["words"] == []
    assert facts["reports"][-1].startswith(note)


@pytest.mark.parametrize("text", ["a\0b", "a\x1b[31mb", "a\ud800b", "مرحبا hello", "今日は hello", "1" * 10_000,
                                  "30 February 2023", "😀 " * 50, "€" * 50, "a" * 5_000, "{QQ ZZ}"])  # fmt: skip
def test_odd_texts_get_words_or_a_note(cli, text: str) -> None:
    result = cli("text", text)
    assert result.code == 0
    assert result.out.isprintable() or all(line.isprintable() for line in result.out.splitlines())
    facts = cli("text", text, "--json").json
    assert facts["text"] == text
    assert all(text[word["start"] : word["end"]] == word["source"] for word in facts["words"])
    assert facts["words"] or facts["reports"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("<speak>a<p>b</speak>",), 1, "SSML line 1, column 15: <p> of line 1 is not closed"),
        (("<speak" + ">" + "<p>" * 100,), 1, "nested more than 64 deep"),
        (('<!DOCTYPE x [<!ENTITY a "b">]><speak>&a;</speak>', "--input", "ssml"), 1, "a DOCTYPE is refused"),
        (('<speak xml:lang="de">Hallo</speak>',), 2, "'de'"),
        (("a\udcffb",), 1, "TEXT: is not UTF-8: byte 0xff at offset 1"),
        (("a", "--language", "klingon"), 2, "there is no language named 'klingon'. There is: english (en-US, en)"),
        (("--file", "none.txt"), 1, "none.txt: No such file"),
        (("{}", "--input", "messages"), 1, "item 0 has no content"),
        (("a", "--lexicon", "none.txt"), 1, "none.txt: No such file"),
    ],
)
def test_what_can_t_be_read_is_one_line(cli, arguments: tuple[str, ...], code: int, message: str) -> None:
    result = cli("text", *arguments)
    assert result.code == code
    assert message in result.error
    assert result.out == ""


def test_bad_bytes_are_named_with_their_offset(cli, stdin, tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_bytes(b"abc\xe9 def")
    assert "bad.txt: is not UTF-8: byte 0xe9 at offset 3" in cli("text", "--file", path).error
    stdin(b"\xc3\xa9. Hello there. " * 1000 + b"\xff")
    assert f"standard input: is not UTF-8: byte 0xff at offset {17 * 1000}" in cli("text", "-").error
    stdin(b"abc \xc3")
    assert "byte 0xc3 at offset 4" in cli("text", "-").error


def test_a_lexicon_and_rules_win(cli, tmp_path: Path) -> None:
    (tmp_path / "lexicon.txt").write_text("Smith  B AA1\n", encoding="utf-8")
    (tmp_path / "rules.txt").write_text("$12.50 => a fortune\n", encoding="utf-8")
    facts = cli("text", SENTENCE, "--lexicon", "lexicon.txt", "--rules", "rules.txt", "--json").json
    smith = next(word for word in facts["words"] if word["word"] == "smith")
    assert (smith["phonemes"], smith["how"]) == (["B", "AA1"], "lexicon")
    assert facts["normalized"].endswith("paid a fortune.")
    (tmp_path / "lexicon.txt").write_text("Smith  B QQ\n", encoding="utf-8")
    result = cli("text", SENTENCE, "--lexicon", "lexicon.txt")
    assert result.error.startswith("lexicon.txt:1: Smith: ")
    assert "QQ" in result.error


def test_languages_are_listed_and_described(cli) -> None:
    assert cli("languages").out.splitlines()[1].startswith("english   en-US, en")
    out = cli("languages", "EN-us").out
    assert "arpabet-1, 79 of them" in out
    assert "years" in out
    facts = cli("languages", "english", "--json").json
    assert facts["tags"] == ["en-US", "en"]
    assert facts["symbols"]["names"][0] == "<pad>"
    assert cli("languages", "--json").json[0]["name"] == "english"
    assert cli("languages", "fr").code == 2
