"""Tags as other programs write them: ID3 of every version, comments and chunks that are odd or broken."""

from __future__ import annotations

import os
from contextlib import contextmanager

import pytest
from tagged import FULL, jpeg, png, tone

from vocolab.audio import Audio
from vocolab.files.formats import CONTAINERS, Form
from vocolab.files.ogg import page_checksum
from vocolab.files.reader import open_audio
from vocolab.files.writer import write_audio
from vocolab.tags import Tags


@contextmanager
def without_ffmpeg():
    """Nobody else decodes what is broken."""
    before, os.environ["PATH"] = os.environ.get("PATH", ""), ""
    try:
        yield
    finally:
        os.environ["PATH"] = before


def id3(version, *frames, flags=0):
    body = b"".join(frames)
    size = bytes(len(body) >> 7 * place & 0x7F for place in (3, 2, 1, 0))
    return b"ID3" + bytes([version, 0, flags]) + size + body


def frame(name, body, flags=0):
    return name.encode() + len(body).to_bytes(4, "big") + bytes([0, flags]) + body


def short(name, body):
    return name.encode() + len(body).to_bytes(3, "big") + body


@pytest.fixture
def mp3(tmp_path):
    bare = write_audio(tone(), tmp_path / "bare.mp3").path.read_bytes()

    def read(tag=b"", behind=b""):
        (tmp_path / "a.mp3").write_bytes(tag + bare + behind)
        file = open_audio(tmp_path / "a.mp3")
        assert file.n_samples == tone().n_samples
        return file.origin

    return read


def test_id3_of_version_2_3(mp3):
    wide = "Größe Ж".encode("utf-16")
    tags = mp3(id3(3, frame("TIT2", b"\1" + wide), frame("TYER", b"\x002019"), frame("TDAT", b"\x003112"),
                   frame("TCON", b"\0(101)"), frame("TPE1", b"\0M\xfcller"), frame("WXXX", b"\0\0http://a"),
                   frame("COMM", b"\1eng" + "d".encode("utf-16") + b"\0\0" + "t".encode("utf-16")),
                   frame("APIC", b"\1image/jpeg\0\3\xff\xfec\0\0\0" + jpeg()))).tags  # fmt: skip
    assert (tags.title, tags.date, tags.genre, tags.artist) == ("Größe Ж", "2019-12-31", "Speech", "Müller")
    assert (tags.website, tags.get("comment:d"), tags.cover.data) == ("http://a", "t", jpeg())


def test_id3_of_version_2_2(mp3):
    tags = mp3(id3(2, short("TT2", b"\0Hi"), short("TP1", b"\0Me"), short("TRK", b"\x003/4"), short("TYE", b"\x001999"),
                   short("PIC", b"\0PNG\3\0" + png()))).tags  # fmt: skip
    assert (tags.title, tags.artist, tags.track, tags.date, tags.cover.data) == ("Hi", "Me", "3/4", "1999", png())


def test_id3_without_false_sync_words(mp3):
    """Unsynchronised: FF 00 stands for FF."""
    body = frame("APIC", b"\0image/jpeg\0\3\0" + jpeg())
    assert mp3(id3(3, body.replace(b"\xff", b"\xff\x00"), flags=0x80)).tags.cover.data == jpeg()


def test_id3_of_version_2_4_with_sizes_of_eight_bits(mp3):
    """As some programs wrote it."""
    tags = mp3(id3(4, frame("TIT2", b"\3" + b"x" * 200), frame("TPE1", b"\3Me"))).tags
    assert (tags.title, tags.artist) == ("x" * 200, "Me")


def test_id3v1(mp3):
    behind = b"TAG" + b"Title".ljust(30, b"\0") + b"M\xfcller".ljust(30) + bytes(30) + b"2001" + bytes(28) + b"\0\7\x11"
    tags = mp3(behind=behind).tags
    assert (tags.title, tags.artist, tags.date, tags.track, tags.genre) == ("Title", "Müller", "2001", "7", "Rock")
    assert mp3(id3(4, frame("TIT2", b"\3Longer title")), behind).tags.title == "Longer title"


def test_what_nobody_can_keep_is_named(mp3):
    origin = mp3(id3(4, frame("TIT2", b"\3t"), frame("PRIV", b"x\0y"), frame("TPE1", b"\3s", flags=4)),
                 b"APETAGEX" + bytes(24))  # fmt: skip
    assert origin.left_out == ("the ID3 frame PRIV", "the ID3 frame TPE1", "an APE tag")


@pytest.mark.parametrize("suffix", list(CONTAINERS))
def test_a_broken_tag_never_stops_the_audio(tmp_path, suffix):
    """Names, texts and their sizes, made others one by one; not those that say where the audio begins."""
    path = write_audio(tone(), tmp_path / f"a{suffix}", Form(tags=FULL)).path
    data = path.read_bytes()
    start = data.index(FULL.title.encode()[:4])
    with without_ffmpeg():
        for at in range(start - 8, start + 80, 3):
            broken = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
            path.write_bytes(with_checksum(broken) if suffix in (".ogg", ".opus") else broken)
            assert open_audio(path).n_samples == tone().n_samples
            assert Audio.load(path).n_samples == tone().n_samples


def with_checksum(data):
    """The second page of an Ogg file with the checksum of what stands in it."""
    at = data.index(b"OggS", 4)
    size = 27 + data[at + 26] + sum(data[at + 27 : at + 27 + data[at + 26]])
    page = data[at : at + 22] + bytes(4) + data[at + 26 : at + size]
    checksum = page_checksum(page).to_bytes(4, "little")
    return data[:at] + page[:22] + checksum + page[26:] + data[at + size :]


def test_a_comment_that_lies_about_its_sizes(tmp_path):
    path = write_audio(tone(), tmp_path / "a.flac", Form(tags=Tags(title="Hello", artist="Me"))).path
    data = path.read_bytes()
    at = data.index(b"ARTIST=Me")
    path.write_bytes(data[: at - 4] + b"\xff\xff\xff\x7f" + data[at:])
    origin = open_audio(path).origin
    assert origin.tags == Tags(title="Hello")
    assert origin.left_out == ("a part of its Vorbis comment, which is damaged",)
