"""SIGTERM ends a call with 143 and SIGHUP with 129, wherever they come, and Ctrl-C with 130."""

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
    call = [sys.executable, "-m", "vocolab", "effects"]
    done = subprocess.run(call, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(tmp_path)})
    assert done.returncode == 143
    assert "Traceback" not in done.stderr and "failed" not in done.stderr


EARLY = """
import os, signal, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == os.environ["VICTIM"]:
            os.kill(os.getpid(), signal.{signal})
sys.meta_path.insert(0, Finder())
from vocolab.__main__ import main
main()
"""


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
@pytest.mark.parametrize("module", ["click", "vocolab.cli.main", "vocolab.catalog", "vocolab_hifigan.plugin"])
def test_from_the_first_import_on(module: str, number: str, code: int) -> None:
    call = [sys.executable, "-c", EARLY.replace("{signal}", number), "effects"]
    done = subprocess.run(call, capture_output=True, text=True, env={**os.environ, "VICTIM": module})
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_what_nohup_ignores_stays_ignored() -> None:
    code = "import signal\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)" + EARLY.replace("{signal}", "SIGHUP")
    call = [sys.executable, "-c", code, "effects"]
    done = subprocess.run(call, capture_output=True, text=True, env={**os.environ, "VICTIM": "vocolab.catalog"})
    assert done.returncode == 0


LOST = """
import os, signal, time
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "vocolab.catalog":
            Dies()
            time.sleep(5)
class Dies:
    def __del__(self):
        os.kill(os.getpid(), signal.{signal})
        time.sleep(0.01)
import sys
sys.meta_path.insert(0, Finder())
from vocolab.__main__ import main
main()
"""


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_where_what_is_raised_gets_lost(number: str, code: int) -> None:
    call = [sys.executable, "-c", LOST.format(signal=number), "effects"]
    done = subprocess.run(call, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr and "ignored" not in done.stderr
