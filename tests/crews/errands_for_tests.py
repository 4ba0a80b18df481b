"""Errands that other processes can import."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vocolab.crews.errands import Files, Report, Work
from vocolab.errors import AudioError


@dataclass(frozen=True)
class Copy:
    """A job that writes what it reads, twice over."""

    source: Path
    output: Path


@dataclass(frozen=True)
class Copied:
    """Which file became which, in which process."""

    source: str
    output: Path
    process: int


@dataclass(frozen=True)
class Copying:
    """An errand with a file of its own, which is put before each copy."""

    head: Path

    def begin(self) -> Work[Copy, Copied]:
        head = self.head.read_text()

        def copied(job: Copy, report: Report) -> Copied:
            report.reach(0.5)
            report.notes.append(f"{job.source}: read")
            text = job.source.read_text()
            if text == "bad":
                raise AudioError(f"{job.source} can't be copied", about=job.source)
            job.output.write_text(head + 2 * text)
            return Copied(str(job.source), job.output, os.getpid())

        return copied

    @property
    def reads(self) -> Sequence[Path]:
        return [self.head]

    def files(self, job: Copy) -> Files:
        return Files([job.source], [job.output])


@dataclass(frozen=True)
class Doing:
    """An errand that does what each job, a word, says."""

    fails: bool = False
    reads: Sequence[Path] = ()

    def begin(self) -> Work[str, tuple[str, int, int]]:
        if self.fails:
            raise AudioError("can't begin")
        return self._done

    def files(self, job: str) -> Files:
        return Files()

    def _done(self, job: str, report: Report) -> tuple[str, int, int]:
        if job == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if job == "odd":
            raise type("Odd", (Exception,), {})("not to be sent")  # a class that no other process knows
        if job.startswith("wait"):
            Path(job.partition(" ")[2]).write_text("begun")
            time.sleep(60)
        report.reach(0.25)
        torch = sys.modules.get("torch")
        return job, os.getpid(), 0 if torch is None else torch.get_num_threads()


@dataclass(frozen=True)
class Environment:
    """An errand that says what a variable is."""

    reads: Sequence[Path] = ()

    def begin(self) -> Work[str, str | None]:
        return lambda job, report: os.environ.get(job)

    def files(self, job: str) -> Files:
        return Files()
