"""Many inputs: one after the other or side by side, going on after a bad one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

import click

from vocolab.cli.colour import say
from vocolab.cli.progress import Progress
from vocolab.cli.session import Session
from vocolab.crews.errands import Crew, Errand, Outcome, Report, Work, attempted, in_order
from vocolab.errors import VocolabError

__all__ = ["Elsewhere", "Outcome", "Report", "end_batch", "failure_facts", "one_line", "run_batch"]

J = TypeVar("J")
R = TypeVar("R")

Elsewhere = tuple[Crew, Errand[J, R]]
"""Who does the jobs of a batch instead of this process, and what they do."""


def run_batch(  # noqa: PLR0913  how a batch is done and shown
    session: Session,
    jobs: Sequence[J],
    work: Work[J, R],
    *,
    n_jobs: int = 1,
    describe: Callable[[R], str] | None = str,
    label: Callable[[J], str] = str,
    raises: bool = True,
    part: tuple[float, float] = (0.0, 1.0),
    elsewhere: Elsewhere[J, R] | None = None,
) -> list[Outcome[J, R]]:
    """Do all jobs; say in their order what `describe` makes of each result.

    With `n_jobs` above 1 that many threads work, unless a crew of other processes does. A bad input does not stop the
    others.

    Args:
        session: Its `quiet` decides what is shown.
        jobs: All of them.
        work: What is done to one.
        n_jobs: How many at a time.
        describe: None: results are not told.
        label: What messages call a job.
        raises: Whether the error of a single job is raised; else it is in its outcome, as those of several are.
        part: Where on the way of the whole call this batch begins and ends, 0 to 1, for the one bar.
        elsewhere: Other processes, which do the same as `work`.

    Raises:
        VocolabError: what a single job raised, if that is wanted. Among several, failures are in the outcomes.
    """
    progress = session.progress(len(jobs), part)
    outcomes: list[Outcome[J, R]] = []
    try:
        if elsewhere is not None:
            found = _from_elsewhere(elsewhere, jobs, progress, label)
        else:
            found = _in_order(_attempt(work, progress, label), jobs, n_jobs, progress)
        for outcome in found:
            outcomes.append(outcome)
            for note in outcome.notes:
                progress.line(note)
            if raises and outcome.error is not None and len(jobs) == 1:
                raise _named(outcome.error, label(outcome.job))
            if outcome.result is not None and describe is not None:
                progress.line(describe(outcome.result))
    finally:
        progress.close()
    return outcomes


def end_batch(session: Session, outcomes: Iterable[Outcome[J, R]], label: Callable[[J], str] = str) -> None:
    """List every failure and, if there was one, end with exit code 1."""
    everything = list(outcomes)
    errors = [(label(outcome.job), outcome.error) for outcome in everything if outcome.error is not None]
    for name, error in errors:
        if session.debug:
            import traceback

            traceback.print_exception(error)
        say(f"vocolab: error: {one_line(error, name)}")
    if errors and len(everything) > 1:
        session.say(f"{len(errors)} of {len(everything)} files failed")
    if errors:
        alone = errors[0][1] if len(everything) == 1 else None
        click.get_current_context().exit(alone.exit_code if isinstance(alone, VocolabError) else 1)


def failure_facts(outcomes: Iterable[Outcome[J, R]], label: Callable[[J], str] = str) -> list[dict[str, str]]:
    """What programs are told of the jobs that failed: `file` and `error`, in one line."""
    return [
        {"file": label(outcome.job), "error": one_line(outcome.error, label(outcome.job))}
        for outcome in outcomes
        if outcome.error is not None
    ]


def _attempt(
    work: Work[J, R], progress: Progress, label: Callable[[J], str]
) -> Callable[[int, J], Outcome[J, R]]:
    """`work`, with its progress shown and its errors kept."""

    def attempt(number: int, job: J) -> Outcome[J, R]:
        report = Report(lambda done: progress.reach(number, done, label(job)))
        outcome = attempted(work, job, report)
        report.reach(1.0)
        return outcome

    return attempt


def _in_order(
    attempt: Callable[[int, J], Outcome[J, R]], jobs: Sequence[J], n_jobs: int, progress: Progress
) -> Iterator[Outcome[J, R]]:
    if n_jobs == 1 or len(jobs) == 1:
        for number, job in enumerate(jobs):
            yield attempt(number, job)
        return
    with ThreadPoolExecutor(n_jobs) as pool:
        futures: list[Future[Outcome[J, R]]] = [pool.submit(attempt, number, job) for number, job in enumerate(jobs)]
        try:
            for future in futures:
                yield future.result()
        except BaseException:
            progress.stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _from_elsewhere(
    elsewhere: Elsewhere[J, R], jobs: Sequence[J], progress: Progress, label: Callable[[J], str]
) -> Iterator[Outcome[J, R]]:
    """The outcomes in the order of the jobs, whatever order they come in."""
    crew, errand = elsewhere

    def reach(number: int, done: float) -> None:
        progress.reach(number, done, label(jobs[number]))

    def told(coming: Iterable[tuple[int, Outcome[J, R]]]) -> Iterator[tuple[int, Outcome[J, R]]]:
        for number, outcome in coming:
            reach(number, 1.0)
            yield number, outcome

    with closing(crew.outcomes(errand, jobs, reach)) as coming:
        yield from in_order(told(coming))


def _named(error: Exception, label: str) -> Exception:
    """The error of a job, which says what it is about."""
    return error.about(label, "job") if isinstance(error, VocolabError) else error


def one_line(error: Exception, label: str) -> str:
    """What went wrong with the job of that label, as people are told."""
    text = " ".join(str(_named(error, label)).split())
    if isinstance(error, VocolabError):
        return text
    return f"{label}: {type(error).__name__}: {text} (this is a bug in vocolab or in a plugin; --debug shows where)"
