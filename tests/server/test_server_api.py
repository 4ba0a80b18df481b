"""The API as OpenAI's clients know it: answers, formats, headers, errors."""

from __future__ import annotations

import base64
import io
import json
import struct

import numpy as np
import pytest
import soundfile
from server_fakes import Served

from vocolab.speaking.narrator import Narrator
from vocolab_server.worker.voices import LoadedVoices, Who

TEXT = "One two three. Four five, six seven! Eight?"


@pytest.fixture(scope="module")
def narrator(catalog) -> Narrator:
    return LoadedVoices(catalog, "cpu", 800, None).narrator(Who("reader-one", None, None), [])


def wav_of(data: bytes):
    """The samples after a header of 44 bytes, whatever sizes it states."""
    return np.frombuffer(data[44:], "<i2") / 2**15


def test_a_streamed_wav_is_what_say_says(served: Served, narrator):
    said = narrator.say(TEXT).audio.samples[0]
    answer = served.speak(TEXT, response_format="wav")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/wav"
    assert "content-length" not in answer.headers
    assert answer.content[:4] == b"RIFF" and struct.unpack_from("<I", answer.content, 4) == (0xFFFFFFFF,)
    assert struct.unpack_from("<I", answer.content, 24) == (22050,)
    got = wav_of(answer.content)
    assert got.size == said.size
    assert np.abs(got - said).max() < 1e-4


def test_a_whole_wav_states_true_sizes_and_has_the_same_samples(served: Served):
    streamed = served.speak(TEXT, response_format="wav")
    whole = served.speak(TEXT, path="/v1/vocolab/speech", response_format="wav", stream=False)
    assert int(whole.headers["content-length"]) == len(whole.content)
    assert struct.unpack_from("<I", whole.content, 4)[0] == len(whole.content) - 8
    assert struct.unpack_from("<I", whole.content, 40)[0] == len(whole.content) - 44
    assert whole.content[44:] == streamed.content[44:]


def test_pcm_is_24_khz(served: Served, narrator):
    said = narrator.say(TEXT).audio.mono_at(24_000).samples[0]
    got = np.frombuffer(served.speak(TEXT, response_format="pcm").content, "<i2") / 2**15
    assert abs(got.size - said.size) <= 2
    size = min(got.size, said.size)
    assert np.abs(got[:size] - said[:size]).max() < 1e-4


@pytest.mark.parametrize(("name", "kind", "rate"), [
    ("mp3", "audio/mpeg", 22050), ("opus", "audio/ogg", 24000), ("flac", "audio/flac", 22050)])
def test_the_stream_of_a_format_is_its_file(served: Served, narrator, name, kind, rate):
    said = narrator.say(TEXT).audio
    streamed = served.speak(TEXT, response_format=name)
    whole = served.speak(TEXT, path="/v1/vocolab/speech", response_format=name, stream=False)
    assert streamed.headers["content-type"] == kind
    first, first_rate = soundfile.read(io.BytesIO(streamed.content) if name != "flac" else io.BytesIO(whole.content))
    second, second_rate = soundfile.read(io.BytesIO(whole.content))
    assert first_rate == second_rate == rate
    np.testing.assert_array_equal(first, second)
    assert -1e-4 < second.size / rate - said.seconds < 0.2
    level_db = 20 * np.log10(np.sqrt(np.sum(second**2) / rate / said.seconds) / said.samples.std())
    assert abs(level_db) < 1.0


def test_a_flac_stream_has_the_frames_of_the_file(served: Served):
    streamed = served.speak(TEXT, response_format="flac").content
    whole = served.speak(TEXT, path="/v1/vocolab/speech", response_format="flac", stream=False).content
    assert streamed[42:] == whole[42:]  # what comes before is STREAMINFO: length, checksum, frame sizes
    assert len(streamed) == len(whole)


def test_aac_where_there_is_ffmpeg(served: Served, monkeypatch):
    from vocolab_server.encoders import has_ffmpeg

    if has_ffmpeg():
        answer = served.speak(TEXT, response_format="aac")
        assert answer.status_code == 200 and answer.content[:2] in (b"\xff\xf1", b"\xff\xf9")
    monkeypatch.setattr("vocolab_server.encoders.has_ffmpeg", lambda: False)
    answer = served.speak(TEXT, response_format="aac")
    assert answer.status_code == 400
    assert "mp3, opus, flac, wav, pcm" in answer.json()["error"]["message"]
    assert answer.json()["error"]["param"] == "response_format"


