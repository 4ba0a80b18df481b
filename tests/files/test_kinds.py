"""What a file is, by its first bytes, as messages call it."""

from __future__ import annotations

import io
import tarfile
import zipfile

import numpy as np
import pytest

from vocolab.errors import AudioError, MelError
from vocolab.files.kinds import audio_kind, other_kind
from vocolab.files.reader import open_audio
from vocolab.mels.storage import read_array


def zipped(name: str, content: str = "x") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def tarred() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("x"))
    return stream.getvalue()


def array() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.zeros((80, 9), np.float32))
    return stream.getvalue()


OTHERS = {
    "a PDF document": b"%PDF-1.7\n%\xe2\xe3", "a picture (PNG)": b"\x89PNG\r\n\x1a\n",
    "a picture (JPEG)": b"\xff\xd8\xff\xe0",
    "a picture (WebP)": b"RIFF\x10\0\0\0WEBPVP8 ", "a picture (HEIC)": b"\0\0\0\x18ftypheic\0\0\0\0",
    "a zip archive": zipped("x.txt"), "a tar archive": tarred(), "a gzip archive": b"\x1f\x8b\x08\0",
    "an Office document (DOCX, XLSX, PPTX)": zipped("[Content_Types].xml"), "an HDF5 file": b"\x89HDF\r\n\x1a\n",
    "an EPUB book": zipped("mimetype", "application/epub+zip"), "a MATLAB file": b"MATLAB 5.0 MAT-file",
    "a web page": b"\n<!DOCTYPE html><html>", "an XML document": b"<?xml version='1.0'?>",
    "a text file (JSON)": b'{\n  "a": 1}', "a text file": "Größe, 17 °C\n".encode(), "nothing but zeros": bytes(100),
    "a program": b"\x7fELF\x02\x01",
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_audio_and_no_mel_is_named(tmp_path, kind):
    path = tmp_path / "x.wav"
    path.write_bytes(OTHERS[kind])
    assert (other_kind(OTHERS[kind]), audio_kind(OTHERS[kind])) == (kind, "")
    with pytest.raises(AudioError) as audio_error:
        open_audio(path)
    assert f"it is {kind}" in str(audio_error.value)
    path = tmp_path / "x.npy"
    path.write_bytes(OTHERS[kind])
    with pytest.raises(MelError) as mel_error:
        read_array(path)
    assert f"this is {kind}" in str(mel_error.value)


@pytest.mark.parametrize(("start", "kind"), [
    (b"\0\0\0\x20ftypM4A \0\0\0\0", "an MPEG-4 file (M4A, MP4, MOV)"), (b"RIFF\0\0\0\0AVI LIST", "a RIFF file"),
    (b"\x1aE\xdf\xa3\x01", "a Matroska or WebM file"), (b"OggS\0", "an Ogg file"),
])  # fmt: skip
def test_sound_and_video_in_the_place_of_a_mel(tmp_path, start, kind):
    path = tmp_path / "x.npy"
    path.write_bytes(start)
    with pytest.raises(MelError, match="'vocolab mel' makes a mel of audio") as error:
        read_array(path)
    assert f"this is {kind}" in str(error.value)


def test_an_array_in_the_place_of_audio(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(array())
    with pytest.raises(AudioError, match="it is a NumPy array"):
        open_audio(path)


def test_binary_noise_is_not_called_a_text():
    assert other_kind(bytes(range(256))) == ""
    assert other_kind("日本語のテキスト".encode()[:-1]) == "a text file"
    assert other_kind("text".encode("utf-16")) == "a text file"
