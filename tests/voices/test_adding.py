"""Voices into the user's folder: from files, and from servers that cut, stall and lie."""

from __future__ import annotations

import hashlib
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from vocolab.catalog import Catalog
from vocolab.errors import CallError, CheckpointError, InputError
from vocolab.mels.spec import MelSpec
from vocolab.plugins.host import PluginHost
from vocolab.voice import Voice
from vocolab.voices import downloading
from vocolab.voices.adding import add_voice, remove_voice
from vocolab.voices.downloading import download

OPENSSL = shutil.which("openssl")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOCOLAB_VOICES", str(tmp_path / "voices"))
    return tmp_path / "voices"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "anna-22k.safetensors"
    weights = {"w": np.arange(50_000, dtype=np.float32)}
    Voice("griffinlim", {}, MelSpec(sample_rate=22050), weights, {"licence": "CC0-1.0"}).save(path)
    return path


def test_a_file_is_added_listed_and_removed(folder: Path, file: Path) -> None:
    added = add_voice(str(file), sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    assert (added.name, added.n_bytes) == ("anna-22k", file.stat().st_size)
    voices = Catalog(PluginHost([])).voices
    assert voices.get("anna-22k").qualified == voices.get("user/anna-22k").qualified == "user/anna-22k"
    assert voices.load("anna-22k").model == "griffinlim"
    assert remove_voice("anna-22k") == added.file and list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [({"sha256": "0" * 64}, "was asked for"), ({"sha256": "12"}, "64 hexadecimal"),
     ({"name": "No Name"}, "no voice name"), ({"taken": frozenset({"anna-22k"})}, "of its own")],
)
def test_what_is_not_added(folder: Path, file: Path, more: dict[str, object], words: str) -> None:
    with pytest.raises((CallError, CheckpointError), match=words):
        add_voice(str(file), **more)  # type: ignore[arg-type]
    assert not folder.exists() or list(folder.iterdir()) == []


def test_what_is_there_is_replaced_only_when_it_is_said(folder: Path, file: Path, tmp_path: Path) -> None:
    add_voice(str(file))
    with pytest.raises(CallError, match="already"):
        add_voice(str(file))
    add_voice(str(file), replace=True)
    torn = tmp_path / "torn.safetensors"
    torn.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(CheckpointError):
        add_voice(str(torn), name="anna-22k", replace=True)
    assert Voice.load(folder / "anna-22k.safetensors").model == "griffinlim"


def test_a_broken_file_in_the_folder_costs_itself(folder: Path, file: Path) -> None:
    add_voice(str(file))
    (folder / "torn.safetensors").write_bytes(b"nothing")
    found = {entry.name: entry.spec.summary for entry in Catalog(PluginHost([])).voices.entries()}
    assert set(found) == {"anna-22k", "torn"} and "can't be used" in found["torn"]


@pytest.mark.parametrize("address", ["http://x.org/a.safetensors", "file:///etc/passwd", "ftp://x/a.safetensors"])
def test_https_only(folder: Path, address: str) -> None:
    with pytest.raises(CallError, match="https only"):
        add_voice(address)


# A server on this machine, with a certificate of its own.

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]
Serve = Callable[[Answer], tuple[str, ssl.SSLContext]]


