"""What the server reads: bodies of requests, the speech in them, uploads, its settings and keys, its cache."""

from __future__ import annotations

import asyncio
import functools
import importlib.util
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from mutations import mutated_values
from target import Target, seed, text_of, variable

RATE_HZ = 22_050
_KEY = "0" * 64
_BODY = ('{"model": "tts-1", "input": "One two.", "voice": {"id": "x"}, "speed": 1.5, "response_format": "wav", '
         '"stream_format": "sse"}')
_OWN_BODY = ('{"input": "One.", "voice": "x", "stream": false, "input_form": "ssml", "code": "spell", "preset": "p", '
             '"speaker": "a", "vocoder": "v", "pitch_semitones": 2.5, "pitch_range": 0.5, "energy_db": -3, '
             '"pauses": 2, "between": "silence", "seed": 3, "priority": "low", "stream_format": "json"}')
_SETTINGS = (f'host = "127.0.0.1"\nport = 8880\nworkers = 2\nvoice = "hana-22k"\nmodels = ["tts-1"]\norigins = []\n'
             f'[voices]\nalloy = "hana-22k"\n[limits]\nupload_mb = 8\n[cache]\nmegabytes = 5\n[log]\nform = "text"\n'
             f'[[keys]]\nname = "a"\nsha256 = "{_KEY}"\nrequests_per_minute = 5\npriority = "high"\n'
             '[wyoming]\nport = 1\n')


def _body(kind: str) -> Any:
    def read(path: Path) -> Any:
        from vocolab_server import calls

        try:
            body = calls.read_body(getattr(calls, kind), path.read_bytes())
            calls.check_text(body.input, 1000)
        except calls.Refused as error:
            json.dumps(error.envelope, ensure_ascii=False).encode()  # as it is sent
            raise
        return body.voice_name

    return read


def _settings(path: Path) -> Any:
    """The settings, and whom their keys let in."""
    from vocolab_server.keys import Door
    from vocolab_server.settings import read_settings

    settings = read_settings(path, {})
    if not settings.keys:
        Door(settings).admit(Door(settings).guest("", "::1"), 5)
    return settings


def _authorization(path: Path) -> Any:
    from vocolab_server.keys import Door, hash_of
    from vocolab_server.settings import KeySettings, Settings

    door = Door(Settings(keys=[KeySettings(name="a", sha256=hash_of("vl-x"), requests_per_minute=5)]))
    guest = door.guest(path.read_bytes().decode("latin-1"), "::1")
    door.admit(guest, 5)
    return guest


def _message(path: Path) -> Any:
    """What a worker says, from its own process: here its object alone is changed."""
    from vocolab.errors import CallError
    from vocolab_server.wire import _read

    try:
        return _read(path.read_bytes())
    except (ValueError, RecursionError) as error:  # both sides are one program: a broken message ends the worker
        raise CallError("no message") from error


def _home_event(path: Path) -> Any:
    """What a client of the Wyoming endpoint says."""
    from vocolab.errors import InputError
    from vocolab_server.home_events import next_event

    async def run() -> Any:
        reader = asyncio.StreamReader()
        reader.feed_data(path.read_bytes())
        reader.feed_eof()
        return await next_event(reader, 10_000, 1.0, 1.0)

    if importlib.util.find_spec("wyoming") is None:  # an extra
        return None
    if (event := asyncio.run(run())) is None:
        raise InputError("no event")
    return event


def _cached(path: Path) -> Any:
    """A sentence that was kept, as a voice finds it again."""
    from vocolab.errors import InputError
    from vocolab_server.worker.cache import SentenceCache
    from vocolab_server.worker.kept import _known

    folder = path.parent / "ca"
    folder.mkdir(exist_ok=True)
    path.replace(folder / "cache")
    found = SentenceCache(path.parent, 1e6).get("cache")
    take = None if found is None else _known(_sentence(), RATE_HZ, *found)
    if take is None:
        raise InputError("nothing is kept")
    return [block.size for block in take.render(None)]


