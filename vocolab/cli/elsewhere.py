"""Files that other processes finish: on this machine with --jobs, on the nodes of a cluster with --cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from vocolab.cli.batch import Elsewhere
from vocolab.cli.mastering import Open, chosen_preset, make_finish, once
from vocolab.cli.session import Session
from vocolab.crews.errands import Crew, Errand, Files, Outcome, Report, Work, attempted
from vocolab.delivery.job import Job
from vocolab.errors import CallError
from vocolab.tags import Tags

if TYPE_CHECKING:
    from vocolab.chain.presets import Preset
    from vocolab.cli.finishing import FinishCall
    from vocolab.delivery.finishing import Finish
    from vocolab.delivery.report import Finished


class Opener(Protocol):
    """How a command opens what it works on, as it is sent to another process."""

    @property
    def threads(self) -> int | None:
        """That one file takes; None: the processors are shared."""
        ...

    def begin(self, session: Session, preset: Preset) -> Open:
        """What opens an input; a voice is loaded here."""
        ...

    @property
    def reads(self) -> Sequence[Path]:
        """The files that it needs beside the inputs."""
        ...


@dataclass(frozen=True)
class Tracked:
    """A job, and what its file states alone: the number of a track."""

    job: Job
    tags: Tags | None


@dataclass(frozen=True)
class FinishErrand:
    """Finishing files as a call says. An `Errand`."""

    call: FinishCall
    opener: Opener
    measured_before: bool
    no_plugins: bool

    def begin(self) -> Work[Tracked, Finished]:
        """Preset read, voice loaded."""
        session = Session(quiet=True, no_plugins=self.no_plugins)
        preset = chosen_preset(session, self.call)
        finish = make_finish(session, self.call, preset, [], {})
        finish = replace(finish, measured_before=self.measured_before, done=None)
        return partial(self._finished, finish, self.opener.begin(session, preset))

    def _finished(self, finish: Finish, open_signal: Open, tracked: Tracked, report: Report) -> Finished:
        job, tags = tracked.job, tracked.tags
        dispatch = replace(finish.dispatch, tags={} if tags is None else {job.output: tags})
        return once(self.call, replace(finish, dispatch=dispatch), open_signal, job, report)

    @property
    def reads(self) -> Sequence[Path]:
        """Preset, cover, and what the opener needs."""
        return [*named_files(*self.call.preset_names, self.call.cover), *self.opener.reads]

    def files(self, job: Tracked) -> Files:
        """One in, one out."""
        return Files([job.job.source], [job.job.output])


def hired(
    session: Session, call: FinishCall, finish: Finish, opener: Opener, n_jobs: int
) -> Elsewhere[Job, Finished] | None:
    """Who finishes the files of a call, and what they do; None: this process does."""
    if call.to_stdout or not (call.cluster or (call.n_jobs > 1 and n_jobs > 1)):
        return None
    # Its jobs are what `_Noting` makes of those that it is given.
    errand: Errand[Any, Finished] = FinishErrand(
        replace(call, resume=False), opener, finish.measured_before, session.no_plugins
    )
    crew = crew_for(session, call.n_jobs, opener.threads, call.cluster, call.cluster_files)
    return _Noting(crew, finish), errand


def crew_for(
    session: Session, n_jobs: int, threads: int | None, cluster: str | None, cluster_files: Any = "auto"
) -> Crew:
    """The nodes of the cluster, or so many processes."""
    if cluster is not None:
        from vocolab.crews.cluster import Cluster

        return Cluster(cluster, threads or 1, cluster_files, session.say)
    from vocolab.crews.processes import Processes
    from vocolab.engines.choice import usable_threads

    return Processes(n_jobs, threads or max(1, usable_threads() // n_jobs))


def check_cluster(call: FinishCall) -> None:
    """Refuse what a cluster can't do with files.

    Raises:
        CallError: if that was asked for.
    """
    if call.cluster is None:
        if call.cluster_files != "auto":
            raise CallError("--cluster-files goes with --cluster")
        return
    if call.n_jobs > 1:
        raise CallError("--jobs is of this machine, and a cluster does as many files at a time as it has processors: "
                        "leave out one of them")
    if call.album:
        raise CallError("an album gets one gain from all of its files, on one machine: leave out --cluster")
    if call.to_stdout:
        raise CallError("what goes through - is made on this machine: leave out --cluster, or name files")


def named_files(*names: str | Path | None) -> list[Path]:
    """Those of these names that are names of files."""
    return [Path(name) for name in names if name is not None and _is_file(name)]


def _is_file(name: str | Path) -> bool:
    looks_so = isinstance(name, Path) or os.sep in name or bool(Path(name).suffix)
    return looks_so and os.path.isfile(name)


@dataclass(frozen=True)
class _Noting:
    """A `Crew` that is given the jobs which no earlier run has done, and notes what becomes done."""

    crew: Crew
    finish: Finish

    def outcomes(
        self, errand: Errand[Any, Any], jobs: Sequence[Any], reach: Callable[[int, float], None]
    ) -> Generator[tuple[int, Outcome[Any, Any]], None, None]:
        """As `Crew` says."""
        done = self.finish.done
        todo = []
        for number, job in enumerate(jobs):
            if done is not None and done.has([job.source], job.output):
                yield number, attempted(lambda job, report: self.finish.once(job, _unread, report), job, Report())
            else:
                todo.append(number)
        if not todo:
            return
        tracked = [Tracked(jobs[number], self.finish.dispatch.tags.get(jobs[number].output)) for number in todo]
        with closing(self.crew.outcomes(errand, tracked, lambda place, far: reach(todo[place], far))) as coming:
            for place, outcome in coming:
                job = jobs[todo[place]]
                if done is not None and outcome.error is None:
                    done.add([job.source], job.output)
                yield todo[place], replace(outcome, job=job)


def _unread() -> Any:
    raise AssertionError("a job that is done reads nothing")
