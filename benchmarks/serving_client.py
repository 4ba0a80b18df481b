"""A client of `vocolab serve` for its benchmark: asks, notes when bytes come, compares the samples with `say`'s."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

import numpy as np

HEADER_BYTES = 44


@dataclass
class Answer:
    """What came of one request."""

    status: int = 0
    """Of HTTP; 0: the connection broke off."""
    first_s: float = 0.0
    """From the request to the first bytes of audio."""
    whole_s: float = 0.0
    audio_s: float = 0.0
    error: float = 0.0
    """Greatest difference from what `say` gives of this text; 2.0 where the length is another."""


async def ask(port: int, text: str, said: np.ndarray | None, rate: int) -> Answer:
    """Speak a text, read all of the answer, compare it with the samples that are expected."""
    answer, started = Answer(), time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return answer
    try:
        writer.write(request(text))
        answer.status = await _status(reader)
        if answer.status != 200:
            return answer
        data = bytearray()
        async for piece in _chunks(reader):
            if not data:
                answer.first_s = time.perf_counter() - started
            data += piece
        answer.whole_s = time.perf_counter() - started
        samples = np.frombuffer(data[HEADER_BYTES:], "<i2") / 2**15
        answer.audio_s = samples.size / rate
        if said is not None:
            same = samples.size == said.size
            answer.error = float(np.abs(samples - said).max(initial=0.0)) if same else 2.0
    except (OSError, asyncio.IncompleteReadError):
        answer.status = 0
    finally:
        writer.close()
    return answer


def request(text: str) -> bytes:
    """The bytes of a request for WAV."""
    body = json.dumps({"model": "tts-1", "input": text, "response_format": "wav"}).encode()
    return (b"POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1])


async def _chunks(reader: asyncio.StreamReader):
    """The pieces of a chunked body; IncompleteReadError where it has no end."""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
