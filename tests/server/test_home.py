"""The endpoint for Home Assistant, by the Wyoming package's own client."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import warnings

import numpy as np
import pytest

pytest.importorskip("wyoming", reason="needs the extra `wyoming`")

from server_fakes import serving

with warnings.catch_warnings():  # it uses audioop, which Python 3.13 has no more and a package brings then
    warnings.simplefilter("ignore", DeprecationWarning)
    from wyoming.client import AsyncTcpClient
    from wyoming.info import Describe, Info
    from wyoming.tts import Synthesize, SynthesizeChunk, SynthesizeStart, SynthesizeStop, SynthesizeVoice

from vocolab_server.home import home_address
from vocolab_server.settings import Settings

TEXT = "One two three. Four five."


@pytest.fixture(scope="module")
def home(catalog):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(catalog, {"wyoming": {"port": port}}) as here:
        yield here, port


def talk(port, *said, until) -> list:
    async def run():
        async with AsyncTcpClient("127.0.0.1", port) as client:
            for one in said:
                await client.write_event(one.event())
            heard = []
            while (event := await asyncio.wait_for(client.read_event(), 20)) is not None:
                heard.append(event)
                if event.type == until:
                    break
            return heard

    return asyncio.run(run())


def test_it_says_what_there_is(home):
    (event,) = talk(home[1], Describe(), until="info")
    info = Info.from_event(event)
    assert "reader-one" in [voice.name for voice in info.tts[0].voices]


def test_it_speaks_as_the_api_does(home):
    here, port = home
    heard = talk(port, Synthesize(TEXT, SynthesizeVoice("reader-one")), until="audio-stop")
    assert heard[0].type == "audio-start" and heard[0].data["rate"] == 22050
    data = b"".join(event.payload for event in heard if event.type == "audio-chunk")
    assert data == here.speak(TEXT, response_format="wav").content[44:]
    assert np.frombuffer(data, "<i2").any()


def test_a_text_in_pieces(home):
    here, port = home
    said = [SynthesizeStart(SynthesizeVoice("reader-one")), *(SynthesizeChunk(piece) for piece in (TEXT[:7], TEXT[7:])),
            Synthesize(TEXT), SynthesizeStop()]
    heard = talk(port, *said, until="synthesize-stopped")
    data = b"".join(event.payload for event in heard if event.type == "audio-chunk")
    assert data == here.speak(TEXT, response_format="wav").content[44:]


@pytest.mark.parametrize(("text", "voice", "said"), [("", None, "empty"), (TEXT, "nobody", "reader-one"),
                                                     ("unsayable", None, "unsayable")])
def test_what_is_refused(home, text, voice, said):
    heard = talk(home[1], Synthesize(text, SynthesizeVoice(voice) if voice else None), until="error")
    assert heard[-1].type == "error" and said in heard[-1].data["text"]


def test_it_has_no_keys_and_stays_at_home_where_they_are_needed():
    keys = [{"name": "a", "sha256": "0" * 64}]
    assert home_address(Settings.model_validate({"host": "0.0.0.0", "keys": keys})) == "127.0.0.1"
    assert home_address(Settings.model_validate({"host": "0.0.0.0", "anyone": True})) == "0.0.0.0"


@pytest.mark.parametrize("said", [
    b"\n", b"[]\n", b"5\n", b'{"type": 5}\n', b'{"type": "synthesize", "data": []}\n', b"[" * 50_000 + b"\n",
    b'{"type": "synthesize", "data_length": "x"}\n', b'{"type": "synthesize", "data_length": -1}\n',
    b'{"type": "describe", "payload_length": 1000000000000}\n', b'{"type": "x", "data_length": 2}\n{]',
    b"x" * 100_000, b'{"type": "synthesize", "data": {"text": 5}}\n', b'{"type": "synthesize"}\n',
    b'{"type": "synthesize", "data": {"text": "a", "voice": {"name": [1]}}}\n',
    b'{"type": "synthesize", "data": {"text": "a", "voice": 5}}\n',
])
def test_what_is_no_event_ends_its_connection_alone(home, said):
    with socket.create_connection(("127.0.0.1", home[1]), timeout=10) as client:
        client.sendall(said)
        heard = b""
        with contextlib.suppress(ConnectionResetError):
            while block := client.recv(65_536):
                heard += block
        assert not heard or b'"error"' in heard
    assert talk(home[1], Describe(), until="info")


def test_more_connections_than_may_be_are_refused(catalog):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(catalog, {"wyoming": {"port": port}, "limits": {"connections": 1}}):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as first:
            first.sendall(b'{"type": "describe"}\n')
            assert first.recv(10)
            heard = talk(port, until="error")
        assert "connections" in heard[-1].data["text"]


def test_pieces_without_end_are_refused(home):
    most = home[0].service.settings.limits.text_characters
    said = [SynthesizeStart(), *(SynthesizeChunk("x" * 1000) for _ in range(most // 1000 + 1))]
    heard = talk(home[1], *said, until="error")
    assert "characters" in heard[-1].data["text"]


def test_half_an_event_is_not_waited_for_long():
    from vocolab_server.home_events import next_event

    async def run(said):
        reader = asyncio.StreamReader()
        reader.feed_data(said)
        return await next_event(reader, 1000, 0.05, 0.05)

    for said in (b"", b'{"type"', b'{"type": "x", "data_length": 5}\n{'):
        assert asyncio.run(run(said)) is None
