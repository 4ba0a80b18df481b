"""The published architecture as plain modules of torch, run in a process that does nothing else.

In a process that renders it would run otherwise than with those who use it: what layers free stays with such a process,
and NumPy's products are held to one thread.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from typing import Any

import numpy as np

from vocolab.bench.speed.cases import Case, reference_of
from vocolab.bench.speed.clock import Clock, repeated_s
from vocolab.catalog import Catalog
from vocolab.errors import PluginError
from vocolab.mels.plausible import plausible_mel


class ReferenceProcess:
    """A process with the reference of a voice.

    Args:
        case: Whose plugin names one.
        threads: Of torch.
    """

    def __init__(self, case: Case, threads: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "vocolab.bench.speed.reference"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        self._label = case.label
        self._send({"case": vars(case), "threads": threads})

    def passes_of(self, frames: int) -> ReferencePasses:
        """One pass for a mel of so many frames, ready to be timed."""
        return ReferencePasses(self, frames)

    def took_s(self, frames: int, times: int, clock: Clock) -> float:
        """What so many passes took.

        Raises:
            PluginError: if the process has ended.
        """
        self._send({"frames": frames, "times": times, "clock": clock})
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        if not answer:
            raise PluginError(f"the reference of {self._label} ended with status {self._process.wait()}")
        return float(json.loads(answer))

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _send(self, question: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # what reads the answer tells
            print(json.dumps(question), file=self._process.stdin, flush=True)


class ReferencePasses:
    """A `clock.TimesItself`."""

    def __init__(self, process: ReferenceProcess, frames: int) -> None:
        self._process, self._frames = process, frames

    def took_s(self, clock: Clock, times: int) -> float:
        """What so many passes took."""
        return self._process.took_s(self._frames, times, clock)


def main() -> None:
    """The process: what is to be run in the first line of stdin, then a question and its answer a line."""
    import torch

    told = json.loads(sys.stdin.readline())
    catalog, case = Catalog.installed(), Case(**told["case"])
    voice = case.load(catalog)
    network = reference_of(catalog, case, voice)
    assert voice is not None and voice.mel_spec is not None
    torch.set_num_threads(told["threads"])
    for line in sys.stdin:
        question = json.loads(line)
        mel = torch.from_numpy(plausible_mel(voice.mel_spec, question["frames"], np.random.default_rng(0)))[None]
        with torch.inference_mode():
            print(repeated_s(lambda: network(mel), question["clock"], question["times"]), flush=True)  # noqa: B023


if __name__ == "__main__":
    main()
