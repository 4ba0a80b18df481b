"""The application for Ray Serve on a local cluster: two servers, of which one is killed under load."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
ray = pytest.importorskip("ray", reason="needs the extra `ray`")

TEXT = "The train comes back at noon."
START_S = 300


@pytest.fixture(scope="module")
def url():
    from ray import serve

    from vocolab_server.ray_app import build

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start_cluster()
    try:
        serve.start(http_options={"host": "127.0.0.1", "port": port})
        serve.run(build({"replicas": "2", "num_cpus": "0.1"}))
        address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + START_S
        while not all(httpx.get(f"{address}/ready", timeout=30).status_code == 200 for _ in range(12)):
            assert time.monotonic() < end, "the replicas did not become ready"
            time.sleep(1)
        yield address
    finally:
        serve.shutdown()
        ray.shutdown()


def start_cluster() -> None:
    """A cluster of this machine. Ray gives its parts 15 s to start, and a busy machine a second time."""
    for left in (2, 1, 0):
        try:
            ray.init(address="local", num_cpus=4, include_dashboard=False, logging_level="ERROR", log_to_driver=False)
            return
        except Exception:
            ray.shutdown()
            if not left:
                raise


def replicas() -> list[int]:
    """The processes of the servers."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"ServeReplica:default:speech" in place.read_bytes():
                found.append(int(place.parent.name))
        except OSError:
            continue
    return found


def ask(url: str) -> httpx.Response | None:
    try:
        return httpx.post(f"{url}/v1/audio/speech", json={"input": TEXT, "response_format": "wav"}, timeout=120)
    except httpx.TransportError:
        return None


def test_one_of_two_servers_is_killed_under_load(url):
    alone = ask(url)
    assert alone is not None and alone.status_code == 200 and alone.content[:4] == b"RIFF"
    before = replicas()
    assert len(before) == 2
    answers: list[httpx.Response | None] = []
    over = threading.Event()

    def user() -> None:
        while not over.is_set():
            answers.append(ask(url))

    users = [threading.Thread(target=user, daemon=True) for _ in range(4)]
    for one in users:
        one.start()
    time.sleep(5)
    os.kill(before[0], signal.SIGKILL)
    time.sleep(15)
    over.set()
    for one in users:
        one.join(120)
    whole = [one for one in answers if one is not None and one.status_code == 200]
    lost = len(answers) - len(whole)
    assert {one.content for one in whole} == {alone.content}
    assert lost <= 4 and len(whole) > lost  # what each user had asked the one that died, and no more
    end = time.monotonic() + START_S
    while len(set(replicas()) - {before[0]}) < 2:
        assert time.monotonic() < end, "it was not started again"
        time.sleep(1)
    after = ask(url)
    assert after is not None and after.content == alone.content
