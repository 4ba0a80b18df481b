"""Standard streams that are closed, full, or read by nobody: the work is done all the same, and the end is defined."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio

VOCOLAB = [sys.executable, "-m", "vocolab"]


@pytest.fixture
def call(tmp_path: Path) -> str:
    Audio.mono(0.1 * np.random.default_rng(0).standard_normal(24_000), 24_000).save(tmp_path / "in.wav")
    return f"{' '.join(VOCOLAB)} master in.wav --preset none -o out.wav"


def shell(call: str, folder: Path) -> int:
    return subprocess.run(["bash", "-c", call], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True).returncode


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_costs_nothing(closed: str, call: str, tmp_path: Path) -> None:
    assert shell(f"{call} {closed}", tmp_path) == 0
    assert Audio.load(tmp_path / "out.wav").n_samples == 24_000
    assert sorted(os.listdir(tmp_path)) == ["in.wav", "out.wav"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_stdout_is_told_in_a_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([*VOCOLAB, "effects"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr == "vocolab: error: standard output: can't be written: No space left on device\n"


def test_whoever_reads_stdout_may_go(call: str, tmp_path: Path) -> None:
    """The file and the report are there all the same, and nothing is said."""
    end = shell(f"set -o pipefail; {call} --json --report r.json 2>err.txt | exec 0<&- sleep 0.1", tmp_path)
    assert end in (0, 1)
    assert json.loads((tmp_path / "r.json").read_text())["files"]
    assert "Traceback" not in (tmp_path / "err.txt").read_text()


def test_whoever_reads_stderr_may_go(call: str, tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(["bash", "-c", call], cwd=tmp_path, stderr=writing)
    os.close(writing)
    assert done.returncode == 0
    assert (tmp_path / "out.wav").exists()
