"""MP3 files: how many frames there are, counted.

A decoder reads the number of frames in a header (Xing's or LAME's), or guesses it from the size of the first frame.
libsndfile takes that number for the truth: of a stream of variable bitrate without a header it reads a third, and of
files joined one behind the other the first. So frames are counted here, and where the header says something else, or
is not there, libsndfile gets one that says how many there are.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vocolab.files.parts import Stretch
from vocolab.files.source import AudioSource

_KBPS = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By generation (MPEG-1; MPEG-2 and 2.5) and layer; layers II and III of the second are alike."""
_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_STREAM_BITS = 0xFFFE_0C00
"""What stays the same from frame to frame: sync, version, layer, sample rate."""
_HEADER_BYTES = 200
"""More than a made-up header has: Xing's name, flags and count, and LAME's extension."""
_DECODER_DELAY_SAMPLES = 529
"""What a decoder that knows where the audio begins leaves out besides what the header tells it to."""
_SEARCHED_BYTES = 1 << 16
_LEAST_SHARE = 0.5
"""Of a file that does not begin with a frame: bytes of any kind look like one here and there."""


@dataclass(frozen=True)
class Frame:
    """What a frame's header says."""

    size: int
    samples: int
    rate_hz: int
    side_bytes: int
    """Of the side information, behind which a header of Xing's stands; 0 in layers I and II."""


@dataclass(frozen=True)
class _Scan:
    runs: list[tuple[int, int]]
    """Where frames of audio stand one behind the other: begin and end of each such run."""
    head: bytes
    """A frame that says how many there are, and holds no audio; empty where there is none."""
    stated: int
    """How many it says; 0 for nothing."""
    frames: int
    """How many there are."""
    is_cut: bool
    before: int
    """Bytes in front of the first frame that are no audio."""
    skipped: int
    """The same between frames."""
    first: Frame
    other: Frame | None
    """The first frame behind the audio, where that goes on at another sample rate."""


