"""Each command is ended at twenty moments in five ways: nothing is lost, nothing is half, and the exit code says why.

The ways are kill -9, SIGTERM, Ctrl-C, a closed terminal, and a disk that takes no more (a limit on the size of files).
The moments are spread evenly over the time that an undisturbed call takes, or over the size of its largest file.
`VOCOLAB_MOMENTS` changes how many there are.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import COMMANDS, OLD

if sys.platform == "win32":
    pytest.skip("there are no forks here", allow_module_level=True)

N_MOMENTS = int(os.environ.get("VOCOLAB_MOMENTS", "20"))
SIGNALS = {"kill -9": (signal.SIGKILL, -9), "SIGTERM": (signal.SIGTERM, 143), "Ctrl-C": (signal.SIGINT, 130),
           "closed terminal": (signal.SIGHUP, 129)}
FULL_DISK = "full disk"
MODULES = """
import json, sys
from vocolab.__main__ import main
sys.argv[1:] = json.loads(sys.argv[1])
try:
    main()
finally:
    skipped = ("__main__", "vocolab.__main__")
    print(json.dumps([name for name in sys.modules if name not in skipped]), file=open("modules.json", "w"))
"""


class Calls:
    """Calls of one command, each in a folder of its own, all forks of one process that has imported everything."""

    def __init__(self, name: str, folder: Path) -> None:
        self.command, self._folder, self._count = COMMANDS[name], folder, 0
        self._inputs = folder / "inputs"
        self._inputs.mkdir()
        self.command.begins(self._inputs)
        first = self.new_folder()
        call = [sys.executable, "-c", MODULES, json.dumps(self.command.arguments)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "VOCOLAB_CONFIG": os.devnull}
        subprocess.run(call, cwd=first, check=True, env=environment, capture_output=True)
        self.expected = self.command.result(first)
        made = [path for path in first.rglob("*") if path.is_file() and path.name != "modules.json"]
        self.largest_bytes = max(path.stat().st_size for path in made
                                 if not (self._inputs / path.relative_to(first)).exists())
        warm = [sys.executable, str(Path(__file__).with_name("warm.py"))]
        self._process = subprocess.Popen(
            warm, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self._say(sorted(name for name in json.loads((first / "modules.json").read_text()) if _importable(name)))
        self.duration_s = min(self._timed() for _ in range(2))

    def new_folder(self) -> Path:
        """The inputs, and something old in the place of every output."""
        self._count += 1
        folder = self._folder / str(self._count)
        shutil.copytree(self._inputs, folder)
        for name in self.command.outputs:
            (folder / name).write_bytes(OLD)
        return folder

    def run(self, folder: Path, number: int = 0, after_s: float = 0.0, most_bytes: int = 0) -> int:
        """Exit code of one call, negative for a signal; `number` is sent to it after `after_s`."""
        self._say({"arguments": self.command.arguments, "folder": str(folder), "most_bytes": most_bytes,
                   "signal": number, "after_s": after_s})
        return os.waitstatus_to_exitcode(int(self._heard()))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _timed(self) -> float:
        folder, began_s = self.new_folder(), time.monotonic()
        assert self.run(folder) == 0, (folder / "stderr.txt").read_text()
        assert self.command.result(folder) == self.expected
        return time.monotonic() - began_s

    def _say(self, value: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()

    def _heard(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


def _importable(name: str) -> bool:
    return name.partition(".")[0] in ("vocolab", "numpy", "scipy", "soundfile", "soxr", "torch", "safetensors", "yaml",
                                      "pydantic", "click", "pluggy") or name.startswith("vocolab_")


@pytest.fixture(scope="module", params=COMMANDS)
def calls(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    made = Calls(request.param, tmp_path_factory.mktemp("crashes"))
    yield made
    made.close()


def leftovers(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob(".*.tmp")]


def check_outputs(calls: Calls, folder: Path) -> None:
    """Each output is what it was before, or all that it has to be."""
    for name in calls.command.outputs:
        if (folder / name).read_bytes() != OLD:
            assert calls.command.result(folder) == calls.expected, f"{name} is half"


@pytest.mark.slow
@pytest.mark.parametrize("way", [*SIGNALS, FULL_DISK])
def test_nothing_is_lost_and_nothing_is_half(calls: Calls, way: str) -> None:
    ended = 0
    for moment in range(N_MOMENTS):
        folder, share = calls.new_folder(), (moment + 0.5) / N_MOMENTS
        if way == FULL_DISK:
            expected, code = 1, calls.run(folder, most_bytes=max(1, int(share * calls.largest_bytes)))
        else:
            number, expected = SIGNALS[way]
            began_s = time.monotonic()
            code = calls.run(folder, number, share * calls.duration_s)
            if code == 0:  # the machine was busier when the undisturbed calls were timed
                calls.duration_s = min(calls.duration_s, time.monotonic() - began_s)
        said = (folder / "stderr.txt").read_text() if (folder / "stderr.txt").exists() else ""
        assert code in (0, expected), f"moment {moment}: exit code {code}: {said}"
        assert "Traceback" not in said and "bug in vocolab" not in said, said
        ended += code != 0
        check_outputs(calls, folder)
        if way != "kill -9":
            assert leftovers(folder) == []
        again = calls.run(folder)
        assert again == 0, f"moment {moment}, again: {(folder / 'stderr.txt').read_text()}"
        assert calls.command.result(folder) == calls.expected
        assert leftovers(folder) == []
        shutil.rmtree(folder)
    assert ended >= N_MOMENTS // 2, "hardly any call was ended before it was done"
