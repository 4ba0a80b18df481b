"""`vocolab bench speech`: prompts, words that were heard, and rows, with a listener who is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from speaking_fakes import Reader, catalog_of, install, voice_sources

from vocolab import Audio
from vocolab.bench.speech import others as other_systems
from vocolab.bench.speech.measuring import measure_talker
from vocolab.bench.speech.others import Package, Program
from vocolab.bench.speech.prompts import Prompt, drawn_sentences, validation_prompts
from vocolab.bench.speech.talkers import others, recordings, voices
from vocolab.bench.speech.words import spelled_words, word_errors
from vocolab.cli.main import run
from vocolab.errors import CorpusError, UnknownName, VocolabError
from vocolab.metrics.warped import warped, warping
from vocolab.texts.opening import open_speaker

TEXTS = ["One two three four.", "Five six seven.", "Eight nine ten.", "Two and two.", "Three and three.", "Four."]


class Listener:
    """Hears what it is told to, whatever is said."""

    def __init__(self, *heard: str) -> None:
        self.heard = list(heard)

    def transcript(self, audio, language, model="base") -> str:
        return self.heard.pop(0)

    def distillmos(self, audio) -> float:
        return 4.0


@pytest.fixture
def corpus(tmp_path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "wavs").mkdir(parents=True)
    lines = []
    for number, text in enumerate(TEXTS):
        random = np.random.default_rng(number)
        time = np.arange(22_050) / 22_050
        samples = 0.2 * np.sin(2 * np.pi * 150 * time) * (time % 0.3 < 0.2) + 0.001 * random.standard_normal(time.size)
        Audio.mono(samples.astype(np.float32), 22_050).save(folder / "wavs" / f"c{number}.wav")
        lines.append(f"c{number}|{text}")
    (folder / "metadata.csv").write_text("\n".join(lines))
    (folder / "validation.txt").write_text("\n".join(f"c{number}" for number in range(len(TEXTS))))
    return folder


def test_prompts_of_a_corpus_and_of_its_halves(corpus) -> None:
    both = validation_prompts(corpus)
    assert [(prompt.name, prompt.text) for prompt in both] == [(f"c{n}", text) for n, text in enumerate(TEXTS)]
    halves = [validation_prompts(corpus, half) for half in ("choosing", "reporting")]
    assert sorted(prompt.name for half in halves for prompt in half) == [prompt.name for prompt in both]


def test_sentences_are_drawn_by_their_seed_from_their_groups(tmp_path) -> None:
    table = tmp_path / "texts.csv"
    lengths = {f"LJ04{group}-{n:04d}": n for group in range(4, 9) for n in range(15, 46)}
    table.write_text("\n".join(f"{name}|{' '.join(['word'] * n)}." for name, n in lengths.items()))
    drawn = drawn_sentences(table, ["LJ045", "LJ046"], 12, seed=3)
    assert drawn == drawn_sentences(table, ["LJ045", "LJ046"], 12, seed=3)
    assert drawn != drawn_sentences(table, ["LJ045", "LJ046"], 12, seed=4)
    assert len({prompt.name for prompt in drawn}) == 12
    assert all(20 <= lengths[prompt.name] <= 40 and prompt.name[:5] in ("LJ045", "LJ046") for prompt in drawn)
    with pytest.raises(CorpusError, match="holds 21 sentences"):
        drawn_sentences(table, ["LJ048"], 22)


@pytest.mark.parametrize(
    ("wanted", "heard", "errors"),
    [
        ("a b c", "a b c", (0, 0, 0)), ("a b c", "a x c", (1, 0, 0)), ("a b c", "a c", (0, 1, 0)),
        ("a b c", "a b b c", (0, 0, 1)), ("a b c", "", (0, 3, 0)), ("", "a", (0, 0, 1)),
        ("the quick brown fox", "quick brow fox jumps", (1, 1, 1)),
    ],
)  # fmt: skip
def test_errors_by_kind(wanted, heard, errors) -> None:
    assert word_errors(wanted.split(), heard.split())[:3] == errors


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_errors_balance_and_are_no_more_than_all_words(wanted, heard) -> None:
    errors = word_errors(wanted, heard)
    assert len(wanted) - errors.missed + errors.added == len(heard)
    assert errors.all <= max(len(wanted), len(heard))
    assert (errors.all == 0) == (wanted == heard)
    back = word_errors(heard, wanted)
    assert back.all == errors.all


def test_both_sides_are_spelled_alike(monkeypatch, tmp_path) -> None:
    words_of = spelled_words(open_speaker(catalog_of(monkeypatch, voice_sources(tmp_path))))
    assert words_of("It cost $12.50 — twenty-one!") == words_of("it cost twelve dollars fifty cents twenty one")


@given(st.lists(st.integers(1, 4), min_size=2, max_size=12))
def test_a_warping_finds_what_was_stretched(times) -> None:
    first = np.random.default_rng(1).normal(size=(13, len(times)))
    second = np.repeat(first, times, axis=1)
    path = warping(first, second)
    assert np.array_equal(path[:, 0], np.repeat(np.arange(len(times)), times))
    assert np.allclose(first[:, path[:, 0]], second[:, path[:, 1]])


def test_a_recording_is_at_no_distance_from_itself_and_an_octave_is_ln_2(corpus) -> None:
    recording = Audio.load(corpus / "wavs" / "c0.wav")
    same = warped(recording, recording)
    assert same.mcd_db == pytest.approx(0, abs=1e-4)
    assert same.log_f0_rmse == pytest.approx(0, abs=1e-6)
    time = np.arange(22_050) / 22_050
    low, high = (Audio.mono(0.2 * np.sin(2 * np.pi * hz * time), 22_050) for hz in (120, 240))
    assert warped(low, high).log_f0_rmse == pytest.approx(np.log(2), abs=0.01)


def test_rows(monkeypatch, tmp_path, corpus) -> None:
    catalog = catalog_of(monkeypatch, voice_sources(tmp_path))
    words_of = spelled_words(open_speaker(catalog))
    prompts = [*validation_prompts(corpus)[:2], Prompt("drawn", "Ten more words.")]
    ((talker, copy),) = voices(catalog, ["reader-one:high"], None, print)
    said = Reader.said
    row = measure_talker(talker, prompts, Listener("one two four", "five six heaven now", "ten more words"), words_of)
    assert Reader.said - said >= 4  # one to warm up
    assert row.figures["wer_percent"] == pytest.approx(100 * 3 / 10)
    assert row.figures["missed_added_percent"] == pytest.approx(100 * 2 / 10)
    assert row.figures["distillmos"] == 4
    assert row.figures["first_ms"] > 0
    assert row.figures["rtf"] > 0
    assert row.figures["mcd_dtw_db"] > 0
    assert copy is not None
    for of_recordings in (copy, recordings()):
        row = measure_talker(of_recordings, prompts, Listener(TEXTS[0], TEXTS[1]), words_of)
        assert row.figures["wer_percent"] == 0
        assert len(row.measured) == 2  # the drawn sentence has no recording
        assert ("rtf" in row.figures) == (of_recordings is copy)


def test_other_systems(monkeypatch, tmp_path) -> None:
    missing = Program("no such program", ("no-such-program", "{text}"))
    fails = Program("false", ("false", "{text}", "{file}"))
    monkeypatch.setattr("vocolab.bench.speech.talkers.OTHERS", (missing, fails, Package("no package", "no_pkg", "X")))
    told: list[str] = []
    (only,) = others(None, told.append)
    assert only.label == "false"
    assert told == ["no such program is not installed: no row", "no package is not installed: no row"]
    with pytest.raises(VocolabError, match="false: ended with 1"):
        list(only.open()(Prompt("a", "Hello.")))
    with pytest.raises(UnknownName, match="no such program"):
        others(["nobody"], told.append)
    assert {other.name for other in other_systems.OTHERS} == {"hibari-tts", "espeak-ng", "flite slt"}


def test_the_command(monkeypatch, tmp_path, corpus, capsys) -> None:
    from vocolab.bench.judges import client

    class Judges(Listener):
        def __enter__(self):
            return self

        def __exit__(self, *error) -> None: ...

        def transcript(self, audio, language, model="base") -> str:
            return "one two"

    monkeypatch.setattr(client, "Judges", Judges)
    install(monkeypatch, voice_sources(tmp_path))
    arguments = ["bench", "speech", "--data", str(corpus), "--voice", "reader-one", "--no-others", "--half", "both",
                 "--save", str(tmp_path / "kept"), "-o", str(tmp_path / "out.md"), "--json", "--quiet"]  # fmt: skip
    assert run(arguments) == 0
    text = (tmp_path / "out.md").read_text()
    assert "6 validation prompts (`corpus`)" in text
    for row in ("| recordings |", "| recordings through level-22k |", "| reader-one |"):
        assert row in text
    assert '"wer_percent"' in capsys.readouterr().out
    assert len(list((tmp_path / "kept" / "reader-one").glob("*.flac"))) == 6
    assert run(["bench", "speech"]) == 2
