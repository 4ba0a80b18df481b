"""What `plugins new` writes has no finding of pyright, which sees vocolab's types as an author's editor does.

mypy --strict is run on each kind in test_new_packages.py, against vocolab's wheel.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from vocolab.plugins.scaffold import KINDS, new_package

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_pyright_finds_nothing(tmp_path: Path) -> None:
    """All kinds at once, with their tests, as it is set for an author who sets nothing."""
    if find_spec("pyright") is None:
        pytest.skip("needs the package pyright, and node")
    sources = [str(new_package(f"my-{kind}", kind, tmp_path) / "src") for kind in KINDS]
    config = {"include": ["."], "extraPaths": [*sources, str(ROOT), str(ROOT / "plugins"), *sys.path[1:]],
              "pythonVersion": f"3.{sys.version_info.minor}"}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "pyright", "--outputjson", "-p", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout.startswith("{"):
        pytest.skip(f"pyright can't be run here: {(done.stderr or done.stdout).strip()[-200:]}")
    found = json.loads(done.stdout)["generalDiagnostics"]
    assert not found, "\n".join(f"{Path(one['file']).name}:{one['range']['start']['line'] + 1}: {one['message']}"
                                for one in found)
