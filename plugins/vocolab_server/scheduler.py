"""Who speaks next: all requests share the workers, block by block, so that a book keeps no sentence waiting.

Each request has had so much work; a worker that is free goes on with the one that has had the least, by its weight. A
request that comes begins with what those in the round have had the least of, so that it is next, and owes nobody. One
that a worker knows stays with it: voices and half-spoken sentences are there. Where a worker dies, the request that it
was working for is broken; all others go on at another, from the sample where they were. A voice that is not loaded
yet is loaded beside the work: its request waits, and pays nothing for that.

Nothing is batched: blocks of four requests in one pass take as long as four passes on ONNX Runtime, and 0.8 of that on
torch, of a network that is a third of the work (`benchmarks/serving_batches.py`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from vocolab_server.pool import Worker, WorkerLost
from vocolab_server.refusals import Refused, broken_off
from vocolab_server.settings import Priority
from vocolab_server.utterance import Utterance
from vocolab_server.wire import Message

_log = logging.getLogger("vocolab.server")
WEIGHTS: dict[Priority, float] = {"high": 4.0, "normal": 1.0, "low": 0.25}
"""How much of the work a request of each priority has beside others."""
_RETRY_S = 2.0
_STEP_S = 120.0
"""A worker that takes longer for one step counts as dead."""
_LOADING_S = 0.05
"""After so long a request whose voice is being loaded asks again."""


class Watcher(Protocol):
    """Who is told how the work goes."""

    def stepped(self, utterance: Utterance, seconds: float, reply: Message) -> None:
        """A worker has done a step."""
        ...

    def restarted(self, worker: Worker) -> None:
        """A worker is started again."""
        ...


class Scheduler:
    """Requests, in turn, on workers.

    Args:
        workers: Processes that speak.
        most: How many requests there may be at a time.
        watcher: Who is told.
    """

    def __init__(self, workers: Sequence[Worker], most: int, watcher: Watcher) -> None:
        self.workers, self._most, self._watcher = list(workers), most, watcher
        self.round: dict[int, Utterance] = {}
        self.is_draining = False
        self._least_s = 0.0
        self._wakes = {worker.name: asyncio.Event() for worker in workers}
        self._drops: dict[str, list[int]] = {worker.name: [] for worker in workers}
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Let the workers work, each as soon as it is warm."""
        self._tasks = [asyncio.create_task(self._run(worker), name=worker.name) for worker in self.workers]

    @property
    def is_ready(self) -> bool:
        """Whether somebody could speak now."""
        return not self.is_draining and any(worker.is_ready for worker in self.workers)

    def check_open(self) -> None:
        """Whether anything new is taken.

        Raises:
            Refused: if the server ends.
        """
        if self.is_draining:
            raise Refused(503, "the server is shutting down; ask another one", "shutting_down", retry_after_s=_RETRY_S)

    def submit(self, utterance: Utterance) -> None:
        """Take a request into the round.

        Raises:
            Refused: if it is full, or the server ends.
        """
        self.check_open()
        if len(self.round) >= self._most:
            raise Refused(503, f"{len(self.round)} requests are being spoken, and no more are taken; try again in "
                               f"{_RETRY_S:.0f} s", "overloaded", retry_after_s=_RETRY_S)
        utterance.used_s = self._least_s
        utterance.on_taken = self._wake
        self.round[utterance.number] = utterance
        self._wake()

    def leave(self, utterance: Utterance) -> None:
        """Let go of a request, whether it is over or its client has gone: nothing more is done for it."""
        utterance.cancelled = True
        if self.round.pop(utterance.number, None) is not None and utterance.worker is not None and not utterance.ended:
            self._drops[utterance.worker.name].append(utterance.number)
            self._wake()

    async def drained(self, seconds: float) -> None:
        """Take nothing new, and wait until what is there is over, or so long; what is left then is broken off."""
        self.is_draining = True
        end_s = time.monotonic() + seconds
        while self.round and time.monotonic() < end_s:
            await asyncio.sleep(0.05)
        for utterance in list(self.round.values()):
            utterance.fail(Refused(503, "the server was shut down before the end", "shutting_down"))

    async def end(self) -> None:
        """End the workers."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self.workers))

    def _wake(self) -> None:
        for event in self._wakes.values():
            event.set()

    async def _run(self, worker: Worker) -> None:
        await self._begin(worker)
        while True:
            utterance = None
            try:
                await self._drop(worker)
                utterance = self._next(worker)
                if utterance is not None:
                    await self._step(worker, utterance)
                    continue
                self._wakes[worker.name].clear()
                await self._wakes[worker.name].wait()
            except WorkerLost:
                self._lose(worker, utterance)
                self._watcher.restarted(worker)
                await worker.restart()
                self._wake()

    async def _begin(self, worker: Worker) -> None:
        with suppress(WorkerLost, Refused):
            await worker.start()
            self._wake()
            return
        await worker.restart()
        self._wake()

    def _next(self, worker: Worker) -> Utterance | None:
        """The request that has had the least, of those that this worker knows or nobody does."""
        mine = [one for one in self.round.values() if one.is_ready and one.worker in (None, worker)]
        if not mine:
            return None
        chosen = min(mine, key=lambda one: (one.used_s, one.number))
        self._least_s = max(self._least_s, chosen.used_s)
        return chosen

    async def _step(self, worker: Worker, utterance: Utterance) -> None:
        started_s = time.monotonic()
        if utterance.first_step_s is None:
            utterance.first_step_s = started_s  # its voice may have to be loaded then, which is no wait for a worker
        reply, payload = await worker.ask(utterance.message(worker), limit_s=_STEP_S)
        if reply.get("loading"):
            utterance.loading_until_s = time.monotonic() + _LOADING_S
            asyncio.get_running_loop().call_later(_LOADING_S, self._wake)
            return
        seconds = time.monotonic() - started_s
        if utterance.loading_until_s:  # what others had meanwhile gives it no claim
            utterance.used_s = max(utterance.used_s, self._least_s)
        utterance.used_s += seconds / utterance.weight
        if "trace" in reply:
            _log.info("request failed", extra={"request_id": utterance.request_id, "trace": reply["trace"]})
        utterance.took(reply, payload)
        if utterance.ended:
            self.round.pop(utterance.number, None)
            if "error" not in reply and reply["notes"] is None:  # the worker does not know that it is over
                self._drops[worker.name].append(utterance.number)
        self._watcher.stepped(utterance, seconds, reply)

    async def _drop(self, worker: Worker) -> None:
        while self._drops[worker.name]:
            await worker.ask({"do": "drop", "id": self._drops[worker.name].pop()}, limit_s=_STEP_S)

    def _lose(self, worker: Worker, broken: Utterance | None) -> None:
        """A worker is dead: what it was working for is broken, and what it only knew goes on elsewhere."""
        self._drops[worker.name].clear()
        for utterance in self.round.values():
            if utterance.worker is worker:
                utterance.worker, utterance.loading_until_s = None, 0.0
        if broken is not None and not broken.ended:
            self.round.pop(broken.number, None)
            broken.fail(broken_off("the process that spoke it has died; try again"))
        self._wake()
