"""Connections that are no use: heads without end, slow ones, halves."""

from __future__ import annotations

import contextlib
import json
import time

import pytest
from server_fakes import serving, wait_for


@pytest.fixture(scope="module")
def hurried(catalog):
    with serving(catalog, {"limits": {"header_s": 0.5, "body_s": 0.5}}) as here:
        yield here


def answer_to(here, data: bytes) -> bytes:
    with here.connect() as connection:
        connection.sendall(data)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := connection.recv(4096):
                received += piece
        return received


def envelope(answer: bytes, status: int) -> dict:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d" % status), answer[:100]
    assert b"x-request-id" in head.lower()
    return json.loads(body)["error"]


def test_a_head_that_trickles_in(hurried):
    assert envelope(answer_to(hurried, b"GET /health HTTP/1.1\r\nHost: x\r\nX-A: "), 408)["code"] == "too_slow"


def test_a_connection_that_says_nothing(hurried):
    assert envelope(answer_to(hurried, b""), 408)["code"] == "too_slow"


def test_a_header_bomb(hurried):
    bomb = b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"a" * 100_000
    answer = answer_to(hurried, bomb)
    assert answer == b"" or envelope(answer, 400)["code"] == "invalid_http"
    assert hurried.get("/health").status_code == 200


def test_what_is_no_http(hurried):
    assert envelope(answer_to(hurried, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n"), 400)["code"] == "invalid_http"


def test_a_body_that_trickles_in(hurried):
    head = (b"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: 100\r\n\r\n{")
    assert envelope(answer_to(hurried, head), 408)["code"] == "too_slow"


def test_a_body_that_drips_a_byte_at_a_time(hurried):
    head = (b"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: 1000\r\n\r\n{")
    with hurried.connect() as connection:
        connection.sendall(head)
        begun_s = time.monotonic()
        received = b""
        while not received:
            assert time.monotonic() < begun_s + 30
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(b" ")
            connection.settimeout(0.05)
            with contextlib.suppress(TimeoutError):
                received = connection.recv(4096)
        assert received.startswith(b"HTTP/1.1 408")  # the rest may be lost with what the server has not read


def test_more_connections_than_may_be_are_refused(catalog):
    with serving(catalog, {"limits": {"connections": 3}}) as here:
        there = [here.connect() for _ in range(3)]
        wait_for(lambda: len(here.stop.server_state.connections) == 3)
        answer = answer_to(here, b"")
        assert envelope(answer, 503)["code"] == "too_many_connections" and b"retry-after: 2" in answer
        for one in there:
            one.close()
        wait_for(lambda: not here.stop.server_state.connections)
        assert here.get("/health").status_code == 200


def test_half_a_websocket(hurried):
    ask = (b"GET /v1/audio/speech HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n")
    with hurried.connect() as connection:
        connection.sendall(ask)
        assert connection.recv(4096).startswith(b"HTTP/1.1 405")


def test_half_a_stream_of_events(hurried):
    body = b'{"input": "One two three four. Five six.", "voice": "reader-one", "stream_format": "sse"}'
    with hurried.connect() as connection:
        connection.sendall(b"POST /v1/audio/speech HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                           b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        assert b"200" in connection.recv(20)
    assert hurried.speak().status_code == 200


def test_a_connection_that_is_kept_serves_several_requests(hurried):
    import httpx

    with httpx.Client(base_url=hurried.url) as client:
        for _ in range(3):
            assert client.post("/v1/audio/speech", json={"input": "One.", "voice": "reader-one"}).status_code == 200
