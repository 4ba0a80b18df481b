"""Connections of HTTP/1.1 that hold nobody up: what is too slow or too large is answered and closed.

uvicorn bounds the size of a head and the silence between requests. It waits for a head that trickles in, and for a
client that does not take what is left of an answer. `abort`, in the state of every request, ends a connection whose
client takes nothing any more.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from vocolab_server.refusals import Refused
from vocolab_server.settings import Limits

REQUEST_ID = "X-Request-Id"
MOST_HEAD_BYTES = 32 * 1024
SLOWEST_BYTES_S = 4000
"""A client that takes less a second is too slow: half of what the smallest format needs to be heard as it comes."""
_RETRY_S = 2.0
_REASONS = {400: b"Bad Request", 408: b"Request Timeout", 503: b"Service Unavailable"}


class Guarded(H11Protocol):
    """One connection; a subclass states how much time there is."""

    head_s = 10.0
    """For the head of a request."""
    reading_s = 30.0
    """In which a client has to take something."""
    most = 500
    """Connections at a time."""
    _clock: asyncio.TimerHandle | None = None
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """A client has come."""
        super().connection_made(transport)
        self._look_at_rest(None, 0)
        if len(self.connections) > self.most:
            self._refuse(Refused(503, f"{self.most} connections are open, and no more are taken; try again in "
                                 f"{_RETRY_S:.0f} s", "too_many_connections", retry_after_s=_RETRY_S))
            return
        self.app_state = {**self.app_state, "abort": transport.abort}
        self._clock = self.loop.call_later(self.head_s, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """It has gone."""
        self._stop_clock()
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """It has said something."""
        if self.transport.is_closing():
            return
        is_between = self.cycle is None or self.cycle.response_complete
        if is_between and self._clock is None:
            self._clock = self.loop.call_later(self.head_s, self._too_slow)
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_clock()

    def _look_at_rest(self, answer: object, before: int) -> None:
        """End a connection that takes too little of what is left of an answer, all of which waits here."""
        is_rest = self.transport.is_closing() or self.cycle is None or self.cycle.response_complete
        left = self.transport.get_write_buffer_size() if is_rest else 0
        if left and before and answer is self.cycle and left > before - SLOWEST_BYTES_S * self.reading_s:
            self.transport.abort()
        self._watch = self.loop.call_later(self.reading_s, self._look_at_rest, self.cycle, left)

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
        again = [] if refused.retry_after_s is None else [b"retry-after: %d" % refused.retry_after_s]
        lines = [
            b"HTTP/1.1 %d %s" % (refused.status, _REASONS[refused.status]), *again, b"content-type: application/json",
            b"content-length: %d" % len(body), f"{REQUEST_ID.lower()}: {uuid.uuid4().hex}".encode(),
            b"connection: close", b"", body,
        ]  # fmt: skip
        self.transport.write(b"\r\n".join(lines))
        self.transport.close()

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None


def guarded(limits: Limits) -> type[H11Protocol]:
    """The protocol, with so much time, and so many connections."""
    told = {"head_s": limits.header_s, "reading_s": limits.reading_s, "most": limits.connections}
    return type("GuardedFor", (Guarded,), told)
