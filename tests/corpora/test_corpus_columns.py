"""Which field of a list is the text: a speaker's name is none, wherever it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpus_fakes import spoken, write_folder

from vocolab.corpora.folder import read_listing
from vocolab.corpora.preparing import Settings, prepare
from vocolab.errors import CorpusError
from vocolab.mels.conventions import convention

SENTENCES = [f"A sentence of its own, number {n}." for n in range(12)]
WORDED = [text.replace(str(n), f"word {n}") for n, text in enumerate(SENTENCES)]


def listing(tmp_path: Path, rows: list[list[str]]):
    text = "".join("|".join([f"c{n}", *fields]) + "\n" for n, fields in enumerate(rows))
    (tmp_path / "metadata.csv").write_text(text, encoding="utf-8")
    return read_listing(tmp_path)


@pytest.mark.parametrize("n_speakers", [1, 3, 12])
@pytest.mark.parametrize("place", ["behind", "before", "behind both", "between"])
def test_a_speaker_is_not_a_text(tmp_path, n_speakers, place):
    orders = {"behind": "ts", "before": "st", "behind both": "tns", "between": "tsn"}
    rows = [[{"t": text, "n": WORDED[n], "s": f"speaker{n % n_speakers}"}[kind] for kind in orders[place]]
            for n, text in enumerate(SENTENCES)]
    found = listing(tmp_path, rows)
    assert [line.text for line in found.lines] == SENTENCES
    assert [line.normalised for line in found.lines] == (WORDED if "n" in orders[place] else [""] * 12)
    (said,) = found.assumed
    number = orders[place].index("s") + 2
    assert said.startswith(f"metadata.csv: field {number} (speaker0") and said.endswith("label, not for a text")


@pytest.mark.parametrize("n_clips", [1, 2])
def test_a_few_clips_tell_by_words(tmp_path, n_clips):
    found = listing(tmp_path, [[SENTENCES[n], f"p{n + 225}"] for n in range(n_clips)])
    assert [line.spoken for line in found.lines] == SENTENCES[:n_clips]


@pytest.mark.parametrize("rows", [
    [["In 1984.", "In nineteen eighty-four."], ["Yes.", "1.25"], ["No"], []],
    [["Dr. Who", "Doctor Who"], ["Mr. X", "Mister X"], ["Mr. X", "Mister X"]],
    [["one text for all of them", "one text for all of them"]] * 6,
    [["今日は良い天気です", "きょうはよいてんきです"], ["はい", "はい"]],
    [[text, text.upper()] for text in SENTENCES],
], ids=["LJ Speech", "abbreviations", "one prompt", "no spaces", "capitals"])  # fmt: skip
def test_texts_stay_texts(tmp_path, rows):
    found = listing(tmp_path, rows)
    assert found.assumed == ()
    assert [line.text for line in found.lines] == [row[0] if row else "" for row in rows]
    assert [line.normalised for line in found.lines] == [row[1] if len(row) > 1 and row[1] != "1.25" else ""
                                                         for row in rows]


def test_words_of_several_speakers_are_the_first_field(tmp_path):
    found = listing(tmp_path, [[word, f"s{n}"] for n in range(3) for word in ("yes", "no", "stop")])
    assert [line.spoken for line in found.lines] == ["yes", "no", "stop"] * 3


def test_whole_prompts_are_held_out_and_it_is_said(tmp_path):
    folder = write_folder(tmp_path / "corpus", texts=[f"{text}|speaker{n % 2}" for n, text in enumerate(SENTENCES[:6])])
    report = prepare(folder, tmp_path / "out", convention("hifigan-22k"), Settings())
    assert len(report.held_out) == 1
    assert "field 3 (speaker0, speaker1) is taken for the speaker" in report.to_text()
    assert report.to_dict()["assumed"] == list(report.assumed)


def plain_folder(folder: Path, names: list[str]) -> Path:
    folder.mkdir()
    for seed, name in enumerate(names):
        spoken(seed=seed).save(folder / name)
    return folder


@pytest.mark.parametrize("place", [".", "wavs"])
def test_a_plain_folder_is_a_corpus_without_texts(tmp_path, place):
    folder = tmp_path / "corpus"
    folder.mkdir(exist_ok=True)
    plain_folder(folder / "wavs" if place == "wavs" else tmp_path / "corpus2", ["a.wav", "b c.wav", "ü.flac"])
    folder = folder if place == "wavs" else tmp_path / "corpus2"
    report = prepare(folder, tmp_path / "out", convention("hifigan-22k"), Settings())
    assert sorted(report.seconds) == ["a", "b c", "ü"] and len(report.held_out) == 1 and report.left_out == []
    assert "no metadata.csv: its 3 recordings are clips without texts" in report.to_text()
    again = prepare(folder, tmp_path / "out", convention("hifigan-22k"), Settings())
    assert again.prepared_now == 0
    assert sorted(line.name for line in read_listing(tmp_path / "out").lines) == ["a", "b c", "ü"]


def test_names_that_no_line_can_have_are_spelled_out(tmp_path):
    names = ["caf\udce9.wav", "a|b.wav", " x .wav", "line\nend.wav", "back\\slash.wav", "x.wav.wav", "😀" * 60 + ".wav"]
    folder = plain_folder(tmp_path / "corpus", names)
    report = prepare(folder, tmp_path / "out", convention("hifigan-22k"), Settings())
    wanted = {"caf%e9", "a%7cb", "%20x%20", "line%0aend", "back%5cslash", "x%2ewav", "😀" * 60}
    assert set(report.seconds) == wanted
    assert {line.name for line in read_listing(tmp_path / "out").lines} == wanted


def test_a_folder_with_nothing_in_it(tmp_path):
    with pytest.raises(CorpusError, match=r"holds neither metadata\.csv, a line a clip as name\|text, nor recordings"):
        read_listing(tmp_path)
    (tmp_path / "speaker7").mkdir()
    (tmp_path / "speaker7" / "a.wav").touch()
    with pytest.raises(CorpusError, match="speaker7 has some: name that folder"):
        read_listing(tmp_path)
    (tmp_path / "a.mp3").touch()
    with pytest.raises(CorpusError, match=r"it has 1 \.mp3, which 'vocolab master --preset none' brings to FLAC"):
        read_listing(tmp_path)
