"""Worker processes as the server sees them: started, asked, found dead, started again."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from vocolab_server.refusals import Refused
from vocolab_server.wire import Message, packed, received

_log = logging.getLogger("vocolab.server")
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.2, 10.0
"""Between a worker's death and the next try, which doubles while it does not become ready."""


class WorkerLost(Exception):
    """A worker process ended while it was asked something."""


class Worker:
    """One process. It is asked one thing at a time.

    Args:
        name: What logs call it.
        kind: "speech" or "studio".
        settings: What it is told, in types that JSON knows.
    """

    def __init__(self, name: str, kind: str, settings: Mapping[str, Any]) -> None:
        self.name, self.kind, self._settings = name, kind, dict(settings)
        self.is_ready = False
        self.restarts = 0
        self.refused: Refused | None = None
        """Why it could not begin."""
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def pid(self) -> int | None:
        """Of the process, None where there is none."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Start the process and wait until it is warm.

        Raises:
            Refused: if it can't begin, and says why.
            WorkerLost: if it ends without a word.
        """
        ours, theirs = socket.socketpair()
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "vocolab_server.worker", str(theirs.fileno()), self.kind,
                json.dumps(self._settings), pass_fds=[theirs.fileno()], stdin=asyncio.subprocess.DEVNULL,
                env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )  # fmt: skip
        finally:
            theirs.close()
        self._reader, self._writer = await asyncio.open_unix_connection(sock=ours, limit=1 << 24)
        said, _ = await self._received()
        if not said["ready"]:
            await self.end()
            self.refused = Refused.of_facts(said["error"])
            raise self.refused
        self.is_ready, self.refused = True, None

    async def ask(self, message: Message, payload: bytes = b"", *, limit_s: float) -> tuple[Message, bytes]:
        """What the process answers.

        Raises:
            WorkerLost: if it ends before it has, or has not answered after `limit_s` seconds.
        """
        if self._writer is None:
            raise WorkerLost(self.name)
        try:
            self._writer.write(packed(message, payload))
            await self._writer.drain()
            return await asyncio.wait_for(self._received(), limit_s)
        except (asyncio.TimeoutError, OSError) as error:
            raise WorkerLost(self.name) from error

    async def restart(self) -> None:
        """Start it again, as often as it takes, with longer and longer waits."""
        self.is_ready = False
        wait_s = _FIRST_WAIT_S
        while True:
            await self.end()
            self.restarts += 1
            _log.warning("worker is started again", extra={"worker": self.name})
            try:
                await self.start()
                return
            except (WorkerLost, Refused, OSError) as error:
                _log.error("worker does not start", extra={"worker": self.name, "error": str(error)})
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, _LONGEST_WAIT_S)

    async def end(self) -> None:
        """End the process, whatever it does."""
        self.is_ready = False
        if self._writer is not None:
            self._writer.close()
            self._writer = self._reader = None
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            self._process = None

    async def _received(self) -> tuple[Message, bytes]:
        assert self._reader is not None
        try:
            return await received(self._reader)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise WorkerLost(self.name) from error