def mp3_source(path: Path, stream: BinaryIO) -> AudioSource | None:
    """How to decode an MP3; None for what is none, or of free format."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        scan = _scan(data, _after_id3(data))
        if scan is None:
            return None
        start = scan.runs[0][0]
        head = scan.head or data[start : start + 4]
        audio_bytes = sum(end - begin for begin, end in scan.runs)
        if scan.before and audio_bytes < _LEAST_SHARE * len(data):
            return None
    notes = tuple(_notes(scan))
    if scan.stated == scan.frames and not scan.skipped:
        return AudioSource(path, notes=notes)
    if scan.first.side_bytes == 0:  # no decoder looks for a header in layers I and II
        return AudioSource(path, n_samples=scan.frames * scan.first.samples, notes=notes)
    lead = _with_count(head, scan.frames, audio_bytes) or _made_up(head[:4], scan.frames)
    parts: tuple[bytes | Stretch, ...] = (lead, *(Stretch(begin, end - begin) for begin, end in scan.runs))
    return AudioSource(path, (parts,), notes=notes, is_damaged=scan.skipped > 0)


def _notes(scan: _Scan) -> Iterator[str]:
    seconds = scan.frames * scan.first.samples / scan.first.rate_hz
    if scan.stated > scan.frames + 1:  # some count the header too
        stated_s = scan.stated * scan.first.samples / scan.first.rate_hz
        yield f"the file is truncated: its header states {stated_s:.3f} s, and it ends at {seconds:.3f} s"
    elif scan.is_cut:
        yield f"the file is truncated: its last frame, at {seconds:.3f} s, is cut"
    elif 0 < scan.stated < scan.frames:
        yield "the header states another length than the file has"
    if scan.before:
        yield f"{scan.before} bytes before its first frame are no audio, and are passed over"
    if scan.skipped:
        yield f"{scan.skipped} bytes between its frames are no audio, and are passed over"
    if scan.other:
        yield f"a stream at {scan.other.rate_hz} Hz follows after {seconds:.1f} s, and is not read"


def _after_id3(data: mmap.mmap, at: int = 0) -> int:
    """Where it goes on behind the ID3v2 tags that stand at `at`, if there are any."""
    while data[at : at + 3] == b"ID3":
        size = data[at + 6 : at + 10]
        at += 10 + sum(byte << 7 * (3 - index) for index, byte in enumerate(size)) + 10 * bool(data[at + 5] & 0x10)
    return at


def _scan(data: mmap.mmap, at: int) -> _Scan | None:
    end = len(data)
    found = _sync(data, at, min(end, at + _SEARCHED_BYTES), 0)
    if found is None:
        return None
    kind = struct.unpack_from(">I", data, found)[0] & _STREAM_BITS
    first = _frame(struct.unpack_from(">I", data, found)[0])
    assert first is not None
    head = bytes(data[found : found + first.size])
    stated, is_head = _stated_frames(head, first)
    before, at = found - at, found + first.size if is_head else found
    runs = [(at, at)]
    frames = skipped = 0
    other: Frame | None = None
    known: dict[int, Frame | None] = {}
    is_cut = False
    while at + 4 <= end:
        word = int.from_bytes(data[at : at + 4], "big")
        frame = known[word] if word in known else known.setdefault(word, _frame(word))
        if frame is None or word & _STREAM_BITS != kind:
            runs[-1] = (runs[-1][0], at)
            behind = _after_gap(data, at, kind)
            if behind is None:
                other = frame if _sync(data, at, at + 1, 0) == at else None
                break
            skipped, at = skipped + behind[1], behind[0]
            runs.append((at, at))
            continue
        if at + frame.size > end:
            is_cut = True
            break
        frames, at = frames + 1, at + frame.size
    if not frames:
        return None
    runs[-1] = (runs[-1][0], max(at, runs[-1][0]))
    return _Scan([run for run in runs if run[1] > run[0]], head if is_head else b"", stated, frames, is_cut, before,
                 skipped, first, other)


def _after_gap(data: mmap.mmap, at: int, kind: int) -> tuple[int, int] | None:
    """Where frames go on, and how many bytes before that are no tags; None where the audio has ended."""
    if _is_trailer(data, at):
        return None
    if (behind := _after_id3(data, at)) > at:  # of a file that was joined to another
        return behind, 0
    following = _sync(data, at + 1, len(data), kind)
    return None if following is None else (following, following - at)


def _sync(data: mmap.mmap, at: int, end: int, kind: int) -> int | None:
    """Where two frames of one kind stand one behind the other."""
    while (at := data.find(b"\xff", at, end)) >= 0 and at + 4 <= len(data):
        word = int.from_bytes(data[at : at + 4], "big")
        frame = _frame(word)
        if frame is not None and (not kind or word & _STREAM_BITS == kind):
            behind = at + frame.size
            following = int.from_bytes(data[behind : behind + 4], "big")
            if behind == len(data) or (following & _STREAM_BITS == word & _STREAM_BITS and _frame(following)):
                return at
        at += 1
    return None


def _frame(word: int) -> Frame | None:
    version, layer = word >> 19 & 3, 4 - (word >> 17 & 3)
    bitrate, rate, padding = word >> 12 & 15, word >> 10 & 3, word >> 9 & 1
    if word >> 21 != 0x7FF or version == 1 or layer == 4 or not 0 < bitrate < 15 or rate == 3:
        return None
    generation = 1 if version == 3 else 2
    kbps = _KBPS[generation, layer if generation == 1 else min(layer, 2)][bitrate - 1]
    rate_hz = _RATES_HZ[version][rate]
    is_mono = word >> 6 & 3 == 3
    if layer == 1:
        return Frame((12_000 * kbps // rate_hz + padding) * 4, 384, rate_hz, 0)
    samples = 576 if layer == 3 and generation == 2 else 1152
    if layer == 2:
        return Frame(samples // 8 * 1000 * kbps // rate_hz + padding, samples, rate_hz, 0)
    side = (17 if is_mono else 32) if generation == 1 else (9 if is_mono else 17)
    return Frame(samples // 8 * 1000 * kbps // rate_hz + padding, samples, rate_hz, side)


def _stated_frames(head: bytes, frame: Frame) -> tuple[int, bool]:
    """How many frames a first frame says there are, and whether it is one that says anything."""
    at = 4 + frame.side_bytes
    if frame.side_bytes and head[at : at + 4] in (b"Xing", b"Info"):
        flags = int.from_bytes(head[at + 4 : at + 8], "big")
        return (int.from_bytes(head[at + 8 : at + 12], "big") if flags & 1 else 0), True
    if head[36:40] == b"VBRI":
        return int.from_bytes(head[50:54], "big"), True
    return 0, False


def _is_trailer(data: mmap.mmap, at: int) -> bool:
    """Whether tags stand there, behind the audio."""
    return data[at : at + 3] == b"TAG" or data[at : at + 8] == b"APETAGEX" or data[at : at + 11] == b"LYRICSBEGIN"


def _with_count(head: bytes, frames: int, audio_bytes: int) -> bytes:
    """A frame that says how many there are, saying that there are so many; empty for one that has no place for it."""
    if head[36:40] == b"VBRI" or len(head) < _HEADER_BYTES // 2:
        return b""  # the decoder knows nothing of it
    frame = _frame(int.from_bytes(head[:4], "big"))
    assert frame is not None
    at = 4 + frame.side_bytes
    flags = int.from_bytes(head[at + 4 : at + 8], "big")
    if not flags & 1:
        return b""
    counts = frames.to_bytes(4, "big")
    if flags & 2:
        counts += (audio_bytes + len(head)).to_bytes(4, "big")
    return head[: at + 8] + counts + head[at + 8 + len(counts) :]


def _made_up(header: bytes, frames: int) -> bytes:
    """A header for so many frames like that one, and a frame of silence that the header says is to be left out.

    A decoder that finds a header leaves out its own delay. Without a header nobody does, so that much silence goes
    before the audio: then every sample comes, and in its place.
    """
    word = int.from_bytes(header, "big") | 1 << 16  # without a checksum
    sizes = (((word & ~0xF000) | bitrate << 12) for bitrate in range(1, 15))
    word, frame = next((word, frame) for word in sizes if (frame := _frame(word)) and frame.size >= _HEADER_BYTES)
    begin = word.to_bytes(4, "big") + bytes(frame.side_bytes)
    delay = (frame.samples - _DECODER_DELAY_SAMPLES) << 12
    tag = b"Xing" + (1).to_bytes(4, "big") + (frames + 1).to_bytes(4, "big")
    tag += b"LAME3.100" + bytes(12) + delay.to_bytes(3, "big")
    return (begin + tag).ljust(frame.size, b"\0") + begin.ljust(frame.size, b"\0")
