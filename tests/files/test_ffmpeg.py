"""What libsndfile does not know is decoded by an installed ffmpeg; without one it is named."""

import shutil
import subprocess

import numpy as np
import pytest
import soundfile

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.files import ffmpeg
from vocolab.files.reader import open_audio

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
M4A = b"\0\0\0\x18ftypM4A \0\0\0\0" + bytes(64)


@pytest.fixture
def tone(tmp_path):
    samples = 0.3 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
    soundfile.write(tmp_path / "tone.wav", samples, 48_000)
    return tmp_path / "tone.wav"


def made(tone, name, *arguments):
    path = tone.parent / name
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", tone, *arguments, path], check=True)
    return path


@needs_ffmpeg
@pytest.mark.parametrize(("name", "arguments"), [
    ("a.m4a", ()), ("lossless.m4a", ("-c:a", "alac")), ("a.wma", ()), ("a.webm", ()), ("a.aac", ()), ("a.mka", ()),
    ("a.mp4", ("-f", "mp4")),
])  # fmt: skip
def test_it_is_decoded(tone, name, arguments):
    audio = Audio.load(made(tone, name, *arguments))
    assert audio.sample_rate == 48_000
    assert audio.seconds == pytest.approx(1.0, abs=0.1)
    assert np.sqrt(np.mean(np.square(audio.samples))) == pytest.approx(0.3 / np.sqrt(2), rel=0.06)


@needs_ffmpeg
def test_lossless_is_lossless(tone):
    np.testing.assert_allclose(Audio.load(made(tone, "a.m4a", "-c:a", "alac")).samples, Audio.load(tone).samples,
                               atol=1e-7)


@needs_ffmpeg
def test_damage_is_one_line(tmp_path):
    (tmp_path / "a.m4a").write_bytes(M4A)
    with pytest.raises(AudioError, match="ffmpeg finds no sound in it that it can decode"):
        open_audio(tmp_path / "a.m4a")


def test_without_ffmpeg_it_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(ffmpeg, "ffmpeg_program", lambda: None)
    (tmp_path / "a.m4a").write_bytes(M4A)
    with pytest.raises(AudioError, match=r"it is an MPEG-4 file \(M4A, MP4, MOV\), which takes an ffmpeg to decode"):
        open_audio(tmp_path / "a.m4a")


def test_a_decoder_that_hangs_is_stopped(tmp_path, monkeypatch):
    program = tmp_path / "ffmpeg"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(ffmpeg, "ffmpeg_program", lambda: str(program))
    monkeypatch.setattr(ffmpeg, "_LEAST_S", 0.2)
    (tmp_path / "a.m4a").write_bytes(M4A)
    with pytest.raises(AudioError, match="was stopped"):
        open_audio(tmp_path / "a.m4a")


@pytest.mark.parametrize(("content", "kind"), [
    (b"%PDF-1.4" + bytes(100), "a PDF document"), (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
    (b"\x93NUMPY" + bytes(100), "a NumPy array"), (b"#EXTM3U\nfile:///etc/hostname\n", "a playlist"),
    (bytes(1000), "nothing but zeros"), (b"PK\x03\x04" + bytes(100), "a zip archive"),
])  # fmt: skip
def test_what_is_no_audio_is_named_and_ffmpeg_is_not_asked(tmp_path, monkeypatch, content, kind):
    monkeypatch.setattr(ffmpeg, "ffmpeg_program", lambda: pytest.fail("asked"))
    (tmp_path / "a.mp3").write_bytes(content)
    with pytest.raises(AudioError, match=f"not an audio file that can be read: it is {kind}"):
        open_audio(tmp_path / "a.mp3")
