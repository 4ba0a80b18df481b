"""Real clients against real processes: the official `openai` package, and curl."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from server_fakes import wait_for

pytest.importorskip("uvicorn", reason="needs the extra `server`")
openai = pytest.importorskip("openai", reason="needs the package openai")
pytestmark = pytest.mark.slow

KEY = "vl-test"
TEXT = "The train comes back at noon. Nobody knows why it does so."


class Process:
    """`vocolab serve` with two workers and a key."""

    def __init__(self, folder: Path) -> None:
        from vocolab_server.keys import hash_of

        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        config = folder / "server.toml"
        config.write_text(f'workers = 2\n[voices]\nalloy = "hana-22k"\n[cache]\nfolder = "{folder / "cache"}"\n'
                          f'[[keys]]\nname = "app"\nsha256 = "{hash_of(KEY)}"\n')
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vocolab", "serve", "--port", str(self.port), "--config", str(config)],
                stderr=log, env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))})
        self.url = f"http://127.0.0.1:{self.port}"
        end = time.monotonic() + 600
        while not self._is_ready():
            assert self.process.poll() is None and time.monotonic() < end, self.log.read_text()
            time.sleep(0.2)

    def _is_ready(self) -> bool:
        try:
            answer = httpx.get(f"{self.url}/ready", timeout=5)
        except httpx.TransportError:
            return False
        return answer.status_code == 200 and answer.json()["workers"] == 2

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(one) for one in children if b"\0speech\0" in Path(f"/proc/{one}/cmdline").read_bytes()]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    server = Process(tmp_path_factory.mktemp("server"))
    yield server
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(60) == 0
    assert not [pid for pid in server.workers_before if Path(f"/proc/{pid}").exists()]


@pytest.fixture(scope="module", autouse=True)
def workers_before(running):
    running.workers_before = running.workers()


@pytest.fixture(scope="module")
def client(running):
    with openai.OpenAI(base_url=f"{running.url}/v1", api_key=KEY, timeout=120) as opened:
        yield opened


@pytest.fixture(scope="module")
def said():
    import vocolab

    return vocolab.narrator(voice="hana-22k").say(TEXT).audio.samples[0]


def test_speech_to_a_file(client, said, tmp_path):
    client.audio.speech.create(model="tts-1", voice="alloy", input=TEXT, response_format="wav").write_to_file(
        tmp_path / "speech.wav")
    got = np.frombuffer((tmp_path / "speech.wav").read_bytes()[44:], "<i2") / 2**15
    assert got.size == said.size and np.abs(got - said).max() < 1e-4


def test_a_streaming_response(client, said, tmp_path):
    sizes = []
    with client.audio.speech.with_streaming_response.create(
            model="gpt-4o-mini-tts", voice={"id": "hana-22k"}, input=TEXT, response_format="pcm", speed=1.0,
            instructions="Calm.") as answer:
        for data in answer.iter_bytes(4096):
            sizes.append(len(data))
    assert abs(sum(sizes) / 2 / 24_000 - said.size / 22_050) < 0.001
    with client.audio.speech.with_streaming_response.create(model="tts-1", voice="alloy", input=TEXT) as answer:
        answer.stream_to_file(tmp_path / "speech.mp3")
    assert abs(soundfile.info(tmp_path / "speech.mp3").duration - said.size / 22_050) < 0.2


def test_models_and_error_classes(client, running):
    assert "vocolab" in [model.id for model in client.models.list()]
    with pytest.raises(openai.BadRequestError) as refused:
        client.audio.speech.create(model="tts-1", voice="onyx", input=TEXT)
    error = refused.value
    assert (error.code, error.param, error.type) == ("voice_not_found", "voice", "invalid_request_error")
    assert "hana-22k" in str(error) and error.request_id
    with pytest.raises(openai.NotFoundError):
        client.audio.speech.create(model="other", voice="alloy", input=TEXT)
    with pytest.raises(openai.AuthenticationError):
        openai.OpenAI(base_url=f"{running.url}/v1", api_key="wrong").models.list()


def test_retries_after_a_refusal(catalog):
    from server_fakes import ThreadWorker, serving

    with serving(catalog, workers=[ThreadWorker("one", catalog, dies_at={1})]) as here:
        with openai.OpenAI(base_url=f"{here.url}/v1", api_key="none", max_retries=2) as client:
            answer = client.audio.speech.create(model="tts-1", voice="reader-one", input="One.", response_format="wav")
        assert len(answer.content) > 1000


def test_curl(running, tmp_path, said):
    if shutil.which("curl") is None:
        pytest.skip("needs curl, which is not here")
    call = ["curl", "-sS", "--fail-with-body", f"{running.url}/v1/audio/speech", "-H", f"Authorization: Bearer {KEY}",
            "-H", "Content-Type: application/json", "-o", str(tmp_path / "speech.wav"), "-d"]
    subprocess.run([*call, f'{{"model": "tts-1", "voice": "alloy", "input": "{TEXT}", "response_format": "wav"}}'],
                   check=True)
    got = np.frombuffer((tmp_path / "speech.wav").read_bytes()[44:], "<i2") / 2**15
    assert got.size == said.size and np.abs(got - said).max() < 1e-4
    assert subprocess.run([*call, "{"], check=False).returncode == 22


def test_kill_9_of_a_worker_loses_what_was_in_it_and_no_more(running):
    text = f"{TEXT} " * 12
    headers = {"authorization": f"Bearer {KEY}"}

    def ask(seed):
        body = {"input": text, "response_format": "wav", "seed": seed}
        try:
            answer = httpx.post(f"{running.url}/v1/vocolab/speech", json=body, headers=headers, timeout=240)
        except httpx.RemoteProtocolError:
            return None
        return answer.content if answer.status_code == 200 else None

    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(6) as pool:
        tasks = [pool.submit(ask, seed) for seed in (1, 1, 2, 2, 3, 3)]
        time.sleep(3)
        os.kill(running.workers()[0], signal.SIGKILL)
        answers = [task.result() for task in tasks]
    assert answers.count(None) <= 1
    for first, second in ((0, 1), (2, 3), (4, 5)):
        if None not in (answers[first], answers[second]):
            assert answers[first] == answers[second]
    metrics = httpx.get(f"{running.url}/metrics").text
    assert "vocolab_worker_restarts_total 1.0" in metrics
    assert ask(1) is not None


def test_the_cache_is_used_by_all_workers(running):
    headers = {"authorization": f"Bearer {KEY}"}
    body = {"input": "This sentence is said three times.", "response_format": "wav"}
    answers = {httpx.post(f"{running.url}/v1/audio/speech", json=body, headers=headers, timeout=60).content
               for _ in range(3)}
    assert len(answers) == 1
    rows = httpx.get(f"{running.url}/metrics").text.splitlines()
    assert float(next(row for row in rows if row.startswith("vocolab_cache_hits_total")).split()[1]) >= 2


def test_the_log_names_requests_and_no_texts(running):
    httpx.get(f"{running.url}/v1/models", headers={"x-request-id": "seen-1", "authorization": f"Bearer {KEY}"})
    wait_for(lambda: '"request_id": "seen-1"' in running.log.read_text())  # the line comes behind the answer
    said = running.log.read_text()
    assert "comes back at noon" not in said and KEY not in said
