"""How speech becomes an answer of HTTP: as it comes, in server-sent events, or whole."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from vocolab_server.encoders import Encoder, Form
from vocolab_server.metrics import Metrics, Timing
from vocolab_server.refusals import Refused, refusal_of
from vocolab_server.scheduler import Scheduler
from vocolab_server.utterance import Stretch, Utterance

_log = logging.getLogger("vocolab.server")
_IN_MEMORY_BYTES = 1 << 20
_PIECE_BYTES = 1 << 16
_USAGE_MS = 10
"""One output token of an answer's usage: vocolab has none, and counts so many milliseconds of audio. Input tokens are
characters."""


class BrokenOff(Exception):
    """An answer that has begun can't go on: its connection is closed without the end that HTTP gives a whole one."""


@dataclass
class Answer:
    """One request that is being spoken.

    Args:
        scheduler: Who speaks it.
        utterance: What is spoken.
        kind: The encoder of its format.
        metrics: Where it is counted.
        done: Called once it is over, with the seconds of its audio.
    """

    scheduler: Scheduler
    utterance: Utterance
    kind: type[Encoder]
    metrics: Metrics
    done: Callable[[Answer], None] = lambda answer: None
    headers: Mapping[str, str] = field(default_factory=dict)
    status: str = "cancelled"
    """At the end: "whole", "broken" or "cancelled"."""
    encoder: Encoder | None = None
    words: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.timing = Timing(self.metrics)
        self._stretches = self.utterance.stretches()

    async def begin(self) -> Stretch:
        """The first sound; what is wrong before it is an ordinary refusal.

        Raises:
            Refused: if there is none.
        """
        try:
            async for stretch in self._stretches:
                return stretch
        except BaseException:
            self.close()
            raise
        self.close()
        raise Refused(400, "there is nothing in the text that can be said", "empty_input", param="input")

    async def rest(self) -> AsyncIterator[Stretch]:
        """What comes after the first, as samples.

        Raises:
            Refused: if it breaks off.
        """
        async for stretch in self._stretches:
            yield stretch

    async def audio(self, first: Stretch, *, streamed: bool) -> AsyncIterator[tuple[Stretch | None, bytes]]:
        """The encoded answer piece by piece, each beside what it was made from; None beside the end.

        Raises:
            BrokenOff: if the speech breaks off.
        """
        encoder = self.encoder = self.kind(Form(first.sample_rate, streamed))
        try:
            yield first, await self._fed(encoder, first)
            async for stretch in self._stretches:
                yield stretch, await self._fed(encoder, stretch)
            tail = await asyncio.to_thread(encoder.finish)
            self.status = "whole"
            yield None, tail
        except Exception as error:
            self.status = "broken"
            refused = refusal_of(error)
            if not isinstance(error, Refused):
                _log.exception("answer failed", extra={"request_id": self.utterance.request_id})
            raise BrokenOff(refused) from error
        finally:
            self.close()

    def close(self) -> None:
        """It is over, well or not: nothing more is done for it."""
        self.scheduler.leave(self.utterance)
        if self.encoder is not None:
            self.encoder.close()
        done, self.done = self.done, lambda answer: None
        done(self)

    @property
    def usage(self) -> dict[str, int]:
        """As OpenAI's clients have it."""
        characters, units = len(self.utterance.call["text"]), round(self.timing.audio_s * 1000 / _USAGE_MS)
        return {"input_tokens": characters, "output_tokens": units, "total_tokens": characters + units}

    async def _fed(self, encoder: Encoder, stretch: Stretch) -> bytes:
        data = await asyncio.to_thread(encoder.feed, stretch.samples)
        self.words += stretch.words
        self.timing.block(stretch.samples.size / stretch.sample_rate)
        return data


class _Leaving(StreamingResponse):
    """A stream whose answer is let go of at its end, however that comes about."""

    def __init__(self, answer: Answer, content: AsyncIterator[bytes], kind: str, headers: Mapping[str, str]) -> None:
        super().__init__(content, media_type=kind, headers=headers)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._answer.close()


async def streamed(answer: Answer) -> Response:
    """Bytes as they come."""
    first = await answer.begin()

    async def pieces() -> AsyncIterator[bytes]:
        async for _, data in answer.audio(first, streamed=True):
            if data:
                yield data

    return _Leaving(answer, pieces(), answer.kind.media_type, _headers(answer, first))


async def events(answer: Answer, *, with_words: bool) -> Response:
    """Server-sent events: `speech.audio.delta` ..., `speech.audio.done`; `speech.words` besides, if they are wanted."""
    first = await answer.begin()

    async def lines() -> AsyncIterator[bytes]:
        try:
            async for stretch, data in answer.audio(first, streamed=True):
                if stretch is not None and stretch.words and with_words:
                    yield _event({"type": "speech.words", "words": stretch.words})
                if data:
                    yield _event({"type": "speech.audio.delta", "audio": base64.b64encode(data).decode()})
        except BrokenOff as error:
            yield _event({"type": "error", **error.args[0].envelope})
            raise
        notes = {"notes": answer.utterance.notes} if with_words else {}
        yield _event({"type": "speech.audio.done", "usage": answer.usage, **notes})

    return _Leaving(answer, lines(), "text/event-stream", {**_headers(answer, first), "Cache-Control": "no-cache"})


async def whole(answer: Answer) -> Response:
    """All of it at once, with its length, and with a header that states true sizes."""
    file, first = await _collected(answer)
    length = file.seek(0, 2)
    file.seek(0)

    async def pieces() -> AsyncIterator[bytes]:
        with file:
            while data := file.read(_PIECE_BYTES):
                yield data

    headers = {**_headers(answer, first), "Content-Length": str(length)}
    return StreamingResponse(pieces(), media_type=answer.kind.media_type, headers=headers)


async def captioned(answer: Answer) -> Response:
    """One JSON object: the audio, and when each word is said."""
    file, first = await _collected(answer)
    with file:
        file.seek(0)
        data = file.read()
    return JSONResponse({
        "audio": base64.b64encode(data).decode(), "media_type": answer.kind.media_type,
        "sample_rate": first.sample_rate, "seconds": answer.timing.audio_s, "words": answer.words,
        "notes": answer.utterance.notes, "usage": answer.usage,
    })  # fmt: skip


async def _collected(answer: Answer) -> tuple[IO[bytes], Stretch]:
    first = await answer.begin()
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES)  # noqa: SIM115  who sends it closes it
    try:
        async for _, data in answer.audio(first, streamed=False):
            file.write(data)
        assert answer.encoder is not None
        for place, data in answer.encoder.patches:
            file.seek(place)
            file.write(data)
    except BrokenOff as error:  # nothing has left: it can still be told as what it is
        file.close()
        raise error.args[0] from error
    except BaseException:
        file.close()
        raise
    return file, first


def _headers(answer: Answer, first: Stretch) -> dict[str, str]:
    rate_hz = answer.kind.rate_for(first.sample_rate)
    return {**answer.headers, "X-Audio-Sample-Rate": str(rate_hz), "X-Audio-Channels": "1"}


def _event(value: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode("utf-8", "surrogatepass")
