"""One name in two Unicode forms: a recording is found in either, and trained on in none when it is held out."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from corpus_fakes import add, spoken, write_folder

from vocolab.bench.clips import validation_clips
from vocolab.corpora.names import NameIndex
from vocolab.corpora.preparing import Settings, prepare
from vocolab.corpora.report import Report
from vocolab.mels.conventions import convention
from vocolab.training.corpus import read_corpus

COMPOSED = unicodedata.normalize("NFC", "caf\u00e9_01")
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
FORMS = pytest.mark.parametrize(("line", "file"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)])


def run(source: Path) -> Report:
    return prepare(source, source.with_name("features"), convention("hifigan-22k"), Settings(trim_db=None))


def both_forms(tmp_path: Path) -> Path:
    """A folder with a recording in either form, of 1.3 s and 1.6 s; skipped where the file system knows one form."""
    source = write_folder(tmp_path / "raw")
    add(source, COMPOSED, None, spoken(1.3, 11))
    if (source / "wavs" / f"{DECOMPOSED}.wav").exists():
        pytest.skip("this file system takes both forms for one name")
    add(source, DECOMPOSED, None, spoken(1.6, 12))
    return source


def test_an_index_finds_equivalent_names_and_the_exact_one_first() -> None:
    assert COMPOSED != DECOMPOSED
    assert NameIndex([DECOMPOSED, "b"]).find(COMPOSED) == DECOMPOSED
    both = NameIndex([DECOMPOSED, COMPOSED])
    assert (both.find(COMPOSED), both.find(DECOMPOSED)) == (COMPOSED, DECOMPOSED)
    # Compatible is not equivalent: a ligature or a narrow letter is another name.
    assert NameIndex(["fi", "cafe_01"]).find("\ufb01") is None and NameIndex(["cafe_01"]).find(COMPOSED) is None


@FORMS
def test_a_line_finds_its_file_in_the_other_form(tmp_path: Path, line: str, file: str) -> None:
    source = write_folder(tmp_path / "raw")
    add(source, file, None, spoken(1.3, 11))
    add(source, line, "In the caf\u00e9.")
    report = run(source)
    assert not report.left_out and report.seconds[line] == pytest.approx(1.3, abs=1e-3)
    corpus = read_corpus(tmp_path / "features")
    assert line in {clip.name for clip in (*corpus.train, *corpus.validation)}
    assert run(source).prepared_now == 0


@FORMS
def test_of_two_files_the_exact_one_is_taken_and_the_other_named(tmp_path: Path, line: str, file: str) -> None:
    source = both_forms(tmp_path)
    add(source, line, "In the caf\u00e9.")
    report = run(source)
    assert report.seconds[line] == pytest.approx(1.3 if line == COMPOSED else 1.6, abs=1e-3)
    (left,) = report.left_out
    assert (left.name, left.kind) == (file, "no-line") and "Unicode form" in left.text


def test_two_lines_and_two_files_are_two_clips(tmp_path: Path) -> None:
    source = both_forms(tmp_path)
    add(source, COMPOSED, "One.")
    add(source, DECOMPOSED, "Two.")
    report = run(source)
    assert not report.left_out
    assert [round(report.seconds[name], 1) for name in (COMPOSED, DECOMPOSED)] == [1.3, 1.6]


@FORMS
def test_two_lines_of_one_file_name_it_twice(tmp_path: Path, line: str, file: str) -> None:
    source = write_folder(tmp_path / "raw")
    add(source, file, None, spoken(1.3, 11))
    add(source, line, "One.")
    add(source, file, "Two.")
    report = run(source)
    assert [(finding.name, finding.kind) for finding in report.left_out] == [(file, "named-twice")]
    (source / "validation.txt").write_text(f"{file}\n", encoding="utf-8")
    corpus = read_corpus(source)
    assert [clip.name for clip in corpus.validation] == [line]
    assert [skipped.split(":")[0] for skipped in corpus.skipped] == [file]


@FORMS
def test_what_is_held_out_in_one_form_is_so_in_the_other(tmp_path: Path, line: str, file: str) -> None:
    source = write_folder(tmp_path / "raw")
    add(source, file, None, spoken(1.3, 11))
    add(source, line, "In the caf\u00e9.")
    (source / "validation.txt").write_text(f"{file}\n", encoding="utf-8")
    report = run(source)
    assert report.held_out == {line} and not report.notes
    for folder in (source, tmp_path / "features"):
        corpus = read_corpus(folder)
        assert [clip.name for clip in corpus.validation] == [line] and not corpus.skipped
        assert [clip.samples.size for clip in corpus.validation] == [round(1.3 * 22_050)]
    assert [path.stem for path in validation_clips(source)] == [file]
