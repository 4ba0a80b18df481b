"""Work on what was uploaded, in a process of its own: bounded in number, time and memory, started when it is needed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from vocolab_server.pool import Worker, WorkerLost
from vocolab_server.refusals import Refused
from vocolab_server.wire import Message

_log = logging.getLogger("vocolab.server")
_RETRY_S = 5.0


class Uploads:
    """Jobs, one after the other.

    Args:
        worker: The process; it is ended where a job takes too long, and started again for the next.
        most: How many jobs there may be at a time, the one that is done included.
        job_s: How long one may take.
    """

    def __init__(self, worker: Worker, most: int, job_s: float) -> None:
        self._worker, self._most, self._job_s = worker, most, job_s
        self._turn = asyncio.Lock()
        self.n_jobs = 0

    async def do(self, message: Message, payload: bytes = b"") -> tuple[Message, bytes]:
        """What the process makes of a job.

        Raises:
            Refused: if there are too many, it takes too long, or it can't be done.
        """
        if self.n_jobs >= self._most:
            raise Refused(503, f"{self.n_jobs} uploads are worked on or wait; try again in {_RETRY_S:.0f} s",
                          "overloaded", retry_after_s=_RETRY_S)
        self.n_jobs += 1
        try:
            async with self._turn:
                return await self._done(message, payload)
        finally:
            self.n_jobs -= 1

    async def start(self) -> None:
        """Start the process before it is needed; where it does not start, a job says why."""
        async with self._turn:
            with suppress(WorkerLost, Refused):
                if not self._worker.is_ready:
                    await self._worker.start()

    async def end(self) -> None:
        """End the process."""
        await self._worker.end()

    async def _done(self, message: Message, payload: bytes) -> tuple[Message, bytes]:
        try:
            if not self._worker.is_ready:
                await self._worker.start()
            reply, made = await self._worker.ask(message, payload, limit_s=self._job_s)
        except WorkerLost as error:
            await self._worker.end()
            raise Refused(500, f"the work took more than {self._job_s:g} s, or more memory than it may have; it was "
                               "stopped", "job_stopped") from error
        except asyncio.CancelledError:  # the client has gone, and the process is in the middle of something
            await self._worker.end()
            raise
        if "error" in reply:
            if "trace" in reply:
                _log.info("upload failed", extra={"trace": reply["trace"]})
            raise Refused.of_facts(reply["error"])
        return reply, made
