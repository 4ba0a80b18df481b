"""How long each plugin takes to import, each in a process of its own, so that none pays for another's imports."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

_CODE = r"""
import sys, time, numpy, pydantic, vocolab, vocolab.plugins.specs
started = time.perf_counter()
__import__(sys.argv[1])
print("", time.perf_counter() - started, sep="\n", file=sys.__stderr__)
"""
_LIMIT_S = 60.0


class ImportTime(NamedTuple):
    """What importing a plugin's module costs."""

    seconds: float | None
    """None where it failed, or took more than a minute."""
    problem: str = ""


def import_time(module: str) -> ImportTime:
    """The seconds that a module takes beyond vocolab itself, in a new process."""
    try:
        done = subprocess.run([sys.executable, "-c", _CODE, module], capture_output=True, text=True, timeout=_LIMIT_S,
                              check=False, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return ImportTime(None, f"more than {_LIMIT_S:g} s")
    lines = done.stderr.strip().splitlines() or ["it ended without a word"]
    if done.returncode != 0:
        return ImportTime(None, lines[-1])
    return ImportTime(float(lines[-1]))


def import_times(modules: dict[str, str]) -> Iterator[tuple[str, ImportTime]]:
    """The same for each of several modules, by the plugin's key."""
    for key, module in modules.items():
        yield key, import_time(module)