def test_events(served: Served):
    answer = served.speak(TEXT, response_format="wav", stream_format="sse")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [json.loads(line[6:]) for line in answer.text.split("\n\n") if line]
    assert {event["type"] for event in events[:-1]} == {"speech.audio.delta"}
    assert events[-1]["type"] == "speech.audio.done"
    usage = events[-1]["usage"]
    assert usage["input_tokens"] == len(TEXT)
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    data = b"".join(base64.b64decode(event["audio"]) for event in events[:-1])
    assert data == served.speak(TEXT, response_format="wav").content


def test_words_come_with_the_audio_that_they_are_in(served: Served, narrator):
    said = narrator.say(TEXT)
    body = {"input": TEXT, "voice": "reader-one", "response_format": "wav", "stream_format": "json"}
    answer = served.post("/v1/vocolab/speech", body).json()
    assert [word["source"] for word in answer["words"]] == [word.source for word in said.words]
    for got, wanted in zip(answer["words"], said.words, strict=True):
        assert abs(got["start_s"] - wanted.start_s) < 1e-6 and abs(got["end_s"] - wanted.end_s) < 1e-6
        assert TEXT[got["source_start"] : got["source_end"]] == got["source"]
    assert abs(answer["seconds"] - said.audio.seconds) < 1e-9


def test_own_controls_and_ssml(served: Served, narrator):
    ssml = '<speak>One <break time="400ms"/> two.</speak>'
    body = {"input": ssml, "voice": "reader-one", "response_format": "wav", "pitch_semitones": 2.0,
            "between": "silence", "speed": 2, "seed": 3}
    got = wav_of(served.post("/v1/vocolab/speech", body).content)
    said = narrator.say(ssml, pitch_semitones=2.0, between="silence", speed=2.0, seed=3).audio.samples[0]
    assert got.size == said.size and np.abs(got - said).max() < 1e-4


def test_voices_as_text_as_object_and_by_other_names(catalog):
    from server_fakes import serving

    with serving(catalog, {"voices": {"alloy": "reader-one"}}) as here:
        by_text = here.speak(voice="reader-one", response_format="wav").content
        assert here.speak(voice={"id": "reader-one"}, response_format="wav").content == by_text
        assert here.speak(voice="alloy", response_format="wav").content == by_text
        assert {row["id"] for row in here.get("/v1/audio/voices").json()["voices"]} >= {"alloy", "reader-one"}


def test_lists(served: Served):
    models = served.get("/v1/models").json()
    assert models["object"] == "list" and models["data"][0]["id"] == "vocolab"
    assert served.get("/v1/models/tts-1").json()["id"] == "tts-1"
    assert served.get("/v1/models/whisper-1").status_code == 404
    assert {"id": "tts-1-hd", "name": "tts-1-hd"} in served.get("/v1/audio/models").json()["models"]
    voices = served.get("/v1/audio/voices").json()["voices"]
    assert {"reader-one", "chorus"} <= {row["id"] for row in voices}
    assert "podcast" in [one["id"] for one in served.get("/v1/vocolab/capabilities").json()["presets"]]


def test_a_voice_of_several_speakers_lists_each(catalog, tmp_path):
    from dataclasses import replace

    from speaking_fakes import reader_voice

    from vocolab_server.installed import Installed
    from vocolab_server.settings import Settings

    many = reader_voice()
    many.config["speakers"] = ["low", "high"]
    path = tmp_path / "many.safetensors"
    many.save(path)
    entry = next(one for one in catalog.voices.entries() if one.name == "reader-one")
    entries = [replace(entry, spec=replace(entry.spec, file=path))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog.voices, "ranked", lambda *kinds: entries)
        installed = Installed(catalog, Settings())
    assert {"reader-one", "reader-one/low", "reader-one/high"} <= set(installed.voices)
    assert installed.voice("reader-one/high").speaker == "high"


ENVELOPE = {"message", "type", "param", "code"}


