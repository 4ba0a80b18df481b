"""What a server can be told, in `server.toml` and by options of `vocolab serve`. Every key may be left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from vocolab.errors import DocumentError
from vocolab.options import Options, option_problems

Priority = Literal["high", "normal", "low"]
_HASH_CHARACTERS = 64


class Limits(Options):
    """Bounds of what one server takes on. What is over them is refused, with a status that says so."""

    text_characters: int = Field(60_000, ge=1, le=5_000_000, description="Of one request; more is 413.")
    upload_mb: float = Field(64, gt=0, le=4096, description="Of an uploaded file; more is 413.")
    audio_s: float = Field(14_400, gt=0, le=1e6, description="Of one answer; a longer one is broken off there.")
    connections: int = Field(500, ge=1, le=100_000, description="At a time, of HTTP and of Wyoming; more is 503.")
    requests: int = Field(256, ge=1, le=100_000, description="That are spoken or wait at a time; more is 503.")
    jobs: int = Field(8, ge=1, le=1000, description="Uploads that are worked on or wait at a time; more is 503.")
    requests_per_minute: int = Field(0, ge=0, description="Of one address, or of one key; 0 is no limit.")
    header_s: float = Field(10, gt=0, le=600, description="In which the head of a request has to be there.")
    body_s: float = Field(30, gt=0, le=3600, description="In which the body of a request has to be there.")
    reading_s: float = Field(30, gt=0, le=3600, description="How long a client may take nothing of an answer.")
    job_s: float = Field(120, gt=0, le=86_400, description="How long work on an upload may take.")
    drain_s: float = Field(30, ge=0, le=3600, description="How long answers may take to their end at a shutdown.")
    memory_gb: float = Field(8, ge=2, le=1024, description="Address space of the process that reads uploads.")


class CacheSettings(Options):
    """Finished sentences on disk."""

    enabled: bool = Field(True, description="Whether there is a cache.")
    folder: str = Field("", description="Where it is. Default: `server` in vocolab's cache folder.")
    megabytes: float = Field(512, gt=0, description="Its size; what was used longest ago makes room.")


class LogSettings(Options):
    """Lines on standard error."""

    form: Literal["json", "text"] = Field("json", description="An object a line, or words.")
    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is written.")
    texts: bool = Field(False, description="Whether texts that are spoken are written into the log.")


class KeySettings(Options):
    """One API key. The key itself is nowhere; `vocolab serve --new-key NAME` makes one."""

    name: str = Field(min_length=1, max_length=100, description="What logs call it.")
    sha256: str = Field(description="SHA-256 of the key, in hexadecimal.")
    requests_per_minute: int = Field(0, ge=0, description="0: the server's limit.")
    characters_per_minute: int = Field(0, ge=0, description="0: no limit.")
    requests: int = Field(0, ge=0, description="At a time; 0: no limit but the server's.")
    priority: Priority = Field("normal", description="The highest that its requests may have.")

    @field_validator("sha256")
    @classmethod
    def _is_hash(cls, sha256: str) -> str:
        if len(sha256) != _HASH_CHARACTERS or not set(sha256) <= set("0123456789abcdef"):
            raise PydanticCustomError("sha256", "64 hexadecimal digits in lower case are needed")
        return sha256


class WyomingSettings(Options):
    """An endpoint for Home Assistant."""

    port: int = Field(0, ge=0, le=65535, description="0: there is none. 10200 is usual.")


class Settings(Options):
    """All of it."""

    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8880, ge=0, le=65535, description="0: any that is free.")
    anyone: bool = Field(False, description="Whether an address that others reach may be served without keys.")
    workers: int = Field(0, ge=0, le=256, description="Processes that speak; 0: one a core, at most 4.")
    voice: str | None = Field(None, description="The voice of requests that leave it open. Default: the best.")
    vocoder: str | None = Field(None, description="What renders it. Default: what the voice was made with.")
    preload: list[str] = Field([], description="Voices that are loaded at the start; others when asked for.")
    device: str = Field("cpu", description="Where networks run.")
    block_frames: int = Field(128, ge=16, le=4096, description="Mel frames that are rendered before others' turn.")
    voices: dict[str, str] = Field({}, description="Other names of voices: alloy = 'hana-22k'.")
    models: list[str] = Field(
        default=["tts-1", "tts-1-hd", "gpt-4o-mini-tts"], description="Names of models that are taken for ours."
    )
    origins: list[str] = Field([], description="Web pages of others that may ask (CORS): 'https://chat.example'.")
    limits: Limits = Limits()
    cache: CacheSettings = CacheSettings()
    log: LogSettings = LogSettings()
    keys: list[KeySettings] = Field(default=[], description="API keys; none: no key is needed.")
    wyoming: WyomingSettings = WyomingSettings()
    traces: str = Field("", description="Where OpenTelemetry traces go (OTLP over HTTP); needs the extra `otel`.")

    @field_validator("keys")
    @classmethod
    def _named_once(cls, keys: list[KeySettings]) -> list[KeySettings]:
        names = [key.name for key in keys]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise PydanticCustomError("keys", "two keys are named {names}", {"names": ", ".join(twice)})
        return keys


def read_settings(path: Path | None, stated: dict[str, Any]) -> Settings:
    """The settings of a file, with what options state over them.

    Raises:
        DocumentError: if the file can't be read, or has unknown keys or values that can't be meant; all problems.
    """
    if path is None:
        return Settings.model_validate(stated)
    from vocolab.toml_document import read_document

    document = read_document(path)
    problems = option_problems(Settings, document.values)
    if problems:
        raise DocumentError(
            [document.problem(_place(one.option), f"{one.option}: {one.text}") for one in problems]
        )
    return Settings.model_validate({**document.values, **stated})


def _place(option: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdecimal() else part for part in option.split("."))
