"""FLAC and Ogg Opus by libsndfile, which writes into a sink that lets its bytes go as they come."""

from __future__ import annotations

from typing import Any

import numpy as np
import soundfile

from vocolab.files.dither import Quantiser
from vocolab_server.encoders.base import Encoder, Form, Samples

_PAGE_MS = 200.0
_SET_PAGE_LATENCY_MS = 0x1302
"""libsndfile's SFC_SET_OGG_PAGE_LATENCY_MS, a double: a page leaves when it holds so much."""
_OPUS_KBPS = 64.0
_OPUS_RANGE_KBPS = (6.0, 256.0)


class _Sink:
    """What libsndfile takes for a file: bytes at its end are new, bytes before it are patches."""

    def __init__(self) -> None:
        self._new = bytearray()
        self.patches: list[tuple[int, bytes]] = []
        self._at = self._length = 0

    def taken(self) -> bytes:
        """The new bytes since the last call."""
        new, self._new = bytes(self._new), bytearray()
        return new

    def write(self, data: bytes) -> int:
        """Bytes at the place where it stands."""
        data = bytes(data)
        if self._at == self._length:
            self._new += data
            self._length += len(data)
        else:
            self.patches.append((self._at, data))
        self._at += len(data)
        return len(data)

    def read(self, _size: int = -1) -> bytes:
        """Nothing: what has left can't be read."""
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Stand somewhere else."""
        self._at = offset + (0, self._at, self._length)[whence]
        return self._at

    def tell(self) -> int:
        """Where it stands."""
        return self._at


class _LibraryEncoder(Encoder):
    container: str
    codec: str

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self._sink = _Sink()
        self._file = soundfile.SoundFile(
            self._sink, "w", self.sample_rate, 1, subtype=self.codec, format=self.container, **self._how()
        )

    def _how(self) -> dict[str, Any]:
        return {}

    def _encode(self, samples: Samples) -> bytes:
        self._file.write(self._stored(samples))
        return self._sink.taken()

    def _stored(self, samples: Samples) -> Any:
        return samples

    def _end(self) -> bytes:
        self._file.close()
        return self._sink.taken()

    @property
    def patches(self) -> list[tuple[int, bytes]]:
        """What libsndfile has gone back for."""
        return self._sink.patches


class FlacEncoder(_LibraryEncoder):
    """FLAC of 16 bits. A stream does not know its length and has no checksum of the whole, which FLAC allows."""

    media_type = "audio/flac"
    suffix = ".flac"
    container, codec = "FLAC", "PCM_16"

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self._quantiser = Quantiser(16, "tpdf", 0, self.sample_rate, 1)

    def _stored(self, samples: Samples) -> Any:
        return self._quantiser.process(samples[None])[0][0].astype(np.int16)


class OpusEncoder(_LibraryEncoder):
    """Opus in Ogg pages of 0.2 s."""

    media_type = "audio/ogg"
    suffix = ".opus"
    container, codec = "OGG", "OPUS"
    rates_hz = (8_000, 12_000, 16_000, 24_000, 48_000)

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        library, memory = soundfile._snd, soundfile._ffi
        latency = memory.new("double[1]", [_PAGE_MS])
        library.sf_command(self._file._file, _SET_PAGE_LATENCY_MS, latency, memory.sizeof("double"))

    def _how(self) -> dict[str, Any]:
        low, high = _OPUS_RANGE_KBPS
        return {"compression_level": (high - _OPUS_KBPS) / (high - low)}
