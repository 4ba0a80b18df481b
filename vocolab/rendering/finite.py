"""What a vocoder renders is held to be numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.guarding import Origin
from vocolab.guarding.calls import broken
from vocolab.interfaces import VocoderStream


class FiniteStream:
    """A stream that ends with an error, instead of NaN or infinity in the audio.

    Args:
        inner: The rendering.
        sample_rate: Hz, to say when it was.
        origin: The vocoder's name and package.
    """

    def __init__(self, inner: VocoderStream, sample_rate: int, origin: Origin) -> None:
        self.inner, self.origin = inner, origin
        self._rate, self._samples = sample_rate, 0

    def push(self, mel: NDArray[np.float32], **inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """The samples that are certain now."""
        with np.errstate(all="ignore"):  # what overflows is found below
            samples = self.inner.push(mel, **inputs)
        return self._checked(samples)

    def finish(self) -> NDArray[np.float32]:
        """The rest."""
        with np.errstate(all="ignore"):
            samples = self.inner.finish()
        return self._checked(samples)

    def _checked(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        finite = np.isfinite(samples)
        if not finite.all():
            seconds = (self._samples + int(np.argmin(finite))) / self._rate
            raise broken(
                self.origin,
                f"gave NaN or infinity at {seconds:.3f} s, and nothing is made of that. See with 'vocolab inspect' "
                "whether the mel is of the convention that it is taken as; if it is, the voice's weights are broken"
            )
        self._samples += samples.size
        return samples
