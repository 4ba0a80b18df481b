"""The beginning of a WAV that is sent before all of it is known."""

from __future__ import annotations

import struct

from vocolab.files.pcm import BIT_DEPTHS, PcmForm

_UNKNOWN = 0xFFFF_FFFF
"""The size that readers take as "to the end", as of what other programs write into pipes."""
_PCM, _FLOAT = 1, 3
_HEADER_BYTES = 36


def wav_header(form: PcmForm, n_samples: int | None = None) -> bytes:
    """What stands before the samples of a WAV.

    Args:
        form: Of the samples.
        n_samples: A channel; None if nobody knows yet. A size that 32 bits do not hold is not stated either.
    """
    bits = BIT_DEPTHS[form.encoding]
    kind = _FLOAT if form.encoding == "f32le" else _PCM
    data = _UNKNOWN if n_samples is None else n_samples * form.frame_bytes
    if data + _HEADER_BYTES >= _UNKNOWN:
        data = riff = _UNKNOWN
    else:
        riff = data + _HEADER_BYTES
    about = struct.pack("<HHIIHH", kind, form.channels, form.sample_rate, form.sample_rate * form.frame_bytes,
                        form.frame_bytes, bits)  # fmt: skip
    return b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt " + struct.pack("<I", 16) + about + b"data" + struct.pack(
        "<I", data)
