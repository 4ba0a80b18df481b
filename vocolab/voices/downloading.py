"""A file over https that goes on where it was cut off, and believes no server."""

from __future__ import annotations

import ssl
import time
import urllib.request
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from vocolab.errors import InputError, OutputError

MOST_BYTES = 2 << 30
"""Larger than any voice; a server that goes on and on is left."""
STALLED_S = 30.0
"""How long nothing may come."""
TRIES = 4
_BLOCK_BYTES = 1 << 16
_MOST_DIGITS = 20
_BETWEEN_S = 0.5


class _HttpsOnly(urllib.request.HTTPRedirectHandler):
    """Redirects lead to https, or nowhere."""

    def http_error_302(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> Any:
        """Follow; where that can't be, let the connection go."""
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except BaseException:
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        """Follow to https only."""
        if urlsplit(newurl).scheme != "https":
            raise URLError(f"it leads to {newurl}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(
    address: str, part: Path, *, stalled_s: float = STALLED_S, context: ssl.SSLContext | None = None,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Bring `address` into the file `part`, going on where an earlier call ended; what has come stays on failure.

    Raises:
        InputError: if it can't be had whole, after a few tries; says why.
        OutputError: if `part` can't be written.
    """
    handler = urllib.request.HTTPSHandler(context=context or ssl.create_default_context())
    opener = urllib.request.build_opener(handler, _HttpsOnly())
    problem: object = ""
    for attempt in range(TRIES):
        time.sleep(_BETWEEN_S * attempt)
        try:
            if _fetched(opener, address, part, stalled_s, most_bytes):
                return
            problem = "the connection ended before the file did"
        except HTTPError as error:
            error.close()
            problem = f"the server says {error.code} {error.reason}"
            if error.code == 416:  # what is here is not a part of what is there
                part.unlink(missing_ok=True)
            elif error.code < 500:
                break
        except (URLError, TimeoutError, HTTPException, ConnectionError, ssl.SSLError) as error:
            problem = getattr(error, "reason", None) or error
        except ValueError as error:  # an address, here or in a redirect, that is none
            problem = error
            break
    raise InputError(f"can't be fetched: {problem}; what has come is kept, and the next call goes on", about=address)


def _fetched(opener: Any, address: str, part: Path, stalled_s: float, most_bytes: int) -> bool:
    """Try once; whether the file is whole now."""
    have = part.stat().st_size if part.is_file() else 0
    headers = {"User-Agent": "vocolab", "Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
    request = urllib.request.Request(address, headers=headers)
    with opener.open(request, timeout=stalled_s) as answer:
        goes_on = answer.status == 206 and _starts_at(answer.headers.get("Content-Range", "")) == have
        have = have if goes_on else 0
        stated = answer.headers.get("Content-Length", "")
        whole = None if (left := _number(stated)) is None else have + left
        if (whole or 0) > most_bytes:
            raise InputError(f"states {whole} bytes; no voice is larger than {most_bytes}", about=address)
        try:
            with part.open("ab" if goes_on else "wb") as file:
                while block := answer.read(_BLOCK_BYTES):
                    have += len(block)
                    if have > most_bytes or (whole is not None and have > whole):
                        raise InputError(f"sends more than the {whole or most_bytes} bytes that it may", about=address)
                    file.write(block)
        except OSError as error:
            if isinstance(error, TimeoutError | ConnectionError | ssl.SSLError | URLError):
                raise
            raise OutputError(f"can't be written: {error.strerror or error}", about=part) from error
    return whole is None or have == whole


def _starts_at(content_range: str) -> int | None:
    """Where a part begins, by its header `bytes 100-199/200`."""
    start = content_range.removeprefix("bytes ").partition("-")[0]
    return _number(start)


def _number(text: str) -> int | None:
    """What a header counts; one of too many digits counts as too much."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return int(text[:_MOST_DIGITS])
