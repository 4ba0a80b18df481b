"""How much memory a rendering takes, file to file, above a process that has imported torch; the same for any length."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vocolab.bench.speed.cases import choose
from vocolab.catalog import Catalog
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


def rendering_mb(folder: Path, frames: int, *options: str) -> float:
    """Of `vocolab render` on torch, which takes more than engines do, without the mel itself."""
    mel = folder / "mel.npy"
    np.save(mel, plausible_mel(SPEC, frames, np.random.default_rng(0)))
    call = ["-m", "vocolab", "--quiet", "render", str(mel), "--mel-spec", "hifigan-22k", "--engine", "torch"]
    return peak_mb(*call, *options, "-o", str(folder / "out.wav")) - mel.stat().st_size / 2**20


@pytest.fixture(scope="module")
def torch_mb() -> float:
    return peak_mb("-c", "import torch")


def test_the_default_voice_takes_less_than_120_mb(tmp_path: Path, torch_mb: float) -> None:
    short, long = (rendering_mb(tmp_path, frames) for frames in (_FRAMES, 4 * _FRAMES))
    assert long - torch_mb < 120
    assert long - short < 15


def test_hifigan_v1_takes_less_than_400_mb(tmp_path: Path, torch_mb: float) -> None:
    catalog = Catalog.installed(no_plugins=True)
    (case,) = choose(catalog, (), (), ("hifigan:v1",))
    voice = case.load(catalog)
    assert voice is not None
    voice.save(tmp_path / "v1.safetensors")
    assert rendering_mb(tmp_path, _FRAMES, "--voice", str(tmp_path / "v1.safetensors")) - torch_mb < 400
