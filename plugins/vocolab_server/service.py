"""All that one server holds while it runs: who may ask, what there is, who speaks, what is counted."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.requests import Request

from vocolab.catalog import Catalog
from vocolab.configuration import cache_folder
from vocolab_server.calls import SpeechBody, spoken_call
from vocolab_server.home import at_home
from vocolab_server.installed import Installed
from vocolab_server.keys import Door, Guest
from vocolab_server.metrics import Metrics
from vocolab_server.pool import Worker
from vocolab_server.refusals import Refused
from vocolab_server.scheduler import Scheduler
from vocolab_server.settings import Settings
from vocolab_server.tracing import Traces, open_traces
from vocolab_server.uploads import Uploads
from vocolab_server.utterance import Utterance
from vocolab_server.wire import Message

_MOST_WORKERS = 4
_LOOK_S, _SAY_EVERY = 0.05, 1200
"""How often a server that begins looks whether a voice is there, and how many looks it says nothing."""
_MOST_STARTS = 5
_WARMING = "This voice is ready."
"""What a worker says to itself before it says anything to others."""
_BYTES_A_MB = 1e6


class Service:
    """One server's state.

    Args:
        settings: What it was told.
        catalog: What is installed; None: look.
        traces: Where spans go; None: as the settings say.
        workers: Who speaks; None: processes, as many as the settings say.

    Raises:
        NoVoice: if there is nothing to speak with.
        Refused: if the settings name what is not there.
        DependencyMissing: if traces are wanted and can't be had.
    """

    def __init__(
        self, settings: Settings, catalog: Catalog | None = None, traces: Traces | None = None,
        workers: Sequence[Worker] | None = None,
    ) -> None:
        self.settings = settings
        self.traces = traces or open_traces(settings.traces)
        self.installed = Installed(catalog or Catalog.installed(), settings)
        self.door = Door(settings)
        self.metrics = Metrics()
        told = self._worker_settings()
        if workers is None:
            workers = [Worker(f"speech-{number}", "speech", told) for number in range(_n_workers(settings))]
        self.scheduler = Scheduler(workers, settings.limits.requests, self)
        limits = settings.limits
        self.uploads = Uploads(Worker("studio", "studio", {"memory_gb": limits.memory_gb}), limits.jobs, limits.job_s)
        self.metrics.follow(
            lambda: len(self.scheduler.round),
            lambda: sum(1 for one in self.scheduler.round.values() if not one.n_steps),
            lambda: sum(worker.is_ready for worker in self.scheduler.workers),
        )

    def guest(self, request: Request) -> Guest:
        """Whoever sent a request.

        Raises:
            Refused: if the key is wrong or missing.
        """
        address = request.client.host if request.client else ""
        return self.door.guest(request.headers.get("authorization", ""), address)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The workers run while the block does."""
        self.scheduler.start()
        warming = asyncio.create_task(self._warm_uploads())
        try:
            async with at_home(self):
                yield
        finally:
            warming.cancel()
            await self.scheduler.end()
            await self.uploads.end()

    async def warm(self, say: Callable[[str], None]) -> None:
        """Wait until somebody can speak, however long a voice takes on this machine, and say now and then that it does.

        Raises:
            Refused: if the workers refuse to begin, or end as often as they are started.
        """
        for number in itertools.count(1):
            if self.scheduler.is_ready:
                return
            refused = [worker.refused for worker in self.scheduler.workers if worker.refused]
            if len(refused) == len(self.scheduler.workers) and refused[0] is not None:
                raise refused[0]
            if all(worker.restarts >= _MOST_STARTS for worker in self.scheduler.workers):
                raise Refused(500, "the processes that speak end before they are ready; the log says more",
                              "workers_do_not_start")
            await asyncio.sleep(_LOOK_S)
            if number % _SAY_EVERY == 0:
                say(f"the voice is being loaded, for {number * _LOOK_S:.0f} s now")

    async def _warm_uploads(self) -> None:
        """Start the process for uploads, once somebody can speak."""
        while not self.scheduler.is_ready:
            await asyncio.sleep(0.2)
        await self.uploads.start()

    def stepped(self, utterance: Utterance, seconds: float, reply: Message) -> None:
        """As `Watcher`."""
        self.metrics.stepped(utterance, seconds, reply)

    def restarted(self, worker: Worker) -> None:
        """As `Watcher`."""
        self.metrics.restarts.inc()

    def _worker_settings(self) -> dict[str, Any]:
        settings, kept = self.settings, self.settings.cache
        choice = self.installed.voice(None)
        folder = kept.folder or str(cache_folder() / "server")
        return {
            "who": [choice.voice, choice.speaker, settings.vocoder], "device": settings.device,
            "block_frames": settings.block_frames,
            "warming": spoken_call(SpeechBody(input=_WARMING), choice, self.installed),
            "preload": [[one.voice, one.speaker, settings.vocoder]
                        for one in map(self.installed.voice, settings.preload)],
            "cache": {"folder": folder, "bytes": kept.megabytes * _BYTES_A_MB} if kept.enabled else None,
        }  # fmt: skip


def _n_workers(settings: Settings) -> int:
    if settings.workers:
        return settings.workers
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, _MOST_WORKERS)
