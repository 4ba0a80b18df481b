"""Which lines and files a folder of recordings has, in the layouts that people have."""

from __future__ import annotations

from pathlib import Path

import pytest

from vocolab.corpora.folder import Line, index_audio, name_problem, read_metadata, read_validation
from vocolab.corpora.matching import match_lines
from vocolab.errors import CorpusError


def metadata(tmp_path: Path, content: bytes) -> Path:
    (tmp_path / "metadata.csv").write_bytes(content)
    return tmp_path


def test_the_third_field_is_a_text_or_a_length(tmp_path: Path) -> None:
    lines = read_metadata(metadata(tmp_path, b"a|In 1984.|In nineteen eighty-four.\nb|Yes.|1.25\nc|No\nd\n"))
    assert lines == [
        Line(1, "a", "In 1984.", "In nineteen eighty-four."), Line(2, "b", "Yes."), Line(3, "c", "No"), Line(4, "d")]
    assert [line.spoken for line in lines] == ["In nineteen eighty-four.", "Yes.", "No", ""]


def test_marks_and_line_ends_of_other_systems(tmp_path: Path) -> None:
    content = "\ufeffa|eins\r\n\r\nb|zwei\u2028noch\r\n".encode()
    lines = read_metadata(metadata(tmp_path, content))
    assert [(line.number, line.name, line.text) for line in lines] == [(1, "a", "eins"), (3, "b", "zwei\u2028noch")]


def test_names_with_a_suffix_mean_the_same(tmp_path: Path) -> None:
    assert [line.name for line in read_metadata(metadata(tmp_path, b"a.wav|x\nb.FLAC|y\nc.1|z\n"))] == ["a", "b", "c.1"]


@pytest.mark.parametrize(("content", "message"), [(b"\n \n", "names no clip"), (b"a|\xff\n", "UTF-8")])
def test_metadata_that_says_nothing(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        read_metadata(metadata(tmp_path, content))


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"metadata\.csv: a corpus needs this file.*it is not there$"):
        read_metadata(tmp_path)
    with pytest.raises(CorpusError, match="absent: there is no such folder; give one with"):
        read_metadata(tmp_path / "absent")
    (tmp_path / "corpus.zip").touch()
    with pytest.raises(CorpusError, match=r"corpus\.zip: a corpus is a folder, and this is a file"):
        read_metadata(tmp_path / "corpus.zip")
    assert read_validation(tmp_path) is None


@pytest.mark.parametrize(("sign", "told"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), (" ", "")])
def test_fields_that_are_parted_by_another_sign(sign: str, told: str, tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        (tmp_path / name).touch()
    lines = read_metadata(metadata(tmp_path, f"a{sign}One.\nb{sign}Two.\n".encode()))
    with pytest.raises(CorpusError) as caught:
        match_lines(tmp_path, lines)
    text = str(caught.value)
    assert "metadata.csv: none of its 2 lines has a text after a |" in text and "A line is name|text" in text
    assert (f"parted by {told}" in text) if told else ("parted by" not in text)


def test_names_alone_are_enough_and_one_line_of_the_right_form_too(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    for content, matched in ((b"a\nb\n", 1), (b"a,One.\nb|Two.\n", 0)):
        sources, findings = match_lines(tmp_path, read_metadata(metadata(tmp_path, content)))
        assert len(sources) == matched and any(found.kind == "no-file" for found in findings)


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", "/etc/passwd", "..", ".hidden", "a\0b", "x" * 300])
def test_names_that_lead_elsewhere(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize("name", ["LJ001-0001", "größe 7", "a.b", "x" * 200])
def test_names_that_are_names(name: str) -> None:
    assert name_problem(name) is None


def test_flac_goes_before_wav_and_both_are_known(tmp_path: Path) -> None:
    for place in ("flac/a.flac", "wavs/a.wav", "wavs/b.WAV", "c.flac", "wavs/.d.wav", "wavs/e.txt"):
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).touch()
    found = {name: [path.relative_to(tmp_path).as_posix() for path in paths]
             for name, paths in index_audio(tmp_path).items()}
    assert found == {"a": ["flac/a.flac", "wavs/a.wav"], "b": ["wavs/b.WAV"], "c": ["c.flac"]}
