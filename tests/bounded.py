"""Work in a child process that may take so much memory and processor time and no more."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

CPU_S = 20
"""Seconds of a processor, not of a clock: a machine that is busy changes nothing."""


class Outcome(NamedTuple):
    """How the work ended."""

    value: Any = None
    error: BaseException | None = None
    killed_by: int = 0
    """The signal that ended it, 0 where it ended by itself."""


def bounded(work: Callable[[], Any], *, more_bytes: int, cpu_s: int = CPU_S) -> Outcome:
    """Do `work` in a fork of this process, which may map `more_bytes` more than it has and compute for `cpu_s`."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of threads: those of this process do nothing meanwhile
        child = os.fork()
    if child == 0:
        os.close(reading)
        _limit(more_bytes, cpu_s)
        try:
            outcome = Outcome(work())
        except BaseException as error:
            outcome = Outcome(error=error)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(_packed(outcome))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    status = os.waitpid(child, 0)[1]
    return pickle.loads(data) if data else Outcome(killed_by=os.WTERMSIG(status))


def _limit(more_bytes: int, cpu_s: int) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)


def _packed(outcome: Outcome) -> bytes:
    try:
        return pickle.dumps(outcome)
    except Exception:  # what can't be packed is told by its type
        told = RuntimeError(f"{type(outcome.error or outcome.value).__name__}: {outcome.error}")
        return pickle.dumps(Outcome(error=told if outcome.error else None))
