"""`vocolab data prepare` from outside: what is printed, exit codes, and a process that is killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from speechlike import speechlike


def corpus(folder: Path, clips: int = 5, seconds: float = 1.0) -> Path:
    (folder / "wavs").mkdir(parents=True)
    for index in range(clips):
        audio = speechlike(seconds + index / 50)
        audio.save(folder / "wavs" / f"c{index}.wav", bit_depth=16)
    (folder / "metadata.csv").write_text("".join(f"c{index}|Text {index}.\n" for index in range(clips)))
    return folder


@pytest.fixture
def prepare(cli, tmp_path):
    def call(*more, source="raw", output="features"):
        return cli("data", "prepare", tmp_path / source, "--mel-spec", "hifigan-22k", "-o", tmp_path / output,
                   "--noise-dbfs", "0", *more)

    return call


def test_what_was_done_and_what_was_left_out_is_told(prepare, tmp_path):
    source = corpus(tmp_path / "raw")
    with (source / "metadata.csv").open("a") as metadata:
        metadata.write("gone|Never recorded.\n")
    result = prepare()
    assert result.code == 0
    assert "4 clips" in result.err and "1 clip (" in result.err
    assert "left out (no-file 1):" in result.err and "gone: line 6" in result.err
    assert str(tmp_path / "features" / "report.json") in result.err
    assert result.out == ""


def test_json_is_the_report(prepare, tmp_path):
    corpus(tmp_path / "raw")
    result = prepare("--json", "--jobs", "2", "--validation", "2")
    assert result.json == json.loads((tmp_path / "features" / "report.json").read_text())
    assert (result.json["train"]["clips"], result.json["validation"]["clips"]) == (3, 2)
    assert prepare("--json").json["prepared_now"] == 0


def test_quiet_says_nothing(prepare, tmp_path):
    corpus(tmp_path / "raw")
    assert (prepare("--quiet").err, (tmp_path / "features" / "corpus.json").is_file()) == ("", True)


@pytest.mark.parametrize(
    ("arguments", "source", "code", "message"),
    [
        ((), "absent", 1, "absent: there is no such folder"),
        (("--mel-spec", "hifigan-23k"), "raw", 2, "Did you mean 'hifigan-22k'?"),
        (("--sample-rate", "16000"), "raw", 2, "below the convention's 22050 Hz"),
        (("--shortest", "40"), "raw", 2, "below the longest"),
        (("--shortest", "9"), "raw", 1, "none of its 5 clips can be used; c0: 1.00 s; at least 9 s"),
        (("--validation", "0"), "raw", 2, "--validation"),
    ],
)
def test_bad_calls_are_one_line(prepare, tmp_path, arguments, source, code, message):
    corpus(tmp_path / "raw")
    result = prepare(*arguments, source=source)
    assert result.code == code
    assert message in result.error


def test_a_table_with_commas(prepare, tmp_path):
    source = corpus(tmp_path / "raw")
    metadata = source / "metadata.csv"
    metadata.write_text(metadata.read_text().replace("|", ","))
    result = prepare()
    assert result.code == 1 and "they look as if parted by commas. A line is name|text" in result.error
    assert not (tmp_path / "features").exists()


def test_a_folder_that_is_taken(prepare, tmp_path):
    corpus(tmp_path / "raw")
    assert "name another one" in prepare(output="raw").error
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("all of it")
    assert prepare(output="mine").code == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_to_the_same_result(tmp_path):
    source = corpus(tmp_path / "raw", clips=20, seconds=1.0)

    def command(target: Path) -> list[str]:
        return [sys.executable, "-m", "vocolab", "data", "prepare", str(source), "-o", str(target),
                "--mel-spec", "vocos-24k", "--noise-dbfs", "0"]

    subprocess.run(command(tmp_path / "whole"), check=True, capture_output=True)
    killed = tmp_path / "killed"
    for done in (3, 10):
        process = subprocess.Popen(command(killed), stderr=subprocess.DEVNULL)
        while process.poll() is None and len(list(killed.glob("flac/c*.flac"))) < done:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (killed / "corpus.json").exists()
    subprocess.run(command(killed), check=True, capture_output=True)
    for path in (tmp_path / "whole").rglob("*"):
        if path.is_file() and path.name != "report.json":
            assert (killed / path.relative_to(tmp_path / "whole")).read_bytes() == path.read_bytes(), path
