"""The page at `/`: files of this package, served as they are."""

from __future__ import annotations

from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
          ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
           "media-src 'self' blob:; form-action 'none'; frame-ancestors 'none'; base-uri 'none'")
"""Nothing comes from elsewhere, and nothing in a text becomes a script."""


def page_routes() -> list[Route]:
    """A route for each file."""
    folder = files("vocolab_server") / "page"
    found = [file for file in folder.iterdir() if f".{file.name.rpartition('.')[2]}" in _KINDS]
    return [_route("/" if file.name == "index.html" else f"/{file.name}", file.name, file.read_bytes())
            for file in found]


def _route(path: str, name: str, data: bytes) -> Route:
    headers = {"Content-Type": _KINDS[f".{name.rpartition('.')[2]}"], "Content-Security-Policy": _POLICY,
               "Cache-Control": "no-cache"}

    async def serve(_request: Request) -> Response:
        return Response(data, headers=headers)

    return Route(path, serve, name=name)
