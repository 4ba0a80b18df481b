"""What broadcast WAVs say of themselves: the chunk bext (EBU Tech 3285), and the same as texts for other formats."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from vocolab.files.tags.fields import field_text
from vocolab.files.tags.found import Gathered
from vocolab.files.tags.names import BROADCAST_FIELDS, TIME_REFERENCE, UMID
from vocolab.tags import Broadcast, Tags

_FORM = struct.Struct("<256s32s32s10s8sQH64s190s")
_LENGTHS = {"description": 256, "originator": 32, "originator_reference": 32, "date": 10, "time": 8}
_UMID_BYTES = 64
VERSION_AT, LOUDNESS_AT, LOUDNESS_VERSION = 346, 412, 2
"""Where the version and the loudness values stand, and since which version."""
_UNKNOWN = 0x7FFF
_VERSION = 1
"""Of 2 there are loudness values too, which hold for the audio that they were measured in."""
_MOST_HISTORY_BYTES = 100_000


def parse_bext(body: bytes, sample_rate: int) -> Broadcast | None:
    """What a chunk says; None for one that is too short."""
    if len(body) < _FORM.size:
        return None
    description, originator, reference, date, time, samples, version, umid, _ = _FORM.unpack_from(body)
    history = body[_FORM.size : _FORM.size + _MOST_HISTORY_BYTES]
    has_umid = version > 0 and umid.strip(b"\0")
    return Broadcast(
        field_text(description), field_text(originator), field_text(reference), field_text(date), field_text(time),
        samples / sample_rate, umid if has_umid else b"", field_text(history),
    )  # fmt: skip


def written_bext(broadcast: Broadcast, sample_rate: int) -> bytes:
    """The content of a chunk."""
    fields = [_field(getattr(broadcast, name), size) for name, size in _LENGTHS.items()]
    umid = broadcast.umid[:_UMID_BYTES].ljust(_UMID_BYTES, b"\0")
    history = broadcast.coding_history.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8", "replace")
    return _FORM.pack(*fields, _samples(broadcast, sample_rate), _VERSION, umid, b"") + history


def loudness_fields(values: Sequence[float | None]) -> bytes:
    """Loudness, its range, and the highest true peak, momentary and short-term loudness, as version 2 has them."""
    hundredths = (None if value is None else round(100 * value) for value in values)
    return b"".join(struct.pack("<h", _UNKNOWN if number is None else max(-0x8000, min(number, _UNKNOWN - 1)))
                    for number in hundredths)


def cut_fields(broadcast: Broadcast) -> list[str]:
    """What does not fit into a chunk, named for people."""
    return [f"what the {name.replace('_', ' ')} has beyond {size} bytes" for name, size in _LENGTHS.items()
            if len(getattr(broadcast, name).encode()) > size]


def as_texts(tags: Tags, sample_rate: int) -> Tags:
    """The same tags with what broadcasters note as texts, under the names that ffmpeg has for them."""
    broadcast = tags.broadcast
    if broadcast is None:
        return tags
    texts = {field: getattr(broadcast, name) for name, field in BROADCAST_FIELDS.items()}
    texts["description"] = "" if tags.get("description") else broadcast.description
    texts[UMID] = f"0x{broadcast.umid.hex().upper()}" if broadcast.umid else ""
    texts[TIME_REFERENCE] = "" if broadcast.time_s is None else str(_samples(broadcast, sample_rate))
    return tags.with_(broadcast=None) | Tags(texts)


def take_from_texts(found: Gathered, sample_rate: int) -> None:
    """Put together what stands among the texts of another format."""
    named = {name: found.text(field) for name, field in BROADCAST_FIELDS.items()}
    samples = found.text(TIME_REFERENCE)
    if found.broadcast is not None or not (samples.isdecimal() or named["originator"] or named["date"]):
        return
    for field in (*BROADCAST_FIELDS.values(), TIME_REFERENCE):
        found.pop(field)
    time_s = int(samples[:20]) / sample_rate if samples.isdecimal() else None
    found.broadcast = Broadcast(
        found.text("description"), named["originator"], named["originator_reference"], named["date"], named["time"],
        time_s, _umid(found.pop(UMID)), named["coding_history"],
    )  # fmt: skip


def _samples(broadcast: Broadcast, sample_rate: int) -> int:
    return min(round((broadcast.time_s or 0.0) * sample_rate), 2**64 - 1)


def _umid(text: str) -> bytes:
    try:
        return bytes.fromhex(text.removeprefix("0x"))[:_UMID_BYTES]
    except ValueError:
        return b""


def _field(text: str, size: int) -> bytes:
    """As much of a text as fits, in whole characters."""
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore").encode()
