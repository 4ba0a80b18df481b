"""Connections of HTTP/1.1 that hold nobody up: what is too slow or too large is answered and closed.

uvicorn bounds the size of a head and the silence between requests, and waits for a head that trickles in. `abort`, in
the state of every request, ends a connection whose client takes nothing any more.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from vocolab_server.refusals import Refused

REQUEST_ID = "X-Request-Id"
MOST_HEAD_BYTES = 32 * 1024


class Guarded(H11Protocol):
    """One connection; a subclass states how much time there is."""

    head_s = 10.0
    """For the head of a request."""
    _clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client has come."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, "abort": transport.abort}
        self._clock = self.loop.call_later(self.head_s, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """It has said something."""
        is_between = self.cycle is None or self.cycle.response_complete
        if is_between and self._clock is None:
            self._clock = self.loop.call_later(self.head_s, self._too_slow)
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_clock()

    def send_400_response(self, msg: str) -> None:
        """What it has said is no HTTP."""
        self._refuse(Refused(400, "this is no request of HTTP/1.1, or its head has more than "
                                  f"{MOST_HEAD_BYTES} bytes", "invalid_http"))

    def _too_slow(self) -> None:
        self._clock = None
        if not self.transport.is_closing():
            self._refuse(Refused(408, f"the head of the request was not there after {self.head_s:g} s", "too_slow"))

    def _refuse(self, refused: Refused) -> None:
        body = json.dumps(refused.envelope).encode()
        reason = {400: b"Bad Request", 408: b"Request Timeout"}[refused.status]
        lines = [
            b"HTTP/1.1 %d %s" % (refused.status, reason), b"content-type: application/json",
            b"content-length: %d" % len(body), f"{REQUEST_ID.lower()}: {uuid.uuid4().hex}".encode(),
            b"connection: close", b"", body,
        ]  # fmt: skip
        self.transport.write(b"\r\n".join(lines))
        self.transport.close()

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None


def guarded(head_s: float) -> type[H11Protocol]:
    """The protocol, with so much time for the head of a request."""
    return type("GuardedFor", (Guarded,), {"head_s": head_s})
