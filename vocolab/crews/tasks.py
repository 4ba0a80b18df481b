"""Jobs as tasks of Ray: begun, watched, begun again by Ray where a node dies."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from vocolab.crews.hiring import check_versions, own_versions
from vocolab.crews.node import Answer, Parcel
from vocolab.errors import VocolabError

RETRIES = 5
"""How often a job may lose its node before it has failed."""
_LOOKS_S = 0.5


class Tasks:
    """The jobs of a call that are under way.

    Args:
        ray: The package, in a cluster.
        processors: That a job takes.
        reach: Called with a job's number and how far it is.
    """

    def __init__(self, ray: Any, processors: int, reach: Callable[[int, float], None]) -> None:
        self._ray, self._reach, self._ours = ray, reach, own_versions()
        self._board = _board(ray)
        task = ray.remote(_task())
        self._do = task.options(num_cpus=processors, max_retries=RETRIES, scheduling_strategy="SPREAD")
        self._numbers: dict[Any, int] = {}
        self._asked: Any = None

    def begin(self, number: int, parcel: Parcel, references: list[Any]) -> None:
        """Let a job be done."""
        reference = self._do.remote(self._ours, pickle.dumps(parcel), references, self._board, number)
        self._numbers[reference] = number

    def ended(self) -> Iterator[tuple[int, Answer | VocolabError]]:
        """Those that have ended, with what has come of them; none after half a second without one."""
        if not self._numbers:
            return
        ready, _ = self._ray.wait(list(self._numbers), timeout=_LOOKS_S)
        for reference in ready:
            yield self._numbers.pop(reference), self._answer(reference)
        self._look()

    def cancel(self) -> None:
        """Stop all that are under way."""
        for reference in self._numbers:
            self._ray.cancel(reference, force=True)
        self._numbers.clear()

    def _answer(self, reference: Any) -> Answer | VocolabError:
        try:
            who, theirs, answer = self._ray.get(reference)
        except Exception as error:  # Ray's own have no common class
            what = (str(error).strip().splitlines() or [""])[0]
            return VocolabError(f"no worker could finish it, after {RETRIES} retries where one died: "
                                f"{type(error).__name__}: {what}")
        try:
            check_versions(who, theirs, self._ours)
        except VocolabError as error:
            return error
        made: Answer = pickle.loads(answer)  # from a node that has this version of vocolab
        return made

    def _look(self) -> None:
        """Tell what the board says, when it has answered; it may be on its way to another node."""
        if self._asked is None:
            self._asked = self._board.read.remote()
        ready, _ = self._ray.wait([self._asked], timeout=0)
        if not ready:
            return
        with suppress(Exception):
            under_way = set(self._numbers.values())
            for number, done in self._ray.get(self._asked).items():
                if number in under_way:
                    self._reach(number, done)
        self._asked = None


def _task() -> Any:
    """A task: sent as it stands here, and looks at the versions before it uses anything of vocolab's."""

    def do(
        ours: dict[str, str], parcel: bytes, references: list[Any], board: Any, number: int
    ) -> tuple[str, dict[str, str], bytes]:
        import socket
        from importlib.metadata import PackageNotFoundError, version

        theirs = {}
        for name in ours:
            try:
                theirs[name] = version(name)
            except PackageNotFoundError:
                continue
        if theirs != ours:
            return socket.gethostname(), theirs, b""
        import pickle
        import time

        import ray

        from vocolab.crews.node import do

        told_s = 0.0

        def fetch(place: int) -> bytes:
            data: bytes = ray.get(references[place])
            return data

        def reach(done: float) -> None:
            nonlocal told_s
            if time.monotonic() - told_s > 0.5:
                told_s = time.monotonic()
                board.tell.remote(number, done)

        return socket.gethostname(), theirs, pickle.dumps(do(pickle.loads(parcel), fetch, reach))

    return do


def _board(ray: Any) -> Any:
    """Where jobs tell how far they are: on the node of this process, which does not die before the call."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    class Board:
        def __init__(self) -> None:
            self.done: dict[int, float] = {}

        def tell(self, number: int, done: float) -> None:
            self.done[number] = done

        def read(self) -> dict[int, float]:
            return self.done

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=True)
    return ray.remote(Board).options(num_cpus=0, max_restarts=-1, scheduling_strategy=here).remote()