def _cached_body(path: Path) -> Any:
    """The same with a checksum that is right, as one who means harm would write it."""
    from vocolab_server.worker import cache

    body = path.read_bytes()
    path.write_bytes(cache._MAGIC + cache.hashlib.sha256(body).digest() + body)
    return _cached(path)


def _cached_facts(path: Path) -> Any:
    text = text_of(path).encode()
    path.write_bytes(len(text).to_bytes(4, "little") + text + bytes(400))
    return _cached_body(path)


def _facts() -> dict[str, Any]:
    from vocolab.speech.spoken import PhonemeTime, WordTime

    return {"words": [vars(WordTime("a", 0.0, 0.01))], "phonemes": [vars(PhonemeTime("AH0", 0.0, 0.01, 0))]}


def _cache_seed() -> list[bytes]:
    from vocolab_server.worker.cache import _closed

    return [_closed(_facts(), np.zeros(100, np.float32))]


@functools.cache
def _sentence() -> Any:
    import vocolab

    return next(iter(vocolab.text("We went.").sentences))


@functools.cache
def _studio() -> Any:
    from vocolab.catalog import Catalog
    from vocolab_server.worker.studio import Studio

    return Studio(Catalog.installed(no_plugins=True))


def _job(do: str) -> Any:
    """What the process for uploads makes of one."""

    def read(path: Path) -> Any:
        from vocolab_server.refusals import Refused

        data = path.read_bytes()
        message = {"do": do, "preset": None, "format": "wav", "seed": 0, "vocoder": "griffinlim",
                   "convention": "hifigan-22k" if do == "vocoder" else None,
                   "suffix": ".npy" if data.startswith(b"\x93NUMPY") else ".safetensors", "rate": RATE_HZ}
        with variable("VOCOLAB_CONFIG", "/dev/null"):
            reply, made = _studio().serve(message, data)
        if "trace" in reply:
            raise AssertionError(reply["trace"])
        if "error" in reply:
            raise Refused.of_facts(reply["error"])
        return len(made)

    return read


def _upload_seed() -> list[bytes]:
    import soundfile

    stream = io.BytesIO()
    soundfile.write(stream, np.sin(np.arange(12_000) * 0.1), RATE_HZ, format="WAV")
    return [stream.getvalue()]


def _mel_seed() -> list[bytes]:
    stream = io.BytesIO()
    np.save(stream, np.random.default_rng(0).uniform(-6, -2, (80, 24)).astype(np.float32))
    return [stream.getvalue()]


TARGETS: dict[str, Target] = {
    "request": Target("body", _body("SpeechBody"), seed(_BODY), mutated_values),
    "request of vocolab's own": Target("body", _body("OwnSpeechBody"), seed(_OWN_BODY), mutated_values),
    "request, bytes": Target("body", _body("OwnSpeechBody"), seed(_BODY, _OWN_BODY)),
    "settings of a server": Target("server.toml", _settings, seed(_SETTINGS)),
    "key in a header": Target("header", _authorization, seed("Bearer vl-x")),
    "message of a worker": Target("message", _message, seed('{"do": "step", "id": 1, "call": {"text": "\\u00e9"}}')),
    "event of Wyoming": Target("event", _home_event, seed(
        '{"type": "synthesize", "data": {"text": "a"}, "data_length": 10, "payload_length": 1}\n{"b": null}x')),
    "kept sentence": Target("cache", _cached, _cache_seed),
    "kept sentence, signed": Target("cache", _cached_body, lambda: [data[40:] for data in _cache_seed()]),
    "kept sentence, its facts": Target("cache", _cached_facts, lambda: [json.dumps(_facts()).encode()],
                                       mutated_values),
    "uploaded recording": Target("upload", _job("upload"), _upload_seed, cost=10),
    "uploaded mel": Target("upload", _job("vocoder"), _mel_seed, cost=10),
}
