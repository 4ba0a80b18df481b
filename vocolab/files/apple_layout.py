"""Channel layouts of AIFF and CAF: Apple's chunk `CHAN` or `chan` (Core Audio, AudioChannelLayout)."""

from __future__ import annotations

import struct
from typing import BinaryIO

from vocolab.layouts import SPEAKERS, Layout, from_mask, ordered

_BITMAP, _DESCRIPTIONS = 1 << 16, 0
_TAGS = {
    100: "FC", 101: "FL FR", 102: "FL FR", 108: "FL FR BL BR", 113: "FL FR FC", 114: "FC FL FR", 115: "FL FR FC BC",
    116: "FC FL FR BC", 117: "FL FR FC BL BR", 118: "FL FR BL BR FC", 119: "FL FC FR BL BR", 120: "FC FL FR BL BR",
    121: "FL FR FC LFE BL BR", 122: "FL FR BL BR FC LFE", 123: "FL FC FR BL BR LFE", 124: "FC FL FR BL BR LFE",
    125: "FL FR FC LFE BL BR BC", 126: "FL FR FC LFE BL BR FLC FRC", 127: "FC FLC FRC FL FR BL BR LFE",
    128: "FL FR FC LFE SL SR BL BR", 131: "FL FR BC", 132: "FL FR BL BR", 133: "FL FR LFE", 134: "FL FR LFE BC",
    135: "FL FR LFE BL BR", 136: "FL FR FC LFE", 137: "FL FR FC LFE BC", 138: "FL FR BL BR LFE",
}  # fmt: skip
"""Loudspeakers in the order of the channels, by the upper half of the layout's tag."""

_LABELS = {
    **{bit + 1: speaker for bit, speaker in enumerate(SPEAKERS)},
    33: "BL", 34: "BR", 42: "FC",
}  # fmt: skip


def apple_layout(stream: BinaryIO, channels: int) -> tuple[Layout, tuple[int, ...]] | None:
    """The layout that an AIFF or CAF file states, and which of its channels comes first, second ...; None for none."""
    content = _chunk(stream)
    if len(content) < 12:
        return None
    tag, bitmap, n_described = struct.unpack_from(">III", content)
    if tag == _BITMAP:
        layout = from_mask(bitmap, channels)
        return (layout, tuple(range(channels))) if layout else None
    if tag == _DESCRIPTIONS:
        if n_described != channels or len(content) < 12 + 20 * channels:
            return None
        labels = [struct.unpack_from(">I", content, 12 + 20 * number)[0] for number in range(channels)]
        return ordered(_speakers(labels))
    speakers = _TAGS.get(tag >> 16, "").split()
    return ordered(speakers) if len(speakers) == channels else None


def _speakers(labels: list[int]) -> list[str]:
    """Apple's surround is a side channel where a rear one stands beside it, and the rear one else."""
    has_rear = bool({33, 34} & set(labels))
    sides = {5: "SL", 6: "SR"} if has_rear else {}
    return [sides.get(label) or _LABELS.get(label, "?") for label in labels]


def _chunk(stream: BinaryIO) -> bytes:
    """The content of the layout's chunk; empty where there is none."""
    stream.seek(0)
    start = stream.read(12)
    is_caf = start[:4] == b"caff"
    if not is_caf and not (start[:4] == b"FORM" and start[8:12] in (b"AIFF", b"AIFC")):
        return b""
    at = stream.seek(8 if is_caf else 12)
    header_bytes, form = (12, ">4sq") if is_caf else (8, ">4sI")
    while len(header := stream.read(header_bytes)) == header_bytes:
        name, size = struct.unpack(form, header)
        if name in (b"chan", b"CHAN"):
            return stream.read(min(size, 4096))
        if size < 0:  # a CAF whose last chunk reaches to the end
            return b""
        at = stream.seek(at + header_bytes + size + (0 if is_caf else size % 2))
    return b""
