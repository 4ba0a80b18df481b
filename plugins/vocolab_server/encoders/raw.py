"""Samples as they are: raw PCM, and WAV, which is the same behind a header."""

from __future__ import annotations

import struct

from vocolab.files.pcm import PcmEncoder as SampleEncoder
from vocolab.files.pcm import PcmForm
from vocolab_server.encoders.base import Encoder, Form, Samples

_UNKNOWN = 0xFFFF_FFFF
"""What stands for a size that is not known yet, as OpenAI's own streams have it."""
_BYTES = 2
_RIFF_AT, _DATA_AT = 4, 40
_HEADER_BYTES = 44


class PcmEncoder(Encoder):
    """16 bits a sample, little-endian, one channel at 24 kHz: what OpenAI's API promises of `pcm`."""

    media_type = "audio/pcm"
    suffix = ".pcm"
    rate_hz = 24_000

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self._samples = SampleEncoder(PcmForm("s16le", self.sample_rate, 1))

    def _encode(self, samples: Samples) -> bytes:
        return self._samples.encode(samples[None])

    def _end(self) -> bytes:
        return b""


class WavEncoder(PcmEncoder):
    """WAV of 16 bits at the voice's own rate; the samples are those of `vocolab say --bit-depth 16`."""

    media_type = "audio/wav"
    suffix = ".wav"
    rate_hz = None

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self._is_begun = False

    def _encode(self, samples: Samples) -> bytes:
        return self.header() + super()._encode(samples)

    def _end(self) -> bytes:
        return self.header()

    def header(self) -> bytes:
        """What stands before the samples, once."""
        if self._is_begun:
            return b""
        self._is_begun = True
        rate = self.sample_rate
        form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * _BYTES, _BYTES, 8 * _BYTES)
        return struct.pack("<4sI4s", b"RIFF", _UNKNOWN, b"WAVE") + form + struct.pack("<4sI", b"data", _UNKNOWN)

    @property
    def patches(self) -> list[tuple[int, bytes]]:
        """The true sizes."""
        size = self.n_samples * _BYTES
        riff = struct.pack("<I", size + _HEADER_BYTES - 8)
        return [(_RIFF_AT, riff), (_DATA_AT, struct.pack("<I", size))]
