"""What an encoder is: samples in, bytes out, each as soon as it can be had."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


class Form(NamedTuple):
    """What is encoded."""

    sample_rate: int
    """Of the samples that come, in Hz."""
    streamed: bool
    """Whether bytes leave at once: what stands in a header of the whole is not known then."""


class Encoder(ABC):
    """Encodes one mono answer. `feed` it blocks of samples (n,), then `finish`; all bytes in order are the file.

    A file that is not streamed has its header put right at the end: `patches` are (place, bytes) to be written over
    what came first.
    """

    media_type: ClassVar[str]
    suffix: ClassVar[str]
    rate_hz: ClassVar[int | None] = None
    """What the format is always in; None: the rate of what comes."""
    rates_hz: ClassVar[tuple[int, ...]] = ()
    """Those that the format takes; empty: any."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.sample_rate = self.rate_for(form.sample_rate)
        self.n_samples = 0
        """So far, at `sample_rate`."""
        self._resampler = _resampler(form.sample_rate, self.sample_rate)

    def feed(self, samples: Samples) -> bytes:
        """The bytes that these samples let go."""
        if self._resampler is not None:
            samples = np.asarray(self._resampler.resample_chunk(samples), np.float32)
        return self._counted(samples)

    def finish(self) -> bytes:
        """The last bytes."""
        tail = b""
        if self._resampler is not None:
            rest = self._resampler.resample_chunk(np.zeros(0, np.float32), last=True)
            tail = self._counted(np.asarray(rest, np.float32))
        return tail + self._end()

    def close(self) -> None:  # noqa: B027  most have nothing to let go
        """Let go of what it holds, if it is not finished."""

    @property
    def patches(self) -> list[tuple[int, bytes]]:
        """What the beginning of a whole file has to be, known at its end."""
        return []

    @abstractmethod
    def _encode(self, samples: Samples) -> bytes:
        """Bytes of samples at `sample_rate`."""

    @abstractmethod
    def _end(self) -> bytes:
        """What is left."""

    def _counted(self, samples: Samples) -> bytes:
        self.n_samples += samples.size
        return self._encode(samples) if samples.size else b""

    @classmethod
    def rate_for(cls, rate_hz: int) -> int:
        """The rate in Hz of the file that audio of `rate_hz` becomes."""
        if cls.rate_hz is not None:
            return cls.rate_hz
        if not cls.rates_hz or rate_hz in cls.rates_hz:
            return rate_hz
        return min((rate for rate in cls.rates_hz if rate >= rate_hz), default=max(cls.rates_hz))


def _resampler(from_hz: int, to_hz: int) -> Any:
    """A stream between the rates, of the quality that files are resampled with; None if they are one."""
    if from_hz == to_hz:
        return None
    import soxr

    return soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="HQ")
