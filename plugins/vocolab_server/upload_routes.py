"""Uploads: mels that are rendered, recordings that are mastered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from vocolab_server.bodies import bounded
from vocolab_server.finished import check_finished_format, file_answer
from vocolab_server.middleware import while_there
from vocolab_server.refusals import Refused
from vocolab_server.service import Service

_BYTES_A_MB = 1e6
_MEL_SUFFIXES = {b"\x93NUMPY": ".npy", b"PK\x03\x04": ".npz"}
"""What files of arrays begin with; safetensors have no mark, and are what is left."""
_MASTER = {"preset", "response_format", "as", "seed"}
_VOCODER = {"vocoder", "mel_spec", *_MASTER}


class UploadRoutes:
    """The handlers.

    Args:
        service: What they need.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    async def master(self, request: Request) -> Response:
        """`POST /v1/master?preset=NAME`: the body is a recording, the answer a finished file."""
        query = self._query(request, _MASTER)
        if "preset" not in query:
            raise Refused(400, f"preset is missing; there is {', '.join(self._service.installed.presets)}",
                          "missing_field", param="preset")
        return await self._done(request, query, {"do": "upload"}, "flac")

    async def vocoder(self, request: Request) -> Response:
        """`POST /v1/vocoder?vocoder=NAME`: the body is a mel (.npy, .npz, .safetensors), the answer its audio."""
        query, installed = self._query(request, _VOCODER), self._service.installed
        wanted, spec = query.get("vocoder"), query.get("mel_spec")
        message = {
            "do": "vocoder",
            "vocoder": installed.one_of(installed.vocoders, wanted, "vocoder") if wanted else None,
            "convention": installed.one_of(installed.conventions, spec, "mel_spec") if spec else None,
        }
        return await self._done(request, query, message, "wav")

    async def _done(
        self, request: Request, query: Mapping[str, str], message: dict[str, Any], default_format: str
    ) -> Response:
        service, limits = self._service, self._service.settings.limits
        guest = service.guest(request)
        preset, name = query.get("preset"), query.get("response_format", default_format)
        if preset is not None:
            service.installed.one_of(service.installed.presets, preset, "preset")
        check_finished_format(name)
        as_json = _one_of(query, "as", ("audio", "json")) == "json"
        job = {**message, "preset": preset, "format": name, "seed": _seed(query)}
        service.door.admit(guest)
        service.scheduler.check_open()
        data = await bounded(request, int(limits.upload_mb * _BYTES_A_MB), limits.body_s)
        if not data:
            raise Refused(400, "the body is empty: send the file itself, as curl does with --data-binary @FILE",
                          "empty_body")
        if message["do"] == "vocoder":
            job["suffix"] = next((suffix for mark, suffix in _MEL_SUFFIXES.items() if data.startswith(mark)),
                                 ".safetensors")
        request.state.log = {"upload_bytes": len(data), "preset": preset, "guest": guest.name}
        reply, made = await while_there(request.receive, service.uploads.do(job, data))
        return file_answer(made, name, reply, as_json=as_json, more={"notes": reply["notes"]}, headers={})

    def _query(self, request: Request, known: set[str]) -> dict[str, str]:
        query = dict(request.query_params)
        if unknown := sorted(set(query) - known):
            raise Refused(400, f"{', '.join(unknown)[:100]}: unknown; the address takes {', '.join(sorted(known))}",
                          "unknown_field", param=unknown[0][:100])
        return query


def _one_of(query: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = query.get(name, allowed[0])
    if value not in allowed:
        raise Refused(400, f"{name} is {value[:60]!r}; allowed: {', '.join(allowed)}", "invalid_value", param=name)
    return value


def _seed(query: Mapping[str, str]) -> int:
    text = query.get("seed", "0")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Refused(400, f"seed is {text[:60]!r}; a whole number from 0 on is needed", "invalid_value", param="seed")
    return int(text)
