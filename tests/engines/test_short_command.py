"""What one short `vocolab render` costs once its voice is compiled: no torch, and few seconds of a processor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vocolab.mels.conventions import convention
from vocolab.mels.plausible import plausible_mel

pytestmark = pytest.mark.slow
VOICE, FRAMES = "vocos-22k", 431
"""Five seconds."""
CPU_SECONDS = 3.5
"""On a machine with ten times more work than processors it took 2.4; with torch it takes 4."""
_CODE = """
import sys, time
from vocolab.cli.main import run
code = run(sys.argv[1:])
print(time.process_time(), "torch" in sys.modules)
sys.exit(code)
"""


def test_it_imports_no_torch_and_is_quick(engine: str, tmp_path: Path) -> None:
    np.save(tmp_path / "mel.npy", plausible_mel(convention("hifigan-22k"), FRAMES, np.random.default_rng(0)))
    call = ["--quiet", "render", str(tmp_path / "mel.npy"), "--mel-spec", "hifigan-22k", "--voice", VOICE,
            "--engine", engine, "--threads", "1", "-o", str(tmp_path / "out.wav")]  # fmt: skip

    def spent() -> tuple[float, str]:
        done = subprocess.run([sys.executable, "-c", _CODE, *call], capture_output=True, text=True, check=True)
        seconds, has_torch = done.stdout.split()
        return float(seconds), has_torch

    assert spent()[1] == "True"  # compiled now
    runs = [spent() for _ in range(3)]
    assert {has_torch for _, has_torch in runs} == {"False"}
    assert min(seconds for seconds, _ in runs) < CPU_SECONDS
