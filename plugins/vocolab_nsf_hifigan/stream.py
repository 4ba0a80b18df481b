"""A rendering in parts of a network that a source drives: mel frames and their F0 in, samples out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CallError
from vocolab_nsf_hifigan.source import Source

Floats = NDArray[np.float32]


class SourcedStream:
    """Renders one mel. Joined, its parts are the whole to 1e-5, at any partition.

    What goes on from part to part is the source's phase. The network is run again for the frames around a part.

    Args:
        network: Audio (frames * hop,) from a mel (n_mels, frames) and a source (frames * steps,).
        merge: The source (steps,) from the sines (harmonics, steps) that `source` makes.
        source: Makes sines of F0.
        read_f0: F0 (frames,) of a whole mel where none is given; None: it has to be given.
        context_frames: Frames on either side that a sample depends on.
        steps: Of the source, a frame.
        hop: Samples a frame.
    """

    def __init__(
        self, network: Callable[[Floats, Floats], Floats], merge: Callable[[Floats], Floats], source: Source,
        read_f0: Callable[[Floats], Floats] | None, *, context_frames: int, steps: int, hop: int,
    ) -> None:
        self._network, self._merge, self._makes, self._read_f0 = network, merge, source, read_f0
        self._context, self._steps, self._hop = context_frames, steps, hop
        self._mel: Floats | None = None
        self._source: Floats = np.zeros(0, dtype=np.float32)
        self._first = self._done = 0
        self._waits_for_f0 = False
        self._given: Floats | None = None

    def push(
        self, mel: Floats, *, f0_hz: Floats | None = None, noise: Floats | None = None, source: Floats | None = None
    ) -> Floats:
        """The samples that are certain once the frames (n_mels, frames) have come.

        Args:
            mel: The next frames.
            f0_hz: Their F0, (frames,), 0 where unvoiced.
            noise: Of unit variance, (harmonics, frames * hop); None: of the seed.
            source: What drives the network, (frames * steps,), in place of F0 and noise.

        Raises:
            CallError: if neither F0 nor source is given to a network that can't read F0 from its mel.
        """
        self._mel = mel if self._mel is None else np.concatenate([self._mel, mel], axis=1)
        if source is not None:
            self._source = np.concatenate([self._source, source])
        elif f0_hz is not None:
            self._source = np.concatenate([self._source, self._merge(self._makes.extend(f0_hz, noise))])
        elif self._read_f0 is None:
            raise CallError("this voice needs F0: give f0_hz, one value in Hz a frame, 0 where unvoiced, or a mel that "
                            "carries it")
        else:
            self._waits_for_f0 = True
            if noise is not None:
                self._given = noise if self._given is None else np.concatenate([self._given, noise], axis=1)
            return np.zeros(0, dtype=np.float32)
        return self._up_to(self._ready - self._context)

    def finish(self) -> Floats:
        """The samples that are left."""
        if self._mel is None:
            return np.zeros(0, dtype=np.float32)
        f0 = np.zeros(0, dtype=np.float32)
        if self._waits_for_f0 and self._read_f0 is not None:
            f0 = self._read_f0(self._mel)
        if self._ready < self._first + self._mel.shape[1]:
            rest = self._makes.extend(f0, self._given, last=True)
            self._source = np.concatenate([self._source, self._merge(rest)])
        return self._up_to(self._ready)

    @property
    def _ready(self) -> int:
        return self._first + self._source.size // self._steps

    def _up_to(self, ready: int) -> Floats:
        if ready <= self._done:
            return np.zeros(0, dtype=np.float32)
        assert self._mel is not None
        low, high = max(0, self._done - self._context), min(self._ready, ready + self._context)
        mel = np.ascontiguousarray(self._mel[:, low - self._first : high - self._first])
        source = self._source[(low - self._first) * self._steps : (high - self._first) * self._steps]
        audio = self._network(mel, source)
        samples = audio[(self._done - low) * self._hop : (ready - low) * self._hop]
        self._done = ready
        self._forget(max(0, ready - self._context))
        return samples

    def _forget(self, before: int) -> None:
        gone = before - self._first
        if gone > 0 and self._mel is not None:
            self._mel, self._source, self._first = self._mel[:, gone:], self._source[gone * self._steps :], before
