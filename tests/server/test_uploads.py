"""Mastering and rendering of what is uploaded, and speech that a preset masters."""

from __future__ import annotations

import asyncio
import base64
import io
import json

import numpy as np
import pytest
import soundfile
from speaking_fakes import SPEC

from vocolab_server.pool import Worker, WorkerLost
from vocolab_server.refusals import Refused
from vocolab_server.uploads import Uploads


def recording(seconds=2.0, level=0.1) -> bytes:
    samples = np.random.default_rng(0).normal(0, level, int(44100 * seconds)).astype(np.float32)
    file = io.BytesIO()
    soundfile.write(file, samples, 44100, format="WAV", subtype="FLOAT")
    return file.getvalue()


def mel_bytes(frames=50) -> bytes:
    file = io.BytesIO()
    np.save(file, np.random.default_rng(0).uniform(-6, -2, (SPEC.n_mels, frames)).astype(np.float32))
    return file.getvalue()


def test_a_recording_is_mastered_and_the_report_proves_it(served):
    answer = served.post("/v1/master?preset=broadcast&response_format=wav", content=recording())
    assert answer.status_code == 200, answer.text
    report = json.loads(answer.headers["x-vocolab-report"])
    assert report["met"] and report["preset"] == "broadcast"
    samples, _ = soundfile.read(io.BytesIO(answer.content))
    assert samples.shape[0] and abs(report["integrated_lufs"] - -23) < 0.3
    as_json = served.post("/v1/vocolab/master?preset=broadcast&response_format=wav&as=json", content=recording()).json()
    assert base64.b64decode(as_json["audio"]) == answer.content
    assert as_json["report"] == report


def test_a_mel_is_rendered_as_render_does(served, catalog):
    from vocolab.rendering import open_vocoder

    answer = served.post("/v1/vocoder?vocoder=level-22k&mel_spec=hifigan-22k&response_format=wav", content=mel_bytes())
    assert answer.status_code == 200, answer.text
    samples, rate = soundfile.read(io.BytesIO(answer.content))
    renderer = open_vocoder(catalog, None, "level-22k", {}, SPEC)
    wanted = renderer(np.load(io.BytesIO(mel_bytes()))).samples[0]
    assert rate == 22050 and samples.size == wanted.size == 50 * SPEC.hop_samples
    assert np.abs(samples - wanted).max() < 1e-4
    assert json.loads(answer.headers["x-vocolab-report"])["frames"] == 50


def test_speech_that_a_preset_masters(served):
    body = {"input": "One two three four five six seven.", "voice": "reader-one", "preset": "broadcast"}
    for name in ("mp3", "flac"):
        answer = served.post("/v1/vocolab/speech", {**body, "response_format": name})
        assert answer.status_code == 200, answer.text
        assert int(answer.headers["content-length"]) == len(answer.content)
        assert json.loads(answer.headers["x-vocolab-report"])["met"]
    as_json = served.post("/v1/vocolab/speech", {**body, "stream_format": "json"}).json()
    assert [word["word"] for word in as_json["words"]] == ["one", "two", "three", "four", "five", "six", "seven"]


@pytest.mark.parametrize(("path", "data", "said"), [
    ("/v1/master", b"x", "broadcast"),
    ("/v1/master?preset=nothing", b"x", "broadcast"),
    ("/v1/master?preset=/tmp/x.toml", b"x", "there is no preset"),
    ("/v1/master?preset=broadcast", b"", "empty"),
    ("/v1/master?preset=broadcast", b"no audio at all" * 100, "audio"),
    ("/v1/master?preset=broadcast&response_format=ogg", b"x", "mp3"),
    ("/v1/master?preset=broadcast&url=http://x", b"x", "url"),
    ("/v1/master?preset=broadcast&seed=-1", b"x", "seed"),
    ("/v1/master?preset=broadcast&as=xml", b"x", "json"),
    ("/v1/vocoder?vocoder=/etc/passwd", b"x", "there is no vocoder"),
    ("/v1/vocoder?mel_spec=../x.toml", b"x", "there is no mel_spec"),
    ("/v1/vocoder?vocoder=level-22k", b"no mel", ""),
    ("/v1/vocoder?vocoder=level-22k", b"\x93NUMPY\x01\x00", ""),
])  # fmt: skip
def test_what_is_refused(served, path, data, said):
    answer = served.post(path, content=data)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert said in error["message"] and "/tmp/vocolab-server" not in error["message"]


def test_pickles_are_not_opened(served):
    file = io.BytesIO()
    np.save(file, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert served.post("/v1/vocoder?vocoder=level-22k", content=file.getvalue()).status_code == 400


def test_what_is_too_large(catalog):
    from server_fakes import serving

    with serving(catalog, {"limits": {"upload_mb": 0.1}}) as here:
        answer = here.post("/v1/master?preset=broadcast", content=recording())
        assert answer.status_code == 413


class Slow(Worker):
    """Takes its time, or dies."""

    def __init__(self, dies=False):
        super().__init__("slow", "studio", {})
        self.dies, self.ends = dies, 0

    async def start(self):
        self.is_ready = True

    async def ask(self, message, payload=b"", *, limit_s):
        if self.dies:
            raise WorkerLost
        await asyncio.sleep(0.2)
        return {}, b""

    async def end(self):
        self.is_ready, self.ends = False, self.ends + 1


def test_too_many_at_a_time():
    async def all_at_once():
        uploads = Uploads(Slow(), 2, 10)
        return await asyncio.gather(*(uploads.do({}) for _ in range(3)), return_exceptions=True)

    results = asyncio.run(all_at_once())
    assert results[:2] == [({}, b""), ({}, b"")]
    assert isinstance(results[2], Refused) and results[2].status == 503 and results[2].retry_after_s


def test_a_job_that_takes_too_long_or_too_much_is_stopped():
    async def one():
        slow = Slow(dies=True)
        with pytest.raises(Refused) as refused:
            await Uploads(slow, 2, 10).do({})
        return slow.ends, refused.value

    ends, refused = asyncio.run(one())
    assert ends == 1 and refused.code == "job_stopped"
