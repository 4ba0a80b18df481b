"""What the server and its worker processes say to each other: a JSON object and bytes, over a socket. No pickles.

    length of the object, 4 bytes | length of the bytes, 8 bytes | object | bytes
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any

_HEAD = struct.Struct("<IQ")
Message = dict[str, Any]


def packed(message: Mapping[str, Any], payload: bytes = b"") -> bytes:
    """A message as it is sent."""
    text = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return _HEAD.pack(len(text), len(payload)) + text + payload


async def received(reader: asyncio.StreamReader) -> tuple[Message, bytes]:
    """The next message; raises IncompleteReadError where the other side is gone."""
    n_text, n_payload = _HEAD.unpack(await reader.readexactly(_HEAD.size))
    text = await reader.readexactly(n_text)
    return _read(text), await reader.readexactly(n_payload)


class Line:
    """The worker's end."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._stream = end.makefile("rb")

    def receive(self) -> tuple[Message, bytes] | None:
        """The next message; None if the server is gone."""
        head = self._stream.read(_HEAD.size)
        if len(head) < _HEAD.size:
            return None
        n_text, n_payload = _HEAD.unpack(head)
        text, payload = self._stream.read(n_text), self._stream.read(n_payload)
        return None if len(text) + len(payload) < n_text + n_payload else (_read(text), payload)

    def send(self, message: Mapping[str, Any], payload: bytes = b"") -> None:
        """Answer."""
        self._socket.sendall(packed(message, payload))


def _read(text: bytes) -> Message:
    message: Message = json.loads(text.decode("utf-8", "surrogatepass"))
    return message
