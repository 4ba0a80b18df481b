"""The smallest good files with tags of every kind, and what reads tags alone."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

JPEG = b"\xff\xd8\xff\xc0\0\x11\x08\0\1\0\1\3" + bytes(9)
"""As much of one as says how large it is."""


def tagged(suffix: str) -> Callable[[], list[bytes]]:
    """Short audio with a tag of every kind."""

    def make() -> list[bytes]:
        from vocolab.audio import Audio
        from vocolab.files.tags.pictures import picture_of
        from vocolab.tags import Broadcast, Chapter, Tags

        pixel = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes.fromhex("0000000100000001080000000000000000")
        tags = Tags({"Own": "x"}, title="Ü", artist=["a", "b"], date="2020-01-01", track="1/2", comment="c", lyrics="l",
                    website="http://x", cover=picture_of(pixel), chapters=[Chapter(0.0, "c", 0.01), Chapter(0.01, "d")],
                    broadcast=Broadcast("d", "o", "r", "2020-01-01", "00:00:00", 1.5, b"u", "A=PCM\r\n"))
        silence = Audio.mono(np.zeros(480, np.float32), 24_000)
        return [_saved(silence, tags, suffix)]

    return make


def old_id3() -> list[bytes]:
    """ID3 of the versions 2.2 and 2.3, and what they may do to their frames."""
    def tag(version: int, flags: int, *frames: bytes) -> bytes:
        body = b"".join(frames)
        return b"ID3" + bytes([version, 0, flags, 0, 0, len(body) >> 7, len(body) & 0x7F]) + body + b"\xff\xfb\x90\x00"

    def frame(name: bytes, body: bytes, flags: int = 0) -> bytes:
        return name + len(body).to_bytes(4, "big") + bytes([0, flags]) + body

    packed = b"\0\0\0\5" + zlib.compress(b"\0Jazz")
    return [
        tag(2, 0, b"TT2\0\0\3\0Hi", b"PIC\0\0\7\0PNG\3\0x"),
        tag(3, 0x80, frame(b"TIT2", b"\1\xff\xfeH\0i\0"), frame(b"TYER", b"\x002020"), frame(b"TDAT", b"\x000105")),
        tag(3, 0x40, b"\0\0\0\6" + bytes(6), frame(b"TCON", packed, 0x80), frame(b"TPE1", b"secret", 0x40)),
        tag(4, 0, frame(b"TCON", b"\x03" + b"17", 0), frame(b"TXXX", b"\3replaygain_track_gain\x00-1 dB", 1)),
    ]


def _saved(audio: Any, tags: Any, suffix: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"a{suffix}")
        audio.save(path, tags=tags)
        return path.read_bytes()


def read_file_tags(path: Path) -> Any:
    """What a file says about itself."""
    from vocolab.files.tags.reading import read_tags

    with path.open("rb") as stream:
        return read_tags(stream, 24_000)


def read_ffmetadata(path: Path) -> Any:
    """What ffmpeg would have written down, and the cover of an MPEG-4 file."""
    from vocolab.files.tags.ffmetadata import mpeg4_cover, tags_of_ffmetadata

    with path.open("rb") as stream:
        found = tags_of_ffmetadata(stream)
        mpeg4_cover(stream, found)
    return found.origin()


def mpeg4() -> list[bytes]:
    """A cover in its atoms, and a text of ffmpeg's."""

    def atom(name: bytes, content: bytes) -> bytes:
        return (8 + len(content)).to_bytes(4, "big") + name + content

    cover = atom(b"covr", atom(b"data", bytes(8) + JPEG))
    return [
        atom(b"ftyp", b"M4A ") + atom(b"moov", atom(b"udta", atom(b"meta", bytes(4) + atom(b"ilst", cover)))),
        b";FFMETADATA1\ntitle=a\\=b\\\nc\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=5\ntitle=x\n[STREAM]\nlanguage=en\n",
    ]
