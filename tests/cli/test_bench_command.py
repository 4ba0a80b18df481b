"""`vocolab bench quality` from outside: tables, JSON, and bad input before any work."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from speechlike import speechlike

from vocolab.voice import Voice


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    (folder / "wavs").mkdir(parents=True)
    for index in range(2):
        speechlike(1.5 + index / 10).save(folder / "wavs" / f"c{index}.wav", bit_depth=16)
    (folder / "metadata.csv").write_text("c0|One.\nc1|Two.\n")
    (folder / "validation.txt").write_text("c1\n")
    return folder


@pytest.fixture
def trained(tmp_path, voice_file):
    path = tmp_path / "mine.safetensors"
    replace(Voice.load(voice_file), provenance={"steps": 3}).save(path)
    return path


@pytest.fixture
def quality(cli, corpus):
    pytest.importorskip("pesq")

    def call(*more, data=corpus):
        return cli("bench", "quality", "--data", data, *more)

    return call


def test_tables_and_json(quality, corpus, trained, tmp_path):
    result = quality("--vocoder", "griffinlim", "--voice", trained, "--second", corpus, "-o", "results.md", "--json")
    assert result.code == 0, result.err
    labels = [row["label"] for row in result.json["data"]["rows"]]
    assert labels == ["recordings", "griffinlim, hifigan-22k", "mine.safetensors"]
    top, griffinlim, mine = result.json["data"]["rows"]
    assert top["stoi"] == pytest.approx(1.0) and top["pesq_wb"] == pytest.approx(4.64, abs=0.01)
    assert griffinlim["stoi"] > mine["stoi"]  # random weights
    assert mine["stored_bytes"] == trained.stat().st_size and mine["rtf"] > 0
    assert [check["holds"] for check in result.json["second_speaker_checks"]] == [True, True]
    text = (tmp_path / "results.md").read_text()
    headings = ("PESQ-WB", "RTF", "M-STFT", "MCD dB", "periodicity RMSE", "V/UV F1", "| 8 k |")
    for part in ("| recordings |", "| griffinlim, hifigan-22k |", *headings, "within 0.06"):
        assert part in text


def test_options_of_a_vocoder(quality):
    result = quality("--vocoder", "griffinlim", "--set", "vocoder.iterations=4", "vocoder.inversion=pseudo-inverse",
                     "--json")
    assert result.code == 0, result.err
    label = result.json["data"]["rows"][1]["label"]
    assert label == "griffinlim, hifigan-22k, iterations=4, inversion=pseudo-inverse"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--voice", "vocos-23k"), 2, "Did you mean 'vocos-22k'?"),
        (("--vocoder", "nonesuch"), 2, "there is no vocoder named 'nonesuch'"),
        (("--voice", "absent.safetensors"), 1, "absent.safetensors"),
        (("--second", "absent"), 1, "metadata.csv"),
        (("-o", "file/results.md"), 1, "is not a folder"),
        (("--refine", "0"), 2, "--refine"),
        (("--set", "vocoder.iterations"), 2, "not of the form"),
        (("--set", "loudness.target_lufs=-16"), 2, "no effects are run"),
        (("--set", "vocoder.iterations=9"), 2, "unknown option"),  # there are voices among the rows, and they have none
        (("--vocoder", "griffinlim", "--set", "vocoder.inversion=best"), 2, "pseudo-inverse"),
    ],
)
def test_bad_calls_fail_before_the_work(quality, tmp_path, monkeypatch, arguments, code, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("no folder")
    result = quality(*arguments)
    assert result.code == code
    assert message in result.error
    assert result.out == ""


def test_a_folder_that_is_no_corpus(quality, corpus, tmp_path):
    assert "metadata.csv: a corpus needs this file" in quality(data=tmp_path).error
    (corpus / "validation.txt").unlink()
    assert "no prompts to validate with" in quality().error
    (corpus / "validation.txt").write_text("somebody\n")
    assert "none of the validation prompts" in quality().error


def test_untrained_weights_are_refused(quality, voice_file):
    result = quality("--voice", voice_file)
    assert result.code == 1
    assert "random weights" in result.error


def test_without_the_extra(quality, monkeypatch):
    monkeypatch.setitem(sys.modules, "pystoi", None)
    result = quality()
    assert result.code == 1
    assert "pip install 'vocolab[metrics]'" in result.error


def test_dnsmos_without_its_packages(quality, monkeypatch):
    from vocolab.bench import dnsmos

    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    dnsmos._session.cache_clear()
    result = quality("--dnsmos")
    assert result.code == 1
    assert "pip install 'vocolab[dnsmos]'" in result.error


@pytest.mark.parametrize("command", ["speed", "effects", "speech"])
def test_what_one_machine_measures_is_not_handed_out(cli, command):
    result = cli("bench", command, "--cluster", "10.0.0.1:6379")
    assert result.code == 2
    assert "this machine" in result.error or "of one machine" in result.error
    assert result.error.startswith("--cluster 10.0.0.1:6379: ")