@pytest.mark.parametrize(("change", "status", "param", "said"), [
    ({"voice": "nobody"}, 400, "voice", "reader-one"),
    ({"voice": "alloy"}, 400, "voice", "reader-one"),
    ({"voice": "../../etc/passwd"}, 400, "voice", "reader-one"),
    ({"voice": "/tmp/x.safetensors"}, 400, "voice", "reader-one"),
    ({"voice": {"name": "x"}}, 400, "voice", ""),
    ({"voice": 3}, 400, "voice", ""),
    ({"model": "whisper-1"}, 404, "model", "vocolab"),
    ({"response_format": "ogg"}, 400, "response_format", "mp3, opus"),
    ({"speed": 5}, 400, "speed", "4"),
    ({"speed": "fast"}, 400, "speed", "number"),
    ({"stream_format": "ws"}, 400, "stream_format", "sse"),
    ({"input": ""}, 400, "input", "empty"),
    ({"input": " \n\t"}, 400, "input", "empty"),
    ({"input": 5}, 400, "input", "string"),
    ({"input": "a\x00b"}, 400, "input", "U+0000"),
    ({"input": "a\x1bb"}, 400, "input", "U+001B"),
    ({"input": "\ud800"}, 400, "input", "U+D800"),
    ({"input": "x" * 60_001}, 413, "input", "60000"),
    ({"input": "unsayable"}, 400, None, "unsayable"),
    ({"input": "<speak>"}, 400, None, "line"),
    ({"input": "!"}, 400, None, "said"),
    ({"loudness": 3}, 400, "loudness", "response_format"),
])  # fmt: skip
def test_what_is_refused(served: Served, change, status, param, said):
    body = {"model": "tts-1", "input": "One.", "voice": "reader-one", **change}
    answer = served.post(content=json.dumps(body).encode(), headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert set(error) == ENVELOPE and error["type"] == "invalid_request_error" and error["code"]
    assert error["param"] == param
    assert said in error["message"] and "\n" not in error["message"]
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize(("body", "status", "code"), [
    (b"{", 400, "invalid_json"), (b"\xff\xfe", 400, "invalid_json"), (b"[]", 400, "invalid_json"),
    (b"[" * 100_000, 400, "invalid_json"), (b'{"model": "tts-1"}', 400, "missing_field"), (b"", 400, "invalid_json"),
    (b"x" * 900_000, 413, "body_too_large"),
])  # fmt: skip
def test_bodies_that_are_none(served: Served, body, status, code):
    answer = served.post(content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_1_mb_of_text_and_100_mb_of_body(served: Served):
    answer = served.speak("word " * 200_000)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")

    def endless():
        for _ in range(100):
            yield b"x" * 1_000_000

    import httpx

    try:
        answer = served.post(content=endless(), headers={"content-type": "application/json"})
        assert answer.status_code == 413
    except httpx.WriteError:
        pass  # the server has closed, as it may
    assert served.get("/health").status_code == 200


def test_other_addresses_and_methods(served: Served):
    for answer, status in ((served.get("/nope"), 404), (served.get("/v1/audio/speech"), 405),
                           (served.post("/v1/models"), 405)):
        assert answer.status_code == status
        assert set(answer.json()["error"]) == ENVELOPE
        assert answer.headers["x-request-id"]


def test_what_may_be_tried_again_says_when():
    from vocolab.errors import NoVoice
    from vocolab_server.middleware import refusal
    from vocolab_server.refusals import Refused, refusal_of

    for refused in (refusal_of(NoVoice("nobody is here")), Refused(429, "too many", "x"), Refused(503, "full", "x")):
        assert int(refusal(refused).headers["retry-after"]) >= 1
    assert "retry-after" not in refusal(Refused(400, "wrong", "x")).headers


def test_a_request_id_is_kept_if_it_is_one(served: Served):
    assert served.get("/health", headers={"x-request-id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert served.get("/health", headers={"x-request-id": "a b<script>"}).headers["x-request-id"] != "a b<script>"


def test_json_has_to_say_that_it_is(served: Served):
    answer = served.post(content=b'{"input": "One."}', headers={"content-type": "text/plain"})
    assert answer.status_code == 415 and set(answer.json()["error"]) == ENVELOPE


def test_instructions_are_said_to_be_left_out(served: Served):
    assert "not followed" in served.speak(instructions="Whisper.").headers["x-vocolab-note"]
    assert "x-vocolab-note" not in served.speak().headers


def test_no_other_page_may_ask_unless_it_is_named(served: Served, catalog):
    from server_fakes import serving

    asking = {"origin": "https://chat.example", "access-control-request-method": "POST"}
    assert "access-control-allow-origin" not in served.get("/health", headers=asking).headers
    with serving(catalog, {"origins": ["https://chat.example"]}) as here:
        allowed = here.get("/health", headers={"origin": "https://chat.example"})
        assert allowed.headers["access-control-allow-origin"] == "https://chat.example"
        assert "access-control-allow-origin" not in here.get("/health", headers={"origin": "https://a.example"}).headers
