"""The application: addresses, and what answers at each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from vocolab_server.finished import REPORT
from vocolab_server.guarded import REQUEST_ID
from vocolab_server.listing_routes import ListingRoutes
from vocolab_server.middleware import Around, Envelopes
from vocolab_server.page_routes import page_routes
from vocolab_server.service import Service
from vocolab_server.speech_routes import NOTE, SpeechRoutes
from vocolab_server.upload_routes import UploadRoutes

OWN = "/v1/vocolab"
"""What is not in OpenAI's API is under it."""


def application(service: Service) -> ASGIApp:
    """What answers all requests; the workers run while it does."""

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        async with service.running():
            yield

    inner: ASGIApp = Envelopes(Router(_routes(service), redirect_slashes=False, lifespan=lifespan), service.metrics)
    if service.settings.origins:
        inner = CORSMiddleware(
            inner, allow_origins=service.settings.origins, allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", REQUEST_ID], expose_headers=[REQUEST_ID, REPORT, NOTE],
        )
    return Around(inner, service.metrics, service.traces, service.settings.limits.reading_s)


def _routes(service: Service) -> list[Route]:
    speech, uploads, listing = SpeechRoutes(service), UploadRoutes(service), ListingRoutes(service)
    return [
        Route("/v1/audio/speech", speech.openai, methods=["POST"]),
        Route("/v1/models", listing.models), Route("/v1/models/{name:path}", listing.model),
        Route("/v1/audio/models", listing.audio_models),
        Route("/v1/audio/voices", listing.voices),
        Route(f"{OWN}/speech", speech.own, methods=["POST"]),
        Route(f"{OWN}/capabilities", listing.capabilities),
        *(Route(f"{prefix}/vocoder", uploads.vocoder, methods=["POST"]) for prefix in ("/v1", OWN)),
        *(Route(f"{prefix}/master", uploads.master, methods=["POST"]) for prefix in ("/v1", OWN)),
        Route("/health", listing.health), Route("/ready", listing.ready), Route("/metrics", listing.metrics),
        *page_routes(),
    ]  # fmt: skip
