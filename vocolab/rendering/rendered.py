"""RenderedSignal: a mel as audio, which is rendered while it is walked through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.rendering.chunks import even_sizes, growing_sizes
from vocolab.rendering.inputs import Inputs
from vocolab.rendering.streams import open_stream
from vocolab.signals import BLOCK_SAMPLES, Signal

if TYPE_CHECKING:
    from vocolab.rendering.renderer import Renderer


class RenderedSignal(Signal):
    """A rendering that happens while it is walked through; walking twice renders twice, unless it was made ready.

    Attributes:
        renderer: What renders.
        frames: Of the mel.
        ready: The samples, where they were rendered together with those of other mels.
    """

    is_rendered = True
    """Who masters it does not look for its faults in a recording."""

    def __init__(self, renderer: Renderer, values: NDArray[np.float32], seed: int, inputs: Inputs) -> None:
        self.renderer, self._values, self._seed, self._inputs = renderer, values, seed, inputs
        self.frames = int(values.shape[1])
        self.ready: NDArray[np.float32] | None = None

    def by(self, renderer: Renderer) -> RenderedSignal:
        """The same by another renderer of this convention."""
        return RenderedSignal(renderer, self._values, self._seed, self._inputs)

    @property
    def sample_rate(self) -> int:
        """Hz."""
        return self.renderer.sample_rate

    @property
    def channels(self) -> int:
        """Always 1."""
        return 1

    @property
    def n_samples(self) -> int:
        """frames * hop_samples."""
        return self.frames * self.renderer.mel_spec.hop_samples

    def rendered(self) -> Audio:
        """All of it, in memory."""
        return Audio.mono(np.concatenate(list(self.chunks())), self.sample_rate)

    def chunks(self, first_frames: int | None = None) -> Iterator[NDArray[np.float32]]:
        """The samples, a chunk at a time, each (samples,).

        With `first_frames` the first chunk has so many, so that there is a sound soon, and each after it is twice as
        long, up to the renderer's.
        """
        if self.ready is not None:
            yield self.ready
            return
        renderer, frames = self.renderer, self.frames
        stream = open_stream(renderer.vocoder, self._sizes(first_frames), self._seed, renderer.name)
        # In small steps no chunk waits for more frames than it needs.
        step = min(first_frames or renderer.chunk_frames, renderer.chunk_frames)
        for start in range(0, frames, step):
            stop = min(start + step, frames)
            yield from _if_any(stream.push(self._values[:, start:stop], **self._cut(start / frames, stop / frames)))
        yield from _if_any(stream.finish())

    def _sizes(self, first_frames: int | None) -> Iterator[int]:
        most = self.renderer.chunk_frames
        return even_sizes(most) if first_frames is None else growing_sizes(min(first_frames, most), most)

    def _cut(self, start: float, stop: float) -> Inputs:
        """The inputs of a part of the mel, in shares of the whole: each has a whole number of values for a frame."""
        return {
            name: values[..., round(start * values.shape[-1]) : round(stop * values.shape[-1])]
            for name, values in self._inputs.items()
        }

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (1, at most `block_samples`)."""
        for chunk in self.chunks():
            for start in range(0, chunk.size, block_samples):
                yield chunk[None, start : start + block_samples]


def _if_any(samples: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    if samples.size:
        yield samples