@pytest.fixture
def serve(tmp_path: Path, file: Path) -> Iterator[Serve]:
    if OPENSSL is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run([OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    running: list[ThreadingHTTPServer] = []

    def start(answer: Answer) -> tuple[str, ssl.SSLContext]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.close_connection = True
                answer(self, file.read_bytes())

            def log_message(self, *arguments: object) -> None: ...

        server = ThreadingHTTPServer(("localhost", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"https://localhost:{server.server_port}/anna-22k.safetensors", ssl.create_default_context(
            cafile=str(certificate))

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def whole(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    start = int((handler.headers.get("Range") or "bytes=0-")[6:].rstrip("-"))
    handler.send_response(206 if start else 200)
    handler.send_header("Content-Length", str(len(data) - start))
    if start:
        handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
    handler.end_headers()
    handler.wfile.write(data[start:])


def fetching(context: ssl.SSLContext, **more: object) -> Callable[[str, Path], None]:
    return partial(download, context=context, stalled_s=0.5, **more)  # type: ignore[arg-type]


def test_an_address_is_fetched(folder: Path, file: Path, serve: Serve) -> None:
    address, context = serve(whole)
    added = add_voice(address, fetch=fetching(context))
    assert added.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert [one.name for one in folder.iterdir()] == ["anna-22k.safetensors"]


def test_a_server_that_cuts_is_gone_on_with(folder: Path, serve: Serve) -> None:
    starts: list[int] = []

    def cut(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        start = int((handler.headers.get("Range") or "bytes=0-")[6:].rstrip("-"))
        starts.append(start)
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(data) - start))
        handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        handler.end_headers()
        handler.wfile.write(data[start : start + 80_000])

    address, context = serve(cut)
    assert add_voice(address, fetch=fetching(context)).name == "anna-22k"
    assert starts[0] == 0 and starts[1] == 80_000


def test_a_server_that_stalls_is_left_and_what_came_stays(
    folder: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "TRIES", 1)

    def stall(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:70_000])
        handler.wfile.flush()
        time.sleep(1.5)

    address, context = serve(stall)
    with pytest.raises(InputError, match=r"can't be fetched: .*what has come is kept"):
        add_voice(address, fetch=fetching(context))
    (part,) = folder.iterdir()
    assert part.suffix == ".part" and part.stat().st_size > 0


def lying(kind: str, handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.send_response(404 if kind == "missing" else 301 if kind == "elsewhere" else 200)
    if kind == "elsewhere":
        handler.send_header("Location", "http://localhost/x.safetensors")
    body = {"another file": b"<html>not a voice</html>", "changed": data[:-8] + b"01234567"}.get(kind, data)
    if kind != "no length":
        handler.send_header("Content-Length", str(10**13 if kind == "huge" else len(body)))
    handler.end_headers()
    handler.wfile.write(body[:-9] if kind == "no length" else body)


@pytest.mark.parametrize("kind", ["another file", "changed", "missing", "elsewhere", "huge", "no length"])
def test_a_server_that_lies_adds_nothing(folder: Path, serve: Serve, kind: str) -> None:
    address, context = serve(partial(lying, kind))
    with pytest.raises((InputError, CheckpointError)) as caught:
        add_voice(address, fetch=fetching(context))
    assert str(caught.value).startswith(address)
    assert not list(folder.glob("*.safetensors"))


def test_a_part_that_the_server_does_not_go_on_with_begins_anew(folder: Path, file: Path, serve: Serve) -> None:
    def from_the_start(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    address, context = serve(from_the_start)
    part = folder / f".{hashlib.sha256(address.encode()).hexdigest()[:16]}.part"
    folder.mkdir()
    part.write_bytes(b"of another time")
    assert add_voice(address, fetch=fetching(context)).n_bytes == file.stat().st_size


@pytest.mark.parametrize("address", [
    "https://[", "https:///a.safetensors", "https://x.org/ü.safetensors", "https://x.org/a b\n.safetensors"])
def test_what_is_no_address(folder: Path, address: str) -> None:
    with pytest.raises(CallError, match="no address"):
        add_voice(address, name="a")


@pytest.mark.parametrize(("name", "value", "words"), [
    ("Location", "http://localhost/a.safetensors", "not https"), ("Location", "file:///etc/passwd", "not allowed"),
    ("Location", "https://[", "can't be fetched"), ("Content-Length", "9" * 5000, "states"),
])
def test_a_server_that_means_harm(folder: Path, serve: Serve, name: str, value: str, words: str) -> None:
    def answer(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        handler.send_response(302 if name == "Location" else 200)
        handler.send_header(name, value)
        handler.end_headers()

    address, context = serve(answer)
    with pytest.raises(InputError, match=words):
        add_voice(address, fetch=fetching(context))
    assert not list(folder.glob("*.safetensors"))


def test_a_link_is_copied_and_a_pipe_is_not_waited_for(folder: Path, file: Path, tmp_path: Path) -> None:
    import os

    (tmp_path / "link.safetensors").symlink_to(file)
    assert not add_voice(str(tmp_path / "link.safetensors")).file.is_symlink()
    os.mkfifo(tmp_path / "pipe.safetensors")
    with pytest.raises(CheckpointError):
        add_voice(str(tmp_path / "pipe.safetensors"))
