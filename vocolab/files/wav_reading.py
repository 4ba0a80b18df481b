"""WAV files, odd ones too: what to decode, and which loudspeakers its channels are for.

libsndfile refuses files for chunks that have nothing to do with the samples, and takes a data chunk of size 0 at its
word. Where it would, it is given a header of vocolab's own and the samples as they lie in the file.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from vocolab.errors import AudioError
from vocolab.files.parts import Part, Stretch
from vocolab.files.riff import Chunk, WaveFile, read_wave
from vocolab.files.source import AudioSource
from vocolab.layouts import Layout, from_mask

EXTENSIBLE = 0xFFFE
_PCM, _FLOAT = 1, 3
_PLAIN_CHUNKS = {b"fmt ", b"fact", b"data", b"ds64", b"JUNK", b"junk", b"LIST", b"bext", b"cue ", b"PAD ",
                 b"PEAK"}
"""Those that libsndfile reads past, or reads well."""


def wav_source(path: Path, stream: BinaryIO) -> AudioSource | None:
    """How to decode a WAV; None for what is none.

    Raises:
        AudioError: if it has no samples, or no chunk that says what they are.
    """
    wave = read_wave(stream)
    if wave is None:
        return None
    data, form = wave.first(b"data"), wave.first(b"fmt ")
    if data is None or form is None or form.size < 16:
        missing = "samples (no data chunk)" if data is None else "a word of what its samples are (no fmt chunk)"
        raise AudioError(f"this is a WAV file without {missing}; it was cut off, or is damaged", about=path)
    stream.seek(form.start)
    content = stream.read(min(form.size, 64))
    _check_kind(path, wave, content)
    if data.size == 0:
        raise AudioError("the file holds no samples: its data chunk is empty", about=path)
    channels = struct.unpack_from(wave.byte_order + "H", content, 2)[0]
    layout, notes = _layout(wave, content, channels)
    links: tuple[tuple[Part, ...], ...] = ()
    if not _is_plain(wave, data, channels):
        links = ((_header(wave, content, data.size), Stretch(data.start, data.size)),)
    return AudioSource(path, links, layout, notes=(*notes, *_oddities(wave, data)))


def _check_kind(path: Path, wave: WaveFile, content: bytes) -> None:
    tag, _, _, _, _, bits = struct.unpack_from(wave.byte_order + "HHIIHH", content)
    if tag == _FLOAT and bits == 16:
        raise AudioError("this WAV file has 16-bit floats, which no standard defines; save it with 32-bit ones",
                         about=path)


def _layout(wave: WaveFile, content: bytes, channels: int) -> tuple[Layout | None, tuple[str, ...]]:
    """What the channel mask states, and what is wrong with it."""
    tag = struct.unpack_from(wave.byte_order + "H", content)[0]
    if tag != EXTENSIBLE or len(content) < 24:
        return None, ()
    mask = struct.unpack_from(wave.byte_order + "I", content, 20)[0]
    layout = from_mask(mask, channels)
    if mask and layout is None:
        return None, (f"its channel mask {mask:#x} is for other than its {channels} channels, and says nothing",)
    return layout, ()


def _is_plain(wave: WaveFile, data: Chunk, channels: int) -> bool:
    """Whether libsndfile reads it as it is."""
    names = [chunk.name for chunk in wave.chunks]
    form = names.index(b"fmt ")
    return (
        wave.magic != b"BW64" and data.stated == data.size and names.count(b"data") == 1
        and form < names.index(b"data") and set(names) <= _PLAIN_CHUNKS and wave.rest == 0
        and all(chunk.size % 2 == 0 for chunk in wave.chunks[: names.index(b"data")])
        and all(chunk.size == 8 + 8 * channels for chunk in wave.all(b"PEAK"))
    )


def _header(wave: WaveFile, content: bytes, size: int) -> bytes:
    """A header for the samples alone; of files over 4 GB one of RF64."""
    order = wave.byte_order
    form = b"fmt " + struct.pack(order + "I", len(content)) + content + bytes(len(content) % 2)
    if size + len(form) + 64 < 2**32:
        magic = b"RIFX" if order == ">" else b"RIFF"
        return (magic + struct.pack(order + "I", size + len(form) + 12) + b"WAVE" + form + b"data"
                + struct.pack(order + "I", size))
    long_sizes = b"ds64" + struct.pack("<IQQQI", 28, size + len(form) + 48, size, 0, 0)
    return b"RF64" + b"\xff" * 4 + b"WAVE" + long_sizes + form + b"data" + b"\xff" * 4


def _oddities(wave: WaveFile, data: Chunk) -> tuple[str, ...]:
    notes = []
    if data.stated != data.size:
        notes.append("the header states another length than the file has")
    if more := len(list(wave.all(b"data"))) - 1:
        notes.append(f"it has {more} more data chunk{'s'[: more > 1]}, which no player plays: the first is read")
    if wave.follows[:4] in (b"RIFF", b"RF64", b"RIFX", b"BW64"):
        notes.append(f"another WAV stands behind this one, which no player plays: {wave.rest} bytes are not read")
    elif wave.rest > 4096:
        notes.append(f"{wave.rest} bytes after the samples are in no chunk, and are not read")
    return tuple(notes)

