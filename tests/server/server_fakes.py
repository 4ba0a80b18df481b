"""A server on a port of this machine, with voices of the tests that speak in threads instead of processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

pytest.importorskip("starlette", reason="needs the extra `server`")
pytest.importorskip("uvicorn", reason="needs the extra `server`")

import httpx

from vocolab_server.pool import Worker, WorkerLost
from vocolab_server.running import server as server_for
from vocolab_server.service import Service
from vocolab_server.settings import Settings
from vocolab_server.worker.desk import Desk
from vocolab_server.worker.studio import Studio
from vocolab_server.worker.voices import LoadedVoices, Who


class ThreadWorker(Worker):
    """A worker without a process. It may be slow, and it may die at a step."""

    def __init__(self, name, catalog, *, step_s=0.0, dies_at=()):
        super().__init__(name, "speech", {})
        self.step_s, self.dies_at = step_s, set(dies_at)
        self.voices = LoadedVoices(catalog, "cpu", 32, None, in_background=True)
        self.voices.load(Who("reader-one", None, None))
        self.n_steps = self.n_asked = 0
        self.steps: list[int] = []
        """Which request each step was for."""
        self.dropped: list[int] = []

    async def start(self):
        self._desk = Desk(self.voices)
        self.is_ready = True

    async def ask(self, message, payload=b"", *, limit_s):
        if message["do"] == "drop":
            self.dropped.append(message["id"])
            self._desk.drop(message["id"])
            return {}, b""
        self.n_steps += 1
        self.steps.append(message["id"])
        if self.n_steps in self.dies_at:
            raise WorkerLost(self.name)
        if self.step_s:
            await asyncio.sleep(self.step_s)
        return await asyncio.to_thread(self._desk.step, message)

    async def end(self):
        self.is_ready = False


class ThreadStudio(Worker):
    """Work on uploads without a process."""

    def __init__(self, catalog):
        super().__init__("studio", "studio", {})
        self._catalog = catalog

    async def start(self):
        self._studio = Studio(self._catalog)
        self.is_ready = True

    async def ask(self, message, payload=b"", *, limit_s):
        return await asyncio.to_thread(self._studio.serve, message, payload)

    async def end(self):
        self.is_ready = False


class Served:
    """A running server."""

    def __init__(self, service: Service, port: int, stop) -> None:
        self.service, self.port, self.stop = service, port, stop
        self.url = f"http://127.0.0.1:{port}"
        self.workers = service.scheduler.workers

    def post(self, path="/v1/audio/speech", json=None, **how):
        return httpx.post(self.url + path, json=json, timeout=30, **how)

    def get(self, path, **how):
        return httpx.get(self.url + path, timeout=30, **how)

    def speak(self, text="One two three.", **more):
        path = more.pop("path", "/v1/audio/speech")
        headers = more.pop("headers", None)
        return self.post(path, {"model": "tts-1", "input": text, "voice": "reader-one", **more}, headers=headers)

    def connect(self, buffer_bytes=0) -> socket.socket:
        connection = socket.socket()
        if buffer_bytes:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", self.port))
        return connection

    def begin(self, text, buffer_bytes=0, **more) -> socket.socket:
        """A connection on which a text is asked for."""
        body = json.dumps({"input": text, "voice": "reader-one", "response_format": "wav", **more}).encode()
        connection = self.connect(buffer_bytes)
        connection.sendall(b"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                           b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        return connection


@contextlib.contextmanager
def serving(catalog, settings: dict | None = None, workers=None, *, buffer_bytes=0) -> Iterator[Served]:
    """The server, while the block runs; the system keeps so little for a client that takes nothing."""
    stated = {"voice": "reader-one", "cache": {"enabled": False}, **(settings or {})}
    service = Service(Settings.model_validate(stated), catalog, workers=workers or [ThreadWorker("one", catalog)])
    service.uploads._worker = ThreadStudio(catalog)
    listener = socket.create_server(("127.0.0.1", 0))
    if buffer_bytes:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
    one = server_for(service)
    thread = threading.Thread(target=lambda: asyncio.run(one.serve(sockets=[listener])), daemon=True)
    thread.start()
    try:
        wait_for(lambda: one.started and service.scheduler.is_ready)
        yield Served(service, listener.getsockname()[1], one)
    finally:
        one.should_exit = True
        thread.join(20)


def wait_for(condition, seconds=20.0) -> None:
    """Until something holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.01)
