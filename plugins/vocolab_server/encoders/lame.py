"""MP3 by LAME: frames leave as they are full."""

from __future__ import annotations

import lameenc

from vocolab.files.pcm import PcmEncoder, PcmForm
from vocolab_server.encoders.base import Encoder, Form, Samples

_KBPS = 128
_LOW_RATE_KBPS = 64
_QUALITY = 5
"""Of LAME's search, 2 (best) to 7 (fastest): what is heard of it at these bitrates is little, and 2 takes twice as long."""


class Mp3Encoder(Encoder):
    """MP3 at a constant bitrate: 128 kbps, 64 under 16 kHz."""

    media_type = "audio/mpeg"
    suffix = ".mp3"
    rates_hz = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self._samples = PcmEncoder(PcmForm("s16le", self.sample_rate, 1))
        self._lame = lameenc.Encoder()
        self._lame.set_bit_rate(_KBPS if self.sample_rate >= 16_000 else _LOW_RATE_KBPS)
        self._lame.set_in_sample_rate(self.sample_rate)
        self._lame.set_channels(1)
        self._lame.set_quality(_QUALITY)
        self._lame.silence()

    def _encode(self, samples: Samples) -> bytes:
        return bytes(self._lame.encode(self._samples.encode(samples[None])))

    def _end(self) -> bytes:
        return bytes(self._lame.flush()) if self.n_samples else b""
