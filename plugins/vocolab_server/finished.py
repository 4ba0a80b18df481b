"""Speech that is mastered by a preset: spoken whole, then made into a file that keeps what the preset promises."""

from __future__ import annotations

import base64
import json
import tempfile
from typing import Any

from starlette.responses import JSONResponse, Response

from vocolab_server.answers import Answer
from vocolab_server.calls import OwnSpeechBody
from vocolab_server.refusals import Refused
from vocolab_server.uploads import Uploads
from vocolab_server.utterance import Stretch

REPORT = "X-Vocolab-Report"
"""The delivery report of a finished file, as JSON."""
MEDIA_TYPES = {"mp3": "audio/mpeg", "opus": "audio/ogg", "flac": "audio/flac", "wav": "audio/wav"}
"""The formats of finished files."""


def check_finished_format(name: str) -> None:
    """See that a finished file can be in a format.

    Raises:
        Refused: if not.
    """
    if name not in MEDIA_TYPES:
        raise Refused(400, f"response_format is {name!r}; what a preset has mastered is {', '.join(MEDIA_TYPES)}",
                      "invalid_value", param="response_format")


async def finished_speech(uploads: Uploads, answer: Answer, preset: str, body: OwnSpeechBody) -> Response:
    """The answer to a request that names a preset.

    Raises:
        Refused: whatever goes wrong: nothing has left yet.
    """
    try:
        check_finished_format(body.response_format)
        first = await answer.begin()
        samples = await _spoken(answer, first)
        job = {"do": "master", "preset": preset, "format": body.response_format, "rate": first.sample_rate,
               "seed": body.seed}
        reply, made = await uploads.do(job, samples)
        answer.status = "whole"
        answer.timing.block(answer.utterance.n_samples / first.sample_rate)
    finally:
        answer.close()
    words = _moved(answer.words, reply["moved_s"])
    return file_answer(made, body.response_format, reply, as_json=body.stream_format != "audio",
                       more={"words": words, "notes": [*answer.utterance.notes, *reply["notes"]],
                             "usage": answer.usage},
                       headers=dict(answer.headers))


def file_answer(
    made: bytes, name: str, reply: dict[str, Any], *, as_json: bool, more: dict[str, Any], headers: dict[str, str]
) -> Response:
    """A finished file with its report: in a header, or beside it in a JSON object."""
    if as_json:
        return JSONResponse({"audio": base64.b64encode(made).decode(), "media_type": MEDIA_TYPES[name],
                             "report": reply["report"], **more}, headers=headers)
    report = json.dumps(reply["report"], ensure_ascii=True, separators=(",", ":"))
    return Response(made, media_type=MEDIA_TYPES[name], headers={**headers, REPORT: report})


async def _spoken(answer: Answer, first: Stretch) -> bytes:
    """All samples, as 32-bit floats."""
    with tempfile.SpooledTemporaryFile(1 << 22) as file:
        file.write(first.samples.tobytes())
        answer.words += first.words
        async for stretch in answer.rest():
            file.write(stretch.samples.tobytes())
            answer.words += stretch.words
        file.seek(0)
        return file.read()


def _moved(words: list[dict[str, Any]], by_s: float) -> list[dict[str, Any]]:
    return [{**word, "start_s": word["start_s"] + by_s, "end_s": word["end_s"] + by_s} for word in words]
