"""Audio with everything in its tags, and what other programs read in a file."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from vocolab.audio import Audio
from vocolab.files.tags.pictures import picture_of
from vocolab.tags import Broadcast, Chapter, Picture, Tags

RATE = 48_000


def png(width: int = 3, height: int = 2, padding: bytes = b"") -> bytes:
    """A small picture; `padding` makes a large file of it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + bytes(3 * width) for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + (chunk(b"teXt", padding) if padding else b"") + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )  # fmt: skip


def jpeg(width: int = 5, height: int = 4) -> bytes:
    """As much of a JPEG as says how large it is."""
    return (b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + b"\xff\xc0\x00\x11\x08"
            + struct.pack(">HH", height, width) + b"\x03" + bytes(9) + b"\xff\xd9")


def picture(data: bytes | None = None) -> Picture:
    """The same as a cover."""
    found = picture_of(data or png())
    assert found is not None
    return found


def tone(seconds: float = 0.5, channels: int = 1) -> Audio:
    """A sine at half of full scale."""
    sine = 0.5 * np.sin(2 * np.pi * 440 * np.arange(round(seconds * RATE)) / RATE)
    return Audio(np.tile(sine, (channels, 1)).astype(np.float32), RATE)


FULL = Tags(
    title="Глава 17: Müßiggang 🎧", artist=["A. Reader", "Б. Чтец"], album="The Book", album_artist="Nobody",
    track="3/12",
    disc="1/2", date="2020-05-01", genre="Audiobook", comment="first\nand second line", composer="Comp", isrc="QZ123",
    narrator="N. Arrator", publisher="Pub", copyright="© 2020", language="deu", lyrics="la\nla", bpm="120",
    others={"MusicBrainz Album Id": "0a-1b", "CATALOGUE": "7"},
    cover=picture(),
    chapters=[Chapter(0.0, "Erstens: ü"), Chapter(0.125, "Второе", 0.375)],
    broadcast=Broadcast("scene 1", "vocolab", "REF1", "2020-05-01", "12:30:00", 3600.5, b"\x06\x0a" + bytes(range(62)),
                        "A=PCM,F=48000\r\n"),
)  # fmt: skip
"""A tag of every kind."""


def probed(path: Path) -> dict[str, Any]:
    """What ffprobe reads in a file."""
    program = shutil.which("ffprobe")
    assert program
    done = subprocess.run(
        [program, "-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters", str(path)],
        capture_output=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    texts = dict(found["format"].get("tags", {}))
    for stream in found["streams"]:
        if stream["codec_type"] == "audio":
            texts |= stream.get("tags", {})
    found["tags"] = {name.casefold(): text for name, text in texts.items()}
    found["pictures"] = [stream for stream in found["streams"] if stream["codec_type"] == "video"]
    return found
