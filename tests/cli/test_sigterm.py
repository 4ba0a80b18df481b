"""SIGTERM ends a call with 143, wherever it comes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SIGNAL = "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n"
CAUGHT = "try:\n    import os, signal\n    os.kill(os.getpid(), signal.SIGTERM)\nexcept BaseException:\n    pass\n"
HOOK = "from vocolab import hookimpl\n@hookimpl\ndef vocolab_effects():\n    "


@pytest.mark.parametrize(
    "code", [SIGNAL, CAUGHT + HOOK + "return []\n", HOOK + SIGNAL.replace("\n", "\n    ") + "return []\n"],
    ids=["while imported", "caught by the module", "in a hook"],
)
def test_while_plugins_are_loaded(tmp_path: Path, code: str) -> None:
    info = tmp_path / "vocolab_x-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: vocolab-x\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[vocolab]\nx = vocolab_x\n")
    (tmp_path / "vocolab_x.py").write_text(code)
    call = [sys.executable, "-m", "vocolab.cli.main", "effects"]
    done = subprocess.run(call, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert done.returncode == 143
    assert "Traceback" not in done.stderr and "failed" not in done.stderr
