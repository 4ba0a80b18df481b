"""What a crew is given, and what it gives back."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, NamedTuple, Protocol, TypeVar

from vocolab.errors import VocolabError

J = TypeVar("J")
R = TypeVar("R")
J_contra = TypeVar("J_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


@dataclass(frozen=True)
class Report:
    """How a job in progress tells about itself."""

    reach: Callable[[float], None] = lambda _: None
    """To be called with how far the job has come, 0 to 1."""
    notes: list[str] = field(default_factory=list)
    """Lines for the user; they are printed when it is the job's turn."""


@dataclass(frozen=True)
class Outcome(Generic[J, R]):
    """What became of one job: a result, or an error."""

    job: J
    result: R | None = None
    error: Exception | None = None
    notes: Sequence[str] = ()


Work = Callable[[J, Report], R]


class Files(NamedTuple):
    """The files of a job."""

    reads: Sequence[Path] = ()
    writes: Sequence[Path] = ()


class Errand(Protocol[J_contra, R_co]):
    """What is done to each job, as it is sent to another process: it can be pickled, and so can jobs and results."""

    def begin(self) -> Work[J_contra, R_co]:
        """Make ready what all jobs need, once in each process: a voice is loaded."""
        ...

    @property
    def reads(self) -> Sequence[Path]:
        """The files that it needs beside those of the jobs."""
        ...

    def files(self, job: J_contra) -> Files:
        """The files of a job."""
        ...


class Crew(Protocol):
    """Who does jobs somewhere else."""

    def outcomes(
        self, errand: Errand[J, R], jobs: Sequence[J], reach: Callable[[int, float], None]
    ) -> Generator[tuple[int, Outcome[J, R]], None, None]:
        """What became of each job, with its number, as soon as it is known; `reach` is told how far each has come.

        Whoever closes it stops the work: nothing is left half done.

        Raises:
            VocolabError: if there is nobody to do the work.
        """
        ...


def attempted(work: Work[J, R], job: J, report: Report) -> Outcome[J, R]:
    """The outcome of a job, its errors kept."""
    try:
        return Outcome(job, work(job, report), notes=report.notes)
    except Exception as error:
        return Outcome(job, error=error, notes=report.notes)


def in_order(coming: Iterable[tuple[int, Outcome[J, R]]]) -> Iterator[Outcome[J, R]]:
    """The outcomes in the order of their jobs, whatever order they come in."""
    came: dict[int, Outcome[J, R]] = {}
    next_one = 0
    for number, outcome in coming:
        came[number] = outcome
        while next_one in came:
            yield came.pop(next_one)
            next_one += 1


def packed(outcome: Outcome[J, R]) -> bytes:
    """An outcome without its job, as it is sent back; what can't be sent of an error is told in words."""
    try:
        return pickle.dumps((outcome.result, outcome.error, list(outcome.notes)))
    except Exception as problem:
        error = outcome.error or problem
        told = VocolabError(f"{type(error).__name__}: {error}")
        return pickle.dumps((None, told, list(outcome.notes)))


def unpacked(job: J, data: bytes) -> Outcome[J, R]:
    """The reverse of `packed`."""
    result, error, notes = pickle.loads(data)  # from a process of our own
    return Outcome(job, result, error, notes)
