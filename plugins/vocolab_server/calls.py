"""Bodies of requests: what may stand in them, and what they ask a worker for."""

from __future__ import annotations

import json
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vocolab_server.installed import Choice, Installed
from vocolab_server.refusals import Refused

_SHOWN = 80


class VoiceObject(BaseModel):
    """A voice as OpenAI's clients may send it."""

    model_config = ConfigDict(extra="forbid", strict=True)
    id: str


class SpeechBody(BaseModel):
    """`POST /v1/audio/speech`, as OpenAI's API has it."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    model: str = "vocolab"
    input: str
    voice: str | VoiceObject | None = None
    instructions: str | None = None
    response_format: str = "mp3"
    speed: float = Field(1.0, ge=0.25, le=4.0)
    stream_format: Literal["audio", "sse"] = "audio"

    @property
    def voice_name(self) -> str | None:
        """What the voice is called."""
        return self.voice.id if isinstance(self.voice, VoiceObject) else self.voice


class OwnSpeechBody(SpeechBody):
    """`POST /v1/vocolab/speech`: the same, and what vocolab can besides."""

    stream_format: Literal["audio", "sse", "json"] = "audio"  # type: ignore[assignment]
    stream: bool = True
    input_form: Literal["plain", "ssml", "markdown", "messages"] | None = None
    code: Literal["skip", "spell"] = "skip"
    preset: str | None = None
    speaker: str | None = None
    vocoder: str | None = None
    pitch_semitones: float = Field(0.0, ge=-24.0, le=24.0)
    pitch_range: float = Field(1.0, ge=0.0, le=4.0)
    energy_db: float = Field(0.0, ge=-24.0, le=24.0)
    pauses: float = Field(1.0, ge=0.0, le=10.0)
    between: Literal["room", "silence"] = "room"
    seed: int = Field(0, ge=0, le=2**31)
    priority: Literal["high", "normal", "low"] = "normal"


B = TypeVar("B", bound=BaseModel)


def read_body(kind: type[B], data: bytes) -> B:
    """A body that is JSON and holds what it may.

    Raises:
        Refused: with what is wrong, and the field.
    """
    try:
        values = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Refused(400, f"the body is no JSON{where}", "invalid_json") from error
    if not isinstance(values, dict):
        raise Refused(400, "the body has to be a JSON object", "invalid_json")
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise _invalid(kind, dict(error.errors(include_url=False)[0])) from error


def _invalid(kind: type[BaseModel], detail: dict[str, Any]) -> Refused:
    param = str(detail["loc"][0]) if detail["loc"] else None
    if detail["type"] == "missing":
        return Refused(400, f"{param} is missing", "missing_field", param=param)
    if detail["type"] == "extra_forbidden":
        known = ", ".join(kind.model_fields)
        return Refused(400, f"{str(param)[:_SHOWN]} is unknown; there is {known}", "unknown_field", param=param)
    message = str(detail["msg"])
    got = repr(detail.get("input"))
    shown = got if len(got) <= _SHOWN else f"{got[:_SHOWN]}..."
    return Refused(400, f"{param}: {message[0].lower()}{message[1:]} (got {shown})", "invalid_value", param=param)


def check_text(text: str, most_characters: int) -> None:
    """Refuse what can't be spoken.

    Raises:
        Refused: if it is empty, too long, or holds what is no text.
    """
    if not text.strip():
        raise Refused(400, "input is empty: there is nothing to say", "empty_input", param="input")
    if len(text) > most_characters:
        raise Refused(413, f"input has {len(text)} characters; at most {most_characters} are taken", "text_too_long",
                      param="input")
    bad = next((char for char in text if (ord(char) < 32 and char not in "\t\n\r\f\v") or 0xD800 <= ord(char) < 0xE000),
               None)
    if bad is not None:
        raise Refused(400, f"input holds the control character U+{ord(bad):04X}, which no text has",
                      "control_character", param="input")


def spoken_call(body: SpeechBody, choice: Choice, installed: Installed) -> dict[str, Any]:
    """What a worker is told."""
    own = body if isinstance(body, OwnSpeechBody) else OwnSpeechBody(input=body.input)
    controls = {
        "speed": float(body.speed), "pitch_semitones": own.pitch_semitones, "pitch_range": own.pitch_range,
        "energy_db": own.energy_db, "pauses": own.pauses,
    }  # fmt: skip
    return {
        "text": body.input, "form": own.input_form, "code": own.code, "voice": choice.voice,
        "speaker": own.speaker or choice.speaker,
        "vocoder": installed.one_of(installed.vocoders, own.vocoder, "vocoder") if own.vocoder
        else installed.vocoder,
        "between": own.between, "seed": own.seed, "controls": controls,
    }  # fmt: skip
