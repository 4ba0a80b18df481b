"""Bodies of requests, read with bounds: so many bytes, in so much time."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

from vocolab_server.refusals import Refused

_JSON = "application/json"
_BYTES_A_CHARACTER = 12
"""The most that JSON needs: an escaped surrogate pair."""
_ROOM_BYTES = 16_384
"""For everything beside the text."""
_MOST_DIGITS = 20
"""Of a length; Python refuses to read thousands."""


async def json_bytes(request: Request, text_characters: int, seconds: float) -> bytes:
    """The body of a request that says it is JSON. A page of another site can't send that unasked.

    Raises:
        Refused: if it is said to be something else, is too large or too slow.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _JSON:
        raise Refused(415, f"the body has to be JSON: send the header 'Content-Type: {_JSON}', not {kind[:60]!r}",
                      "unsupported_media_type")
    return await bounded(request, bytes_for(text_characters), seconds)


def bytes_for(text_characters: int) -> int:
    """The most bytes of JSON that a text of so many characters takes, and what goes with it."""
    return text_characters * _BYTES_A_CHARACTER + _ROOM_BYTES


async def bounded(request: Request, most_bytes: int, seconds: float) -> bytes:
    """The body of any request.

    Raises:
        Refused: if it is too large or too slow.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:_MOST_DIGITS]) > most_bytes:
        raise _too_large(most_bytes)
    try:
        return await asyncio.wait_for(_read(request, most_bytes), seconds)
    except asyncio.TimeoutError as error:
        raise Refused(408, f"the body was not there after {seconds:g} s", "too_slow") from error


async def _read(request: Request, most_bytes: int) -> bytes:
    data = bytearray()
    async for piece in request.stream():
        data += piece
        if len(data) > most_bytes:
            raise _too_large(most_bytes)
    return bytes(data)


def _too_large(most_bytes: int) -> Refused:
    return Refused(413, f"the body is too large; at most {most_bytes} bytes are taken", "body_too_large")
