"""Low sample rates, brought up to where the weighting is exact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import soxr

_LOWEST_RATE_HZ = 16_000  # under it the weighting strays more than 0.05 dB
_STANDARD_RATE_HZ = 48_000


class Lift:
    """Takes a stream of less than 16 kHz to 48 kHz, the rate of the standard's filters; leaves others alone."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._channels = channels
        self._stream: soxr.ResampleStream | None = None
        self.sample_rate = sample_rate
        """Of what comes out."""
        if sample_rate < _LOWEST_RATE_HZ:
            import soxr

            self.sample_rate = _STANDARD_RATE_HZ
            self._stream = soxr.ResampleStream(sample_rate, _STANDARD_RATE_HZ, channels, dtype="float64")

    def process(self, block: NDArray[np.float64], last: bool = False) -> NDArray[np.float64]:
        """The next (channels, n) samples."""
        if self._stream is None:
            return block
        # (channels, n) -> (n, channels) and back
        samples = self._stream.resample_chunk(np.ascontiguousarray(block.T), last=last)
        return np.ascontiguousarray(samples.reshape(-1, self._channels).T, np.float64)

    def finish(self) -> NDArray[np.float64]:
        """What was still under way; the stream ends here."""
        return self.process(np.zeros((self._channels, 0)), last=True)
