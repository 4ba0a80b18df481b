"""Events of the Wyoming protocol, read with bounds: so many bytes, in so much time; the package has no bounds."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wyoming.event import Event

QUIET_S = 600.0
"""How long a connection may say nothing."""


async def next_event(
    reader: asyncio.StreamReader, most_bytes: int, event_s: float, quiet_s: float = QUIET_S
) -> Event | None:
    """What a client says next; None where it has gone, is too slow, or says what is no event.

    Args:
        reader: Its connection.
        most_bytes: Of one event, beside its first line.
        event_s: In which an event has to be there once it has begun.
        quiet_s: In which it has to begin.
    """
    try:
        first = await asyncio.wait_for(reader.readexactly(1), quiet_s)
        return await asyncio.wait_for(_event(reader, first, most_bytes), event_s)
    except (asyncio.TimeoutError, asyncio.IncompleteReadError, OSError, ValueError, RecursionError):
        return None


async def _event(reader: asyncio.StreamReader, first: bytes, most_bytes: int) -> Event:
    """An event: a line of JSON, then so many bytes of JSON and so many of anything as the line says.

    Raises:
        ValueError: if it is none.
    """
    from wyoming.event import Event

    head = _object(first if first == b"\n" else first + await reader.readline())
    n_data, n_payload = (_length(head.get(name)) for name in ("data_length", "payload_length"))
    if n_data + n_payload > most_bytes:
        raise ValueError("too large")
    data = head.get("data") or {}
    kind = head.get("type")
    if not (isinstance(kind, str) and isinstance(data, dict)):
        raise ValueError("no type, or no data")
    if n_data:
        data |= _object(await reader.readexactly(n_data))
    payload = await reader.readexactly(n_payload) if n_payload else None
    return Event(kind, data, payload)


def _object(text: bytes) -> dict[str, Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _length(value: object) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("no length")
    return value
