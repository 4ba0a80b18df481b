"""What runs on a node of a cluster: jobs, one after the other, of whichever call they are.

A process keeps the errand that it has begun, so that a voice is loaded once for the jobs that come to it.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vocolab.crews.errands import Report, Work, attempted, packed
from vocolab.crews.moving import moved, retold, retold_error, reverse
from vocolab.crews.sent_files import Sight

Fetch = Callable[[int], bytes]
"""Gives the bytes of a file that came by value, by its number in the parcel."""


@dataclass(frozen=True)
class Parcel:
    """One job, as it is sent.

    Attributes:
        errand: The errand, pickled.
        job: The job, pickled.
        here: What the caller calls a file of the job, and where a node finds or puts it; only where nodes see the same
            files.
        errand_here: The same for the files of the errand.
        by_path: Whether nodes see the same files.
        sight: What the node has to see for that.
        values: Files by value: what the caller calls each, and its number.
        errand_values: The same for those of the errand.
        writes: What the caller calls the files that become of the job.
    """

    errand: bytes
    job: bytes
    here: Mapping[str, str] = field(default_factory=dict)
    errand_here: Mapping[str, str] = field(default_factory=dict)
    by_path: bool = False
    sight: Sight | None = None
    values: Mapping[str, int] = field(default_factory=dict)
    errand_values: Mapping[str, int] = field(default_factory=dict)
    writes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What comes back.

    Attributes:
        outcome: As `vocolab.crews.errands.packed` has it; empty where the node does not see the files.
        made: Files by value, by what the caller calls them.
    """

    outcome: bytes
    made: Mapping[str, bytes] = field(default_factory=dict)


class _Begun:
    """The last errand of this process, ready."""

    def __init__(self) -> None:
        self.key = ""
        self.work: Work[Any, Any] | None = None
        self.table: dict[str, str] = {}

    def errand(self, parcel: Parcel, fetch: Fetch) -> Work[Any, Any]:
        key = hashlib.sha256(repr((parcel.errand, sorted(parcel.errand_values))).encode()).hexdigest()
        if self.work is None or key != self.key:
            self.work = None  # before the next one takes its memory
            with tempfile.TemporaryDirectory(prefix="vocolab-node-") as folder:  # all is read when it has begun
                self.table = {**parcel.errand_here, **_unpacked(parcel.errand_values, Path(folder), fetch)}
                self.work, self.key = moved(pickle.loads(parcel.errand), self.table).begin(), key
        return self.work


_begun = _Begun()


def do(parcel: Parcel, fetch: Fetch, reach: Callable[[float], None]) -> Answer:
    """Do a job; its errors are in the answer."""
    if parcel.sight is not None and not parcel.sight.is_clear:
        return Answer(b"")
    with _places(parcel, fetch) as table:
        job, report = moved(pickle.loads(parcel.job), table), Report(reach)
        outcome = attempted(lambda job, report: _begun.errand(parcel, fetch)(job, report), job, report)
        back = reverse({**_begun.table, **table})
        error = None if outcome.error is None else retold_error(outcome.error, back)
        told = replace(outcome, result=moved(outcome.result, back), error=error,
                       notes=[retold(note, back) for note in outcome.notes])
        made = {} if parcel.by_path else _made(parcel.writes, table)
    return Answer(packed(told), made)


@contextmanager
def _places(parcel: Parcel, fetch: Fetch) -> Iterator[dict[str, str]]:
    """Where the files of a job are here."""
    if parcel.by_path:
        for name in parcel.writes:
            Path(parcel.here[name]).parent.mkdir(exist_ok=True)
        yield dict(parcel.here)
        return
    with tempfile.TemporaryDirectory(prefix="vocolab-node-") as folder:
        table = _unpacked(parcel.values, Path(folder), fetch)
        for number, name in enumerate(parcel.writes):
            place = Path(folder, f"out-{number}")
            place.mkdir()
            table[name] = str(place / Path(name).name)
        yield table


def _unpacked(values: Mapping[str, int], folder: Path, fetch: Fetch) -> dict[str, str]:
    """Files that came by value, each in a folder of its own under the name that it has."""
    table = {}
    for name, number in values.items():
        place = folder / f"in-{number}" / Path(name).name
        place.parent.mkdir()
        place.write_bytes(fetch(number))
        table[name] = str(place)
    return table


def _made(writes: tuple[str, ...], table: Mapping[str, str]) -> dict[str, bytes]:
    return {name: Path(table[name]).read_bytes() for name in writes if Path(table[name]).is_file()}
