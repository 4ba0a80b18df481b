"""A client of `vocolab serve` for its benchmark: asks, notes when bytes come, compares the samples with `say`'s."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass

import numpy as np

HEADER_BYTES = 44


MOST_ERROR = 1e-4
REFUSED = (429, 503)
_OTHER_LENGTH = 2.0


@dataclass
class Answer:
    """What came of one request."""

    text: str = ""
    status: int = 0
    """Of HTTP; 0: the connection broke off."""
    first_s: float = 0.0
    """From the request to the first bytes of audio."""
    whole_s: float = 0.0
    audio_s: float = 0.0
    error: float = 0.0
    """Greatest difference from what `say` gives of this text; 2.0 where the length is another."""
    failure: str = ""
    """Why it has no end, or what it was refused with."""
    data: bytes = b""
    """All that came of its body, kept where the answer is bad."""

    @property
    def is_bad(self) -> bool:
        """Whether it is neither what `say` gives nor a refusal by design."""
        return self.status not in (200, *REFUSED) or self.error > MOST_ERROR

    @property
    def told(self) -> str:
        """What is bad about it, in a line."""
        what = f"status {self.status}" if self.status != 200 else (
            "another length" if self.error == _OTHER_LENGTH else f"{self.error:.1e} off")
        return (f"{what} {self.failure} for {self.text[:60]!r}: {len(self.data)} bytes, first after "
                f"{self.first_s:.3f} s, last after {self.whole_s:.3f} s")


async def ask(port: int, text: str, said: np.ndarray | None, rate: int) -> Answer:
    """Speak a text, read all of the answer, compare it with the samples that are expected."""
    answer, started, data = Answer(text), time.perf_counter(), bytearray()
    writer = None
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(text))
        head = await reader.readuntil(b"\r\n\r\n")
        answer.status = int(head.split(b" ", 2)[1])
        if answer.status != 200:
            answer.failure = (await reader.read(2000)).decode(errors="replace")
            return answer
        async for piece in _chunks(reader):
            answer.first_s = answer.first_s or time.perf_counter() - started
            data += piece
        _compared(answer, np.frombuffer(data[HEADER_BYTES:], "<i2") / 2**15, said, rate)
    except (OSError, asyncio.IncompleteReadError) as error:
        answer.status, answer.failure = 0, f"({type(error).__name__}: {error})"
    finally:
        answer.whole_s = time.perf_counter() - started
        answer.data = bytes(data) if answer.is_bad else b""
        if writer is not None:
            writer.close()
    return answer


def _compared(answer: Answer, samples: np.ndarray, said: np.ndarray | None, rate: int) -> None:
    answer.audio_s = samples.size / rate
    if said is not None:
        same = samples.size == said.size
        answer.error = float(np.abs(samples - said).max(initial=0.0)) if same else _OTHER_LENGTH


def request(text: str) -> bytes:
    """The bytes of a request for WAV."""
    body = json.dumps({"model": "tts-1", "input": text, "response_format": "wav"}).encode()
    return (b"POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


async def _chunks(reader: asyncio.StreamReader):
    """The pieces of a chunked body; IncompleteReadError where it has no end."""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        yield (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
