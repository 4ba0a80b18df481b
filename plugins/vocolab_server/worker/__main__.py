"""A worker process: `python -m vocolab_server.worker FD KIND SETTINGS`, started by the server alone."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from vocolab_server.wire import Line, Message

_BYTES_A_GB = 1 << 30


def main() -> None:
    """Answer messages until the server is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's, which ends this process when it is done
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    descriptor, kind, settings = int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    line = Line(socket.socket(fileno=descriptor))
    os.set_inheritable(descriptor, False)
    try:
        serve = _speech(settings) if kind == "speech" else _studio(settings)
    except Exception as error:
        from vocolab_server.refusals import refusal_of

        line.send({"ready": False, "error": refusal_of(error).facts})
        return
    line.send({"ready": True})
    while (received := line.receive()) is not None:
        line.send(*serve(*received))


def _speech(settings: dict[str, Any]) -> Any:
    """What answers messages about speech, with the default voice loaded and warm."""
    import torch

    from vocolab.catalog import Catalog
    from vocolab_server.worker.cache import SentenceCache
    from vocolab_server.worker.desk import Desk
    from vocolab_server.worker.voices import LoadedVoices, Who

    torch.set_num_threads(1)  # processes share the cores
    kept = settings["cache"]
    cache = SentenceCache(Path(kept["folder"]), kept["bytes"]) if kept else None
    loaded_s: list[float] = []
    voices = LoadedVoices(Catalog.installed(), settings["device"], settings["block_frames"], cache,
                          in_background=True, on_loaded=loaded_s.append)
    voices.load(Who(*settings["who"]))
    desk = Desk(voices)
    _warm(desk, settings["warming"])
    for who in settings["preload"]:
        voices.begin(Who(*who))

    def serve(message: Message, _payload: bytes) -> tuple[Message, bytes]:
        if message["do"] == "drop":
            desk.drop(message["id"])
            return {}, b""
        reply, payload = desk.step(message)
        reply["loaded_s"] = [loaded_s.pop() for _ in range(len(loaded_s))]
        if cache is not None:
            reply["cache"] = [cache.hits, cache.misses, cache.failures]
        return reply, payload

    return serve


def _warm(desk: Any, call: dict[str, Any]) -> None:
    """Speak as requests will be spoken: what a network does once it has done then.

    Raises:
        Refused: if that fails.
    """
    from vocolab_server.refusals import Refused

    message = {"id": 0, "call": call, "done": [], "skip": 0}
    while (reply := desk.step(message)[0]).get("notes") is None:
        if "error" in reply:
            raise Refused.of_facts(reply["error"])


def _studio(settings: dict[str, Any]) -> Any:
    """What answers messages about uploads."""
    from vocolab.catalog import Catalog
    from vocolab_server.worker.studio import Studio

    _bound_memory(settings["memory_gb"])
    return Studio(Catalog.installed()).serve


def _bound_memory(gigabytes: float) -> None:
    """Let nothing that is read take more; where the system has no such bound there is none."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return
    most = int(gigabytes * _BYTES_A_GB)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
