"""What importing a plugin costs, found in a process of its own, so that none pays for another's imports."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

from vocolab.plugins.import_watch import LINES, MARK

_LIMIT_S = 60.0


@dataclass(frozen=True)
class ImportReport:
    """What importing plugin modules does."""

    seconds: float | None
    """Beyond vocolab itself. None where it failed, or took more than a minute."""
    problem: str = ""
    printed: str = ""
    heavy: dict[str, str] = field(default_factory=dict)
    """The heavy modules that were imported; each with the plugin's file and line that wanted it: "plugin.py:12"."""


def import_report(modules: Sequence[str]) -> ImportReport:
    """What importing modules does, in a new process."""
    done = _watched(*modules)
    if done is None:
        return ImportReport(None, f"more than {_LIMIT_S:g} s")
    line = next((line for line in reversed(done.stdout.splitlines()) if line.startswith(MARK)), None)
    if done.returncode != 0 or line is None:
        return ImportReport(None, (done.stderr.strip().splitlines() or ["it ended without a word"])[-1])
    found = json.loads(line.removeprefix(MARK))
    return ImportReport(found["seconds"], "", found["printed"], found["heavy"])


def slowest_line(modules: Sequence[str]) -> str:
    """The plugin's file and line that takes longest, "plugin.py:12"; empty where that can't be told."""
    done = _watched(LINES, *modules)
    line = next((line for line in done.stdout.splitlines() if line.startswith(MARK)), None) if done else None
    return str(json.loads(line.removeprefix(MARK))["slowest"]) if line else ""


def _watched(*arguments: str) -> subprocess.CompletedProcess[str] | None:
    command = [sys.executable, "-m", "vocolab.plugins.import_watch", *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=False,
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None
