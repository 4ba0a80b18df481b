"""What importing plugin modules does, in a process of its own: `python -m vocolab.plugins.import_watch MODULE ...`.

It prints a line of JSON: the seconds beyond what vocolab itself takes, what was printed meanwhile, and the line of the
plugin that imported each heavy module. With `--lines` it finds the line of the plugin that takes longest instead, which
makes everything slower.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

HEAVY = ("torch", "scipy", "librosa", "numba", "pedalboard", "soundfile", "matplotlib", "onnxruntime", "transformers")
"""What a plugin module must not import."""
MARK = "vocolab.plugins.import_watch"
LINES = "--lines"


class _Heavy:
    """A finder that finds nothing, and remembers who asked for a heavy module first."""

    def __init__(self, packages: Iterable[str]) -> None:
        self.lines: dict[str, str] = {}
        self._packages = set(packages)

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name in HEAVY and name not in self.lines:
            self.lines[name] = self._asking(sys._getframe(1))

    def _asking(self, frame: FrameType | None) -> str:
        while frame is not None and _package(frame) not in self._packages:
            frame = frame.f_back
        return "" if frame is None else _line(frame)


class _Slow:
    """A trace function that adds up how long each line of the packages' module bodies takes, all that it calls too."""

    def __init__(self, packages: Iterable[str]) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._packages = set(packages)
        self._at: dict[FrameType, tuple[str, float]] = {}

    def __call__(self, frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_name != "<module>" or _package(frame) not in self._packages:
            return None
        now = time.perf_counter()
        if frame in self._at:
            line, since = self._at[frame]
            self.seconds[line] += now - since
        self._at[frame] = _line(frame), now
        return self

    def slowest(self) -> str:
        return max(self.seconds, key=self.seconds.__getitem__, default="")


def watch(modules: Sequence[str], *, lines: bool = False) -> dict[str, Any]:
    """Import modules and tell what that did."""
    packages = {module.partition(".")[0] for module in modules}
    heavy, slow, printed = _Heavy(packages), _Slow(packages), io.StringIO()
    sys.meta_path.insert(0, heavy)
    started = time.perf_counter()
    with contextlib.redirect_stdout(printed):
        if lines:
            sys.settrace(slow)
        try:
            for module in modules:
                importlib.import_module(module)
        finally:
            sys.settrace(None)
    return {
        "seconds": time.perf_counter() - started, "printed": printed.getvalue(),
        "heavy": {name: heavy.lines.get(name, "") for name in sorted(set(sys.modules) & set(HEAVY))},
        "slowest": slow.slowest(),
    }


def _package(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


def _line(frame: FrameType) -> str:
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


def _main(arguments: Sequence[str]) -> None:
    """What vocolab imports anyhow comes first, and counts for nobody."""
    import numpy
    import pydantic

    import vocolab.plugins.specs

    _ = numpy, pydantic, vocolab.plugins.specs
    report = watch([one for one in arguments if one != LINES], lines=LINES in arguments)
    print(f"\n{MARK} {json.dumps(report)}")


if __name__ == "__main__":
    _main(sys.argv[1:])
