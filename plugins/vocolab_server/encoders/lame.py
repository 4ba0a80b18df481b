"""MP3 by LAME: frames leave as they are full."""

from __future__ import annotations

import lameenc
import numpy as np

from vocolab.files.formats import CONTAINERS
from vocolab.files.formats import Form as FileForm
from vocolab.files.lossy import codec_gain
from vocolab.files.pcm import PcmEncoder, PcmForm
from vocolab_server.encoders.base import Encoder, Form, Samples

_KBPS = 128
_LOW_RATE_KBPS = 64
_QUALITY = 5
"""Of LAME's search, 2 (best) to 7 (fastest)."""


class Mp3Encoder(Encoder):
    """MP3 at a constant bitrate: 128 kbps, 64 under 16 kHz."""

    media_type = "audio/mpeg"
    suffix = ".mp3"
    rates_hz = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self._samples = PcmEncoder(PcmForm("s16le", self.sample_rate, 1))
        kbps = _KBPS if self.sample_rate >= 16_000 else _LOW_RATE_KBPS
        # LAME turns down what has a constant bitrate; decoded, it is as loud as what went in.
        self._gain = np.float32(codec_gain(CONTAINERS[self.suffix], FileForm(bitrate_kbps=kbps), self.sample_rate))
        self._lame = lameenc.Encoder()
        self._lame.set_bit_rate(kbps)
        self._lame.set_in_sample_rate(self.sample_rate)
        self._lame.set_channels(1)
        self._lame.set_quality(_QUALITY)
        self._lame.silence()

    def _encode(self, samples: Samples) -> bytes:
        return bytes(self._lame.encode(self._samples.encode(self._gain * samples[None])))

    def _end(self) -> bytes:
        return bytes(self._lame.flush()) if self.n_samples else b""
