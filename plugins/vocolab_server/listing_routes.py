"""What there is: models, voices, presets. And how the server does: alive, ready, figures."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vocolab_server.encoders import format_names
from vocolab_server.refusals import Refused
from vocolab_server.service import Service

_OWNER = "vocolab"
_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class ListingRoutes:
    """The handlers.

    Args:
        service: What they tell of.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def models(self, request: Request) -> Response:
        """`GET /v1/models`."""
        self._service.guest(request)
        return JSONResponse({"object": "list", "data": [_model(name) for name in self._service.installed.models]})

    async def model(self, request: Request) -> Response:
        """`GET /v1/models/NAME`."""
        self._service.guest(request)
        name = request.path_params["name"]
        self._service.installed.model(name)
        return JSONResponse(_model(name))

    async def audio_models(self, request: Request) -> Response:
        """`GET /v1/audio/models`, as Open WebUI asks."""
        self._service.guest(request)
        return JSONResponse({"models": [{"id": name, "name": name} for name in self._service.installed.models]})

    async def voices(self, request: Request) -> Response:
        """`GET /v1/audio/voices`: a voice of several speakers with each of them; other names as configured."""
        self._service.guest(request)
        installed = self._service.installed
        rows = [{"id": one.id, "name": one.id, "summary": one.summary} for one in installed.voices.values()]
        rows += [{"id": name, "name": name, "summary": f"another name of {voice}"}
                 for name, voice in installed.aliases.items()]
        return JSONResponse({"voices": rows})

    async def capabilities(self, request: Request) -> Response:
        """`GET /v1/vocolab/capabilities`: all that a request may name."""
        self._service.guest(request)
        installed = self._service.installed
        return JSONResponse({
            "voice": installed.voice(None).id,
            "formats": format_names(), "vocoders": installed.vocoders, "mel_specs": installed.conventions,
            "presets": [{"id": name, **facts} for name, facts in installed.preset_summaries.items()],
            "text_characters": self._service.settings.limits.text_characters,
        })  # fmt: skip

    async def health(self, request: Request) -> Response:
        """`GET /health`: the process answers."""
        return JSONResponse({"status": "alive"})

    async def ready(self, request: Request) -> Response:
        """`GET /ready`: somebody could speak now."""
        scheduler = self._service.scheduler
        if not scheduler.is_ready:
            raise Refused(503, "shutting down" if scheduler.is_draining else "no voice is loaded yet", "not_ready",
                          retry_after_s=1.0)
        workers = scheduler.workers
        return JSONResponse({"status": "ready", "workers": sum(one.is_ready for one in workers), "of": len(workers)})

    async def metrics(self, request: Request) -> Response:
        """`GET /metrics`, for Prometheus."""
        return Response(self._service.metrics.text(), headers={"Content-Type": _PROMETHEUS})


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": _OWNER}
