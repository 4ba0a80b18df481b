"""Speech: OpenAI's address, and our own with all that vocolab can."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from vocolab_server import answers
from vocolab_server.answers import Answer
from vocolab_server.bodies import json_bytes
from vocolab_server.calls import B, OwnSpeechBody, SpeechBody, check_text, read_body, spoken_call
from vocolab_server.encoders import encoder
from vocolab_server.finished import finished_speech
from vocolab_server.keys import Guest
from vocolab_server.middleware import while_there
from vocolab_server.scheduler import WEIGHTS
from vocolab_server.service import Service
from vocolab_server.settings import Priority
from vocolab_server.utterance import Utterance

NOTE = "X-Vocolab-Note"
"""What a request asked for and does not get."""
_FOR_HTTP_1_0 = "1.0"


class SpeechRoutes:
    """The handlers.

    Args:
        service: What they need.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def openai(self, request: Request) -> Response:
        """`POST /v1/audio/speech`."""
        guest, body = await self._read(request, SpeechBody)
        answer = self._begun(request, guest, body, "normal")
        if body.stream_format == "sse":
            return await while_there(request.receive, answers.events(answer, with_words=False))
        return await self._audio(request, answer, streamed=True)

    async def own(self, request: Request) -> Response:
        """`POST /v1/vocolab/speech`."""
        guest, body = await self._read(request, OwnSpeechBody)
        if body.preset is not None:
            self._service.installed.one_of(self._service.installed.presets, body.preset, "preset")
        answer = self._begun(request, guest, body, body.priority)
        if body.preset is not None:
            finished = finished_speech(self._service.uploads, answer, body.preset, body)
            return await while_there(request.receive, finished)
        if body.stream_format == "sse":
            return await while_there(request.receive, answers.events(answer, with_words=True))
        if body.stream_format == "json":
            return await while_there(request.receive, answers.captioned(answer))
        return await self._audio(request, answer, streamed=body.stream)

    async def _read(self, request: Request, kind: type[B]) -> tuple[Guest, B]:
        limits = self._service.settings.limits
        guest = self._service.guest(request)
        return guest, read_body(kind, await json_bytes(request, limits.text_characters, limits.body_s))

    def _begun(self, request: Request, guest: Guest, body: SpeechBody, priority: Priority) -> Answer:
        """The request in the round, or a refusal."""
        service = self._service
        service.installed.model(body.model)
        choice = service.installed.voice(body.voice_name)
        kind = encoder(body.response_format)
        check_text(body.input, service.settings.limits.text_characters)
        call = spoken_call(body, choice, service.installed)
        service.door.admit(guest, len(body.input))
        utterance = Utterance(call, WEIGHTS[guest.priority(priority)], request.state.request_id,
                              service.settings.limits.audio_s)
        service.scheduler.submit(utterance)
        guest.running += 1
        service.metrics.characters.inc(len(body.input))
        log = {"voice": choice.id, "characters": len(body.input), "format": body.response_format, "guest": guest.name}
        if service.settings.log.texts:
            log["text"] = body.input
        request.state.log = log
        request.state.span.set(**{name: value for name, value in log.items() if name != "text"})
        headers = {NOTE: "instructions are not followed: no voice here can"} if body.instructions else {}
        return Answer(service.scheduler, utterance, kind, service.metrics, partial(self._over, request, guest), headers)

    def _over(self, request: Request, guest: Guest, answer: Answer) -> None:
        guest.running -= 1
        timing, metrics = answer.timing, self._service.metrics
        if answer.status == "cancelled" and answer.encoder is not None:
            metrics.cancelled.inc()
        seconds = timing.end() if answer.status == "whole" else 0.0
        request.state.log |= {
            "answer": answer.status, "audio_s": round(timing.audio_s, 3), "work_s": round(seconds, 3),
            "first_audio_s": None if timing.first_s is None else round(timing.first_s, 4),
            "steps": answer.utterance.n_steps,
        }  # fmt: skip
        request.state.span.event("answer over", status=answer.status, audio_s=timing.audio_s)

    async def _audio(self, request: Request, answer: Answer, *, streamed: bool) -> Response:
        # HTTP/1.0 has no way to say that a stream has broken off: there the whole is sent, with its length.
        if not streamed or request.scope["http_version"] == _FOR_HTTP_1_0:
            return await while_there(request.receive, answers.whole(answer))
        return await while_there(request.receive, answers.streamed(answer))
