"""The nodes of a Ray cluster as those who do the jobs of a batch.

Ray chooses the node of each job, and gives the job to another one where a node dies. A node never writes to the place
of a result: it puts the file beside it or sends it back, and the caller, who knows which jobs are done, moves it there.
So whatever dies, and however often a job is begun, a result appears once and whole.
"""

from __future__ import annotations

import os
import pickle
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from vocolab.crews.errands import Errand, Files, J, Outcome, R, unpacked
from vocolab.crews.hiring import Hired, hire, joined
from vocolab.crews.node import Answer, Parcel
from vocolab.crews.sent_files import Sight
from vocolab.crews.staging import Staging
from vocolab.crews.tasks import Tasks
from vocolab.errors import VocolabError
from vocolab.files.atomic import check_place, whole_file

Ways = Literal["auto", "path", "value"]
"""How files get to nodes: by path, by value, or by path where all nodes see the same files."""


@dataclass(frozen=True)
class Cluster:
    """A `Crew` of the nodes of a cluster.

    Attributes:
        address: As Ray has it: HOST:PORT, ray://HOST:PORT, auto.
        processors: That one job takes.
        files: How files get to nodes.
        say: Called with a line on who works.
    """

    address: str
    processors: int = 1
    files: Ways = "auto"
    say: Callable[[str], None] = lambda line: None

    def outcomes(
        self, errand: Errand[J, R], jobs: Sequence[J], reach: Callable[[int, float], None]
    ) -> Generator[tuple[int, Outcome[J, R]], None, None]:
        """As `Crew` says.

        Raises:
            DependencyMissing: if Ray is not installed.
            CallError: if there is no cluster at the address.
            VocolabError: if a node has another version of vocolab, or does not see files that are sent by path.
        """
        files = [errand.files(job) for job in jobs]
        outputs = [path for each in files for path in each.writes]
        staging = Staging(outputs)
        try:
            with joined(self.address) as ray:
                reads = [*errand.reads, *(path for each in files for path in each.reads)]
                hired = hire(ray, Sight.of(reads, staging.words))
                by_path = self._by_path(hired)
                count = f"{len(hired.names)} node{'s'[: len(hired.names) != 1]}, {hired.processors} processors"
                self.say(f"cluster: {count}, files by {'path' if by_path else 'value'}")
                at_once = max(1, hired.processors // self.processors)
                desk = _Desk(ray, pickle.dumps(errand), errand.reads, staging if by_path else None)
                yield from _done(desk, jobs, files, Tasks(ray, self.processors, reach), at_once)
        finally:
            staging.close()

    def _by_path(self, hired: Hired) -> bool:
        if self.files == "path" and not hired.sees_files:
            raise VocolabError("not every worker sees the files of this call at the same paths: send them by value "
                               "(--cluster-files value)")
        return hired.sees_files and self.files != "value"


class _Desk:
    """Where jobs are packed, and results put to their places."""

    def __init__(self, ray: Any, errand: bytes, reads: Iterable[Path], staging: Staging | None) -> None:
        self._ray, self._staging = ray, staging
        here = {str(path): os.path.abspath(path) for path in reads} if staging else {}
        self._shared: list[Any] = []
        values = {} if staging else self._sent(reads, self._shared)
        self._whole = Parcel(errand, b"", errand_here=here, by_path=staging is not None, errand_values=values)

    def packed(self, number: int, job: Any, files: Files) -> tuple[Parcel, list[Any]]:
        """A job, ready to be sent, and the references that its parcel counts.

        Raises:
            OutputError: if its result could not be put to its place.
        """
        for path in files.writes:
            check_place(path)
        writes = tuple(map(str, files.writes))
        whole = replace(self._whole, job=pickle.dumps(job), writes=writes)
        references = list(self._shared)
        if self._staging is None:
            return replace(whole, values=self._sent(files.reads, references)), references
        here = {**{str(path): os.path.abspath(path) for path in files.reads},
                **{str(path): str(self._staging.place(path, f"{number}")) for path in files.writes}}
        return replace(whole, here=here, sight=Sight.of(files.reads, self._staging.words)), references

    def arrive(self, parcel: Parcel, answer: Answer) -> None:
        """Move the results of a job to their places.

        Raises:
            OutputError: if one can't be put there.
        """
        for name in parcel.writes:
            if self._staging is not None:
                _move(Path(parcel.here[name]), Path(name))
            elif name in answer.made:
                with whole_file(name) as temporary:
                    temporary.write_bytes(answer.made[name])

    def _sent(self, paths: Iterable[Path], references: list[Any]) -> dict[str, int]:
        """Put the bytes of files into the cluster; what is not there is left to the node to miss."""
        places = {}
        for path in dict.fromkeys(paths):
            if path.is_file():
                places[str(path)] = len(references)
                references.append(self._ray.put(path.read_bytes()))
        return places


def _move(made: Path, place: Path) -> None:
    if made.is_file():
        with whole_file(place) as temporary:
            os.replace(made, temporary)


def _done(
    desk: _Desk, jobs: Sequence[J], files: Sequence[Files], tasks: Tasks, at_once: int
) -> Generator[tuple[int, Outcome[J, Any]], None, None]:
    """The outcomes as they come, with no more jobs under way than there is room for twice over."""
    todo, parcels = deque(range(len(jobs))), dict[int, Parcel]()
    try:
        while todo or parcels:
            while todo and len(parcels) < 2 * at_once:
                number = todo.popleft()
                try:
                    parcels[number], references = desk.packed(number, jobs[number], files[number])
                except (VocolabError, OSError) as error:
                    yield number, Outcome(jobs[number], error=error)
                    continue
                tasks.begin(number, parcels[number], references)
            for number, answer in tasks.ended():
                parcel = parcels.pop(number)
                yield number, _outcome(desk, jobs[number], parcel, answer)
    finally:
        with suppress(Exception):  # of a cluster that has gone
            tasks.cancel()


def _outcome(desk: _Desk, job: J, parcel: Parcel, answer: Answer | VocolabError) -> Outcome[J, Any]:
    if isinstance(answer, VocolabError):
        return Outcome(job, error=answer)
    if not answer.outcome:
        return Outcome(job, error=VocolabError("a worker that joined later does not see this file: send files by "
                                               "value (--cluster-files value)"))
    outcome: Outcome[J, Any] = unpacked(job, answer.outcome)
    try:
        desk.arrive(parcel, answer)  # also of a job that failed: what it made whole is there
    except VocolabError as error:
        return Outcome(job, error=error, notes=outcome.notes)
    return outcome


