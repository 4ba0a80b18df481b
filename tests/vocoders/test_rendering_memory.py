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

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no wait4")]
_UNIT = 2**20 if sys.platform == "darwin" else 2**10
SPEC = convention("hifigan-22k")
_FRAMES = 1_100
"""Two chunks and a bit, from which on memory does not grow with the length."""


def peak_mb(*command: str) -> float:
    """The most memory that a process has taken."""
    process = subprocess.Popen([sys.executable, *command], env={**os.environ, "OMP_NUM_THREADS": "1"})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / _UNIT


def rendering_mb(folder: Path, frames: int) -> float:
    """Of `vocolab render` with the default voice on ONNX Runtime, without the mel itself."""
    mel = folder / "mel.npy"
    np.save(mel, plausible_mel(SPEC, frames, np.random.default_rng(0)))
    call = ["-m", "vocolab", "--quiet", "render", str(mel), "--mel-spec", "hifigan-22k", "--engine", "onnx"]
    return peak_mb(*call, "--threads", "1", "-o", str(folder / "out.wav")) - mel.stat().st_size / 2**20


def test_the_default_voice_takes_less_than_120_mb(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime")
    torch_mb = peak_mb("-c", "import torch")
    rendering_mb(tmp_path, 1)  # compiled now, if it was not
    short, long = (rendering_mb(tmp_path, frames) for frames in (_FRAMES, 4 * _FRAMES))
    assert long - torch_mb < 120
    assert long - short < 15
