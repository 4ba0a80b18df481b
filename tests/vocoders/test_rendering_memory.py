"""How much memory a rendering takes, file to file, above a process that has imported torch; the same for any length."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vocolab.mels.conventions import convention
from vocolab.mels.plausible import plausible_mel
from vocolab_hifigan.published import untrained

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no wait4")]
_UNIT = 2**20 if sys.platform == "darwin" else 2**10
SPEC = convention("hifigan-22k")
DEFAULT = "harmonic-22k"
"""The voice that `render` takes where none is named."""
_FRAMES = 1_100
"""Two chunks and a bit, from which on memory does not grow with the length."""


def peak_mb(*command: str) -> float:
    """The most memory that a process has taken."""
    process = subprocess.Popen([sys.executable, *command], env={**os.environ, "OMP_NUM_THREADS": "1"})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / _UNIT


def rendering_mb(folder: Path, frames: int, voice: str | Path, engine: str) -> float:
    """Of `vocolab render`, without the mel itself."""
    mel = folder / "mel.npy"
    np.save(mel, plausible_mel(SPEC, frames, np.random.default_rng(0)))
    call = ["-m", "vocolab", "--quiet", "render", str(mel), "--mel-spec", "hifigan-22k", "--voice", str(voice)]
    end = ["--engine", engine, "--threads", "1", "-o", str(folder / "out.wav")]
    return peak_mb(*call, *end) - mel.stat().st_size / 2**20


@pytest.fixture(scope="module")
def torch_mb() -> float:
    return peak_mb("-c", "import torch")


def test_the_default_voice_takes_less_than_120_mb(tmp_path: Path, torch_mb: float) -> None:
    pytest.importorskip("onnxruntime")
    rendering_mb(tmp_path, 1, DEFAULT, "onnx")  # compiled now, if it was not
    short, long = (rendering_mb(tmp_path, frames, DEFAULT, "onnx") for frames in (_FRAMES, 4 * _FRAMES))
    assert long - torch_mb < 120
    assert long - short < 15


def test_on_torch_too(tmp_path: Path, torch_mb: float) -> None:
    short, long = (rendering_mb(tmp_path, frames, DEFAULT, "torch") for frames in (_FRAMES, 4 * _FRAMES))
    assert long - torch_mb < 120
    assert long - short < 15


def test_hifigan_v1_takes_less_than_400_mb(tmp_path: Path, torch_mb: float) -> None:
    voice = tmp_path / "v1.safetensors"
    untrained()["v1"]().save(voice)
    assert rendering_mb(tmp_path, _FRAMES // 2, voice, "torch") - torch_mb < 400
