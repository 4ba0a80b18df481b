"""Processes that do the jobs of a batch side by side.

They are forked from a server process that has imported what this one has, and has done nothing with it: torch is loaded
once for all of them, and no thread of a runtime is lost in a fork. Where the system can't fork, each loads its own.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from typing import Any

from vocolab.crews.errands import Errand, J, Outcome, R, unpacked
from vocolab.crews.process import work_for
from vocolab.errors import VocolabError

_LEAVES_S = 5.0
"""That a process may take to remove its half-written files before it is ended."""
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Processes:
    """A `Crew` of processes on this machine.

    Args:
        count: How many, at most; never more than there are jobs.
        threads: That each computes on.
    """

    def __init__(self, count: int, threads: int) -> None:
        self._count, self._threads = count, threads

    def outcomes(
        self, errand: Errand[J, R], jobs: Sequence[J], reach: Callable[[int, float], None]
    ) -> Generator[tuple[int, Outcome[J, R]], None, None]:
        """As `Crew` says. A process that dies costs the job that it worked on, and another takes its place."""
        todo, left = deque(enumerate(jobs)), len(jobs)
        data = pickle.dumps(errand)
        with self._started(data, min(self._count, len(jobs))) as team:
            while left:
                for place, member in enumerate(team):
                    if member.is_lost and todo:
                        team[place] = member = self._member(data)
                    member.give(todo)
                for member in _ready(team):
                    number, told = member.answer()
                    if isinstance(told, float):
                        reach(number, told)
                        continue
                    left -= 1
                    yield number, _outcome(jobs[number], told)

    @contextmanager
    def _started(self, data: bytes, count: int) -> Iterator[list[_Member]]:
        team: list[_Member] = []
        try:
            with _few_threads(self._threads):
                team += [self._member(data) for _ in range(count)]
            yield team
        except BaseException:
            for member in team:
                member.dismiss()
            raise
        finally:
            for member in team:
                member.close()

    def _member(self, data: bytes) -> _Member:
        return _Member(_context(), data, self._threads)


class _Member:
    """One process, as the one that has started it sees it."""

    def __init__(self, context: BaseContext, errand: bytes, threads: int) -> None:
        ours, theirs = context.Pipe()
        self._connection: Connection[Any, Any] = ours
        self._process = context.Process(  # type: ignore[attr-defined]  # typeshed: each context has its own
            target=work_for, args=(theirs, dict(os.environ), threads), daemon=True)
        self._process.start()
        theirs.close()
        self._number: int | None = None
        self.is_lost = False
        with suppress(OSError):  # one that is dead already is found so when it is asked
            self._connection.send_bytes(errand)

    @property
    def connection(self) -> Connection[Any, Any] | None:
        """Where an answer may come from; None where it does nothing."""
        return None if self._number is None else self._connection

    def give(self, todo: deque[tuple[int, Any]]) -> None:
        """Let it work on the first job, if it has none."""
        if self._number is not None or self.is_lost or not todo:
            return
        self._number, job = todo.popleft()
        with suppress(OSError):
            self._connection.send((self._number, job))

    def answer(self) -> tuple[int, float | bytes | VocolabError]:
        """The number of its job, and how far it is, its outcome, or an error where the process has died."""
        assert self._number is not None
        number = self._number
        try:
            told: float | bytes = self._connection.recv()[1]
        except (EOFError, OSError):
            self.is_lost, self._number = True, None
            return number, VocolabError(f"the process that worked on it {self._end()}")
        if isinstance(told, bytes):
            self._number = None
        return number, told

    def dismiss(self) -> None:
        """Ask it to end at once."""
        with suppress(OSError):
            self._process.terminate()

    def close(self) -> None:
        """Wait until it has ended: it does when nothing comes any more."""
        self._connection.close()
        self._process.join(_LEAVES_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _end(self) -> str:
        self._process.join(_LEAVES_S)
        code = self._process.exitcode
        if code == -signal.SIGKILL:
            return "was killed (SIGKILL): most often there was no memory left; try fewer --jobs"
        return f"ended with status {code}"


def _outcome(job: J, told: bytes | VocolabError) -> Outcome[J, Any]:
    return unpacked(job, told) if isinstance(told, bytes) else Outcome(job, error=told)


def _ready(team: Sequence[_Member]) -> list[_Member]:
    """Those that have something to say."""
    by_connection = {member.connection: member for member in team if member.connection is not None}
    return [by_connection[one] for one in wait(list(by_connection))]  # type: ignore[index]


def _context() -> BaseContext:
    """How processes are started here."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([name for name in sys.modules if name.partition(".")[0].startswith("vocolab")
                                    and name != "vocolab.__main__"])
    return context


@contextmanager
def _few_threads(threads: int) -> Iterator[None]:
    """While the server of forks starts, libraries that make threads as they are loaded are told how many."""
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, str(threads)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
