"""An endpoint of the Wyoming protocol, by which Home Assistant speaks. Extra `wyoming`.

Wyoming has no keys: it listens where the server does, and only on this machine's own address where keys are needed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from vocolab.errors import DependencyMissing
from vocolab_server.bodies import bytes_for
from vocolab_server.calls import OwnSpeechBody, check_text, spoken_call
from vocolab_server.home_events import next_event
from vocolab_server.refusals import Refused, refusal_of
from vocolab_server.scheduler import WEIGHTS
from vocolab_server.settings import Settings
from vocolab_server.utterance import Utterance

if TYPE_CHECKING:
    from wyoming.event import Event
    from wyoming.server import AsyncEventHandler
    from wyoming.tts import Synthesize, SynthesizeVoice

    from vocolab_server.service import Service

_LOOPBACK = "127.0.0.1"
_PROJECT = "https://pypi.org/project/vocolab"


def home_address(settings: Settings) -> str:
    """Where the endpoint listens."""
    return _LOOPBACK if settings.keys and not settings.anyone else settings.host


@asynccontextmanager
async def at_home(service: Service) -> AsyncIterator[None]:
    """The endpoint answers while the block runs, if the settings have one.

    Raises:
        DependencyMissing: if the package is not installed.
    """
    port = service.settings.wyoming.port
    if not port:
        yield
        return
    try:
        from wyoming.server import AsyncTcpServer
    except ModuleNotFoundError as error:
        raise DependencyMissing("the Wyoming endpoint needs its package: pip install 'vocolab[wyoming]'") from error
    endpoint = AsyncTcpServer(home_address(service.settings), port)
    await endpoint.start(partial(_handler, service, set()))
    try:
        yield
    finally:
        await endpoint.stop()


def _handler(
    service: Service, there: set[object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> AsyncEventHandler:
    from wyoming.server import AsyncEventHandler

    class Handler(AsyncEventHandler):
        """One connection."""

        def __init__(self) -> None:
            super().__init__(reader, writer)
            self.talk = _Talk(service, self._written)

        async def run(self) -> None:
            """Hear what it says until it has gone."""
            there.add(self)
            try:
                await self.talk.hear(reader, len(there))
            finally:
                there.discard(self)
                writer.close()

        async def _written(self, event: Event) -> None:
            """Say something to a client that takes it."""
            try:
                await asyncio.wait_for(self.write_event(event), service.settings.limits.reading_s)
            except asyncio.TimeoutError as error:
                writer.transport.abort()
                raise ConnectionAbortedError("it takes nothing") from error

        async def handle_event(self, event: Event) -> bool:
            """One thing that it says."""
            return await self.talk.heard(event)

    return Handler()


class _Talk:
    """What one connection has said so far.

    Args:
        service: Who speaks.
        write: Says something back.
    """

    def __init__(self, service: Service, write: Callable[[Event], Awaitable[None]]) -> None:
        self._service, self._write = service, write
        self._pieces: list[str] | None = None
        self._voice: SynthesizeVoice | None = None
        self._n_characters = 0

    async def hear(self, reader: asyncio.StreamReader, n_there: int) -> None:
        """Hear all that it says, unless there are too many connections, this one included."""
        limits = self._service.settings.limits
        if n_there > limits.connections:
            await self.refuse(Refused(503, f"{limits.connections} connections are open, and no more are taken",
                                      "too_many_connections"))
            return
        most_bytes = bytes_for(limits.text_characters)
        while (event := await next_event(reader, most_bytes, limits.body_s)) is not None:
            if not await self.heard(event):
                break

    async def heard(self, event: Event) -> bool:
        """Describe, speak a text, or gather one that comes in pieces; False ends the connection."""
        try:
            return await self._answered(event)
        except Refused as refused:
            await self.refuse(refused)
        except OSError:  # the client has gone
            pass
        return False

    async def _answered(self, event: Event) -> bool:
        from wyoming.info import Describe
        from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeStopped

        if Describe.is_type(event.type):
            await self._write(_description(self._service))
        elif SynthesizeStart.is_type(event.type):
            self._pieces, self._voice = [], _read(SynthesizeStart, event).voice
        elif self._pieces is not None and SynthesizeChunk.is_type(event.type):
            self._gather(self._pieces, _read(SynthesizeChunk, event).text)
        elif self._pieces is not None and SynthesizeStop.is_type(event.type):
            text, self._pieces = "".join(self._pieces), None
            return await self._said(Synthesize(text, self._voice), SynthesizeStopped().event())
        elif self._pieces is None and Synthesize.is_type(event.type):
            # In the middle of pieces it is the whole text once more, for servers that do not gather.
            return await self._said(_read(Synthesize, event), None)
        return True

    def _gather(self, pieces: list[str], piece: str) -> None:
        """Keep a piece, if the text is not too long by then."""
        if not piece:
            return
        pieces.append(piece)
        self._n_characters = len(piece) + (self._n_characters if len(pieces) > 1 else 0)
        most = self._service.settings.limits.text_characters
        if self._n_characters > most:
            raise Refused(413, f"the text has more than the {most} characters that are taken", "text_too_long")

    async def refuse(self, refused: Refused) -> None:
        """Say why not."""
        from wyoming.error import Error

        with suppress(OSError):
            await self._write(Error(refused.message, refused.code).event())

    async def _said(self, asked: Synthesize, after: Event | None) -> bool:
        try:
            await _speak(self._write, self._service, asked)
        except OSError:  # the client has gone
            return False
        except Exception as error:
            await self.refuse(refusal_of(error))
            return False
        if after is not None:
            await self._write(after)
        return True


def _read(kind: Any, event: Event) -> Any:
    """An event as what it is called.

    Raises:
        Refused: if it does not hold that.
    """
    wrong = Refused(400, f"an event {event.type[:40]!r} does not hold what it has to", "invalid_event")
    try:
        found = kind.from_event(event)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise wrong from error
    voice = getattr(found, "voice", None)
    named = (voice.name, voice.speaker) if voice is not None else ()
    if not isinstance(getattr(found, "text", ""), str) or not all(isinstance(one, str | None) for one in named):
        raise wrong
    return found


def _description(service: Service) -> Event:
    from wyoming.info import Attribution, Info, TtsProgram, TtsVoice

    ours = Attribution("vocolab", _PROJECT)
    voices = [
        TtsVoice(name=one.id, attribution=ours, installed=True, description=one.summary, version=None,
                 languages=["en-US"])
        for one in service.installed.voices.values()
    ]
    program = TtsProgram(name="vocolab", attribution=ours, installed=True, description="vocolab serve",
                         version=version("vocolab"), voices=voices, supports_synthesize_streaming=True)
    return Info(tts=[program]).event()


async def _speak(write: Callable[[Event], Awaitable[None]], service: Service, asked: Synthesize) -> None:
    """The audio of a text, block by block; nothing is done for a client that has gone."""
    from wyoming.audio import AudioChunk, AudioStart, AudioStop

    from vocolab_server.encoders.base import Form
    from vocolab_server.encoders.raw import WavEncoder

    utterance = _submitted(service, asked.text, asked.voice)
    encoder: WavEncoder | None = None
    try:
        async for stretch in utterance.stretches():
            if encoder is None:
                encoder = WavEncoder(Form(stretch.sample_rate, True))
                encoder.header()
                await write(AudioStart(encoder.sample_rate, 2, 1).event())
            data = await asyncio.to_thread(encoder.feed, stretch.samples)
            if data:
                await write(AudioChunk(encoder.sample_rate, 2, 1, data).event())
        await write(AudioStop().event())
    finally:
        service.scheduler.leave(utterance)


def _submitted(service: Service, text: str, voice: SynthesizeVoice | None) -> Utterance:
    choice = service.installed.voice(voice.name if voice is not None else None)
    check_text(text, service.settings.limits.text_characters)
    body = OwnSpeechBody(input=text, speaker=voice.speaker if voice is not None else None)
    utterance = Utterance(spoken_call(body, choice, service.installed), WEIGHTS["normal"], "wyoming",
                          service.settings.limits.audio_s)
    service.scheduler.submit(utterance)
    return utterance
