"""A user's lexicon and rules: what a file may hold, and what is said of a bad line."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tiny_language import TinyLanguage

from vocolab.errors import CallError, InputError
from vocolab.texts.opening import speak
from vocolab.texts.phrases import Phrases
from vocolab.texts.speaking import Speaker
from vocolab.texts.user_words import read_lexicon, read_rules, read_text_file

parse = TinyLanguage().parse_phonemes


def written(folder: Path, data: bytes | str) -> Path:
    path = folder / "words.txt"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_a_lexicon(tmp_path: Path) -> None:
    path = written(tmp_path, "# a comment\n\nhello  A B\nGIF\t/gə/  # and another\r\nhello(2) C\n")
    assert read_lexicon(path, parse) == {"hello": ("A", "B"), "GIF": ("G", "A")}


def test_rules(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufeffC++ => see plus\napprox. => about\nnothing =>\n")
    assert read_rules(path) == {"C++": "see plus", "approx.": "about", "nothing": ""}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("hello", "words.txt:2: 'hello' has no pronunciation; write a word, a space and its phonemes"),
        ("hello A 5", "words.txt:2: hello: unknown phoneme '5'"),
        ("hello /a5/", "words.txt:2: hello: unknown phoneme '5'"),
    ],
)
def test_a_bad_line_of_a_lexicon_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_lexicon(written(tmp_path, f"good A\n{line}\n"), parse)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [("a -> b", "words.txt:2: 'a -> b' is no rule; write: written => said"), ("=> b", "words.txt:2: '=> b' is no rule"),
     ("x => z", "words.txt:2: there is already a rule for 'x'")],
)  # fmt: skip
def test_a_bad_line_of_rules_is_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_rules(written(tmp_path, f"x => y\n{line}\n"))
    assert message in str(caught.value)


def test_a_bad_byte_is_named_with_its_offset(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not UTF-8: byte 0xff at offset 7"):
        read_text_file(written(tmp_path, b"h\xc3\xa9llo \xff"))
    with pytest.raises(InputError, match="No such file"):
        read_text_file(tmp_path / "none.txt")


def test_the_longest_phrase_counts_and_it_stands_alone() -> None:
    phrases = Phrases({"new york": 1, "new": 2, "NY": 3, "c++": 4, "+": 5})
    text = "New York is new, NY not ny; newer C++ anew a+b"
    assert [(text[f.span.start : f.span.end], f.value) for f in phrases.find(text)] == [
        ("New York", 1), ("new", 2), ("NY", 3), ("C++", 4), ("+", 5),
    ]  # fmt: skip


def test_a_rule_may_say_nothing() -> None:
    spoken = speak(Speaker(TinyLanguage(), rules={"hm": ""}), "Well hm yes")
    assert spoken.normalized == "Well yes"
    assert [word.source for word in spoken.words] == ["Well", "yes"]


def test_phonemes_in_the_text_win_over_rules() -> None:
    spoken = speak(Speaker(TinyLanguage(), rules={"word": "other"}), "a [word](/əb/) word")
    assert [word.word for word in spoken.words] == ["a", "word", "other"]


def test_an_abbreviation_of_the_user_ends_no_sentence() -> None:
    text = "See sct. The rest."
    assert len(speak(Speaker(TinyLanguage()), text)) == 2
    assert len(speak(Speaker(TinyLanguage(), rules={"sct.": "section"}), text)) == 1


def test_ten_thousand_rules_cost_little() -> None:
    phrases = Phrases({f"word{number}": "x" for number in range(10_000)})
    started = time.process_time()
    assert sum(1 for _ in phrases.find("word77 word word12345 " * 5_000)) == 5_000
    assert time.process_time() - started < 3


def test_a_mapping_does_what_a_file_does() -> None:
    import vocolab

    spoken = vocolab.text("Nguyen wrote C++", lexicon={"Nguyen": "/nwɪn/"}, rules={"C++": "C plus plus"})
    assert spoken.words[0].phonemes[0] == "N"
    assert spoken.words[0].how == "lexicon"
    assert spoken.normalized.endswith("C plus plus")
    with pytest.raises(InputError, match="lexicon: x: "):
        vocolab.text("x", lexicon={"x": "QQ"})
    with pytest.raises(CallError, match="is no single word"):
        vocolab.text("x", lexicon={"two words": "AH0"})
