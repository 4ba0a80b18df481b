"""Around every answer: its id, its line in the log, the envelope of errors, and an end for clients that stall."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Awaitable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vocolab_server.answers import BrokenOff
from vocolab_server.guarded import REQUEST_ID, SLOWEST_BYTES_S
from vocolab_server.metrics import Metrics
from vocolab_server.refusals import Refused, refusal_of
from vocolab_server.tracing import Traces

_log = logging.getLogger("vocolab.server")
_GIVEN_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_QUIET = ("/health", "/ready", "/metrics")
_SAFE = {
    b"x-content-type-options": b"nosniff", b"referrer-policy": b"no-referrer", b"x-frame-options": b"DENY",
}  # fmt: skip


class Stalled(Exception):
    """A client takes nothing of its answer, or too little."""


class Around:
    """The outermost part of the application.

    Args:
        app: What answers.
        metrics: Where answers are counted.
        traces: Where spans go.
        reading_s: How long a client may take nothing.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, traces: Traces, reading_s: float) -> None:
        self._app, self._metrics, self._traces, self._reading_s = app, metrics, traces, reading_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = Seen(scope)
        scope.setdefault("state", {}).update(request_id=seen.request_id, seen=seen)
        scope["app"] = self  # by which Starlette's routes know that what they raise is answered
        with self._traces.request(scope) as span:
            scope["state"]["span"] = span
            await self._answered(scope, receive, self._watched(scope, seen, send), seen)
            span.end(seen.status)
        self._tell(scope, seen)

    async def _answered(self, scope: Scope, receive: Receive, send: Send, seen: Seen) -> None:
        try:
            await self._app(scope, receive, send)
        except Stalled:
            seen.end = "stalled"
            scope["state"].get("abort", lambda: None)()
            await asyncio.sleep(0)  # the connection is told that it is gone
        except ClientDisconnect:
            seen.end = "disconnected"
        except BrokenOff as error:
            seen.end = "broken"
            self._metrics.broken_off()
            self._tell(scope, seen, error=error.args[0].message)
            raise

    def _watched(self, scope: Scope, seen: Seen, send: Send) -> Send:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                given = {name.lower() for name, _ in message["headers"]}
                more = {REQUEST_ID.lower().encode(): seen.request_id.encode(), **_SAFE}
                message["headers"] = [*message["headers"],
                                      *((name, value) for name, value in more.items() if name not in given)]
            await self._in_time(send, message, seen)

        return watched

    async def _in_time(self, send: Send, message: Message, seen: Seen) -> None:
        """Send something that is taken soon, and not much slower than it can be heard.

        Raises:
            Stalled: if it is not.
        """
        started_s = time.monotonic()
        try:
            await asyncio.wait_for(send(message), self._reading_s)
        except asyncio.TimeoutError as error:
            raise Stalled from error
        seen.waited_s += time.monotonic() - started_s
        seen.n_bytes += len(message.get("body", b""))
        if seen.waited_s > self._reading_s + seen.n_bytes / SLOWEST_BYTES_S:
            raise Stalled

    def _tell(self, scope: Scope, seen: Seen, **more: Any) -> None:
        if seen.told:
            return
        seen.told = True
        route = getattr(scope.get("route"), "path", None) or "other"
        self._metrics.requests.labels(route, str(seen.status or seen.end)).inc()
        level = logging.DEBUG if scope["path"] in _QUIET else logging.INFO
        _log.log(level, "request", extra={
            "request_id": seen.request_id, "method": scope["method"], "path": scope["path"], "status": seen.status,
            "end": seen.end, "seconds": round(time.monotonic() - seen.begun_s, 4),
            "address": (scope.get("client") or ("",))[0], **({"code": seen.code} if seen.code else {}),
            **scope["state"].get("log", {}), **more,
        })  # fmt: skip


class Envelopes:
    """What goes wrong before an answer has begun is told in an envelope.

    Args:
        app: What answers.
        metrics: Where refusals are counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        try:
            await self._app(scope, receive, send)
        except (Stalled, ClientDisconnect, BrokenOff):
            raise
        except Exception as error:
            seen: Seen | None = scope.get("state", {}).get("seen")
            if seen is None or seen.status:
                raise
            refused = _refused(error)
            if refused.status >= 500 and not isinstance(error, Refused):
                _log.exception("request failed", extra={"request_id": seen.request_id})
            self._metrics.refused.labels(refused.code).inc()
            seen.code = refused.code
            await refusal(refused)(scope, receive, send)


class Seen:
    """What is known of an answer on its way."""

    def __init__(self, scope: Scope) -> None:
        given = dict(scope["headers"]).get(REQUEST_ID.lower().encode(), b"").decode("latin-1")
        self.request_id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        self.begun_s = time.monotonic()
        self.status = 0
        self.end = "whole"
        self.code = ""
        self.told = False
        self.n_bytes = 0
        self.waited_s = 0.0
        """For the client to take what it is sent."""


def refusal(refused: Refused) -> JSONResponse:
    """The answer that a refusal is."""
    headers = {}
    if refused.retry_after_s is not None:
        headers["Retry-After"] = str(max(1, round(refused.retry_after_s + 0.499)))
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(refused.envelope, status_code=refused.status, headers=headers)


def _refused(error: Exception) -> Refused:
    if isinstance(error, HTTPException):
        texts = {404: ("there is nothing at this address", "not_found"),
                 405: ("this address does not take that method", "method_not_allowed")}
        message, code = texts.get(error.status_code, (str(error.detail), "refused"))
        return Refused(error.status_code, message, code)
    return refusal_of(error)


async def while_there(receive: Receive, work: Awaitable[Any]) -> Any:
    """What `work` gives, as long as the client is there; its body has been read before.

    Raises:
        ClientDisconnect: if it goes; the work is cancelled.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise ClientDisconnect
    finally:
        for one in (task, gone):
            if not one.done():
                one.cancel()
        await asyncio.gather(task, gone, return_exceptions=True)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


