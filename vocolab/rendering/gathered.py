"""Frames that come in small steps, held back until a chunk can be made of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.interfaces import VocoderStream
from vocolab.rendering.chunks import CHUNK_FRAMES
from vocolab.rendering.inputs import Inputs

Samples = NDArray[np.float32]


class GatheredStream:
    """Hands the frames of a chunk, and those that it depends on, to a stream at once.

    A stream that carries state renders what it can at each step, with the frames around it anew: steps of a few frames
    would cost several times the whole.

    Args:
        inner: What renders.
        ahead: Frames after a sample that it depends on.
        sizes: Frames of one chunk after the other.
    """

    def __init__(self, inner: VocoderStream, ahead: int, sizes: Iterator[int]) -> None:
        self.inner, self._ahead, self._sizes = inner, ahead, sizes
        self._held: list[tuple[NDArray[np.float32], Inputs]] = []
        self._known, self._size = 0, next(sizes)
        self._stop = self._size

    def push(self, mel: NDArray[np.float32], **inputs: NDArray[np.float32]) -> Samples:
        """The samples that no further frame can change, once there is a chunk of them."""
        self._held.append((mel, inputs))
        self._known += mel.shape[1]
        if self._stop + self._ahead > self._known:
            return np.zeros(0, np.float32)
        samples = self._handed()
        while samples.size and self._stop + self._ahead <= self._known:
            self._size = next(self._sizes)
            self._stop += self._size
        return samples

    def finish(self) -> Samples:
        """The rest."""
        given = self._handed() if self._held else np.zeros(0, np.float32)
        return np.concatenate([given, self.inner.finish()])

    def _handed(self) -> Samples:
        mels, inputs = zip(*self._held, strict=True)
        self._held = []
        mel = np.concatenate(mels, axis=1)
        joined = {name: np.concatenate([values[name] for values in inputs], axis=-1) for name in inputs[0]}
        given, most, frames = [], max(self._size, CHUNK_FRAMES // 2), mel.shape[1]
        for start in range(0, frames, most):  # the first chunk comes with its context, too much for one pass
            parts = {
                name: values[..., start * (a_frame := values.shape[-1] // frames) : (start + most) * a_frame]
                for name, values in joined.items()
            }
            given.append(self.inner.push(mel[:, start : start + most], **parts))
        return np.concatenate(given)
