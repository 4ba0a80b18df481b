"""A stream in sections of one length, each seen with what is before and after it.

    samples   ... | before |  section  | after | ...
                           |<- made ->|

Sections lie on a fixed grid from the first sample on, so that what is made of them does not depend on how the stream is
cut into blocks. Before the beginning, and after the end, there is silence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from vocolab.deeds import Deed
from vocolab.effects import Block


class SectionProcessor:
    """A block processor that makes one section after the other.

    Args:
        channels: How many there are.
        section: Samples in a section.
        before: Samples that are seen before it.
        after: Samples that are seen after it.
        make: From (channels, before + section + after) samples, not to be written to, and the number of the section's
            first sample in the stream, the new (channels, section).
        tell: What was done, asked for at the end.
    """

    def __init__(
        self, channels: int, section: int, before: int, after: int, make: Callable[[Block, int], Block],
        tell: Callable[[], Sequence[Deed]] = tuple,
    ) -> None:
        self.latency_samples = section + after - 1
        self._section, self._make, self._tell = section, make, tell
        self._first = 0
        self._width = before + section + after
        self._seen = np.zeros((channels, before), np.float32)
        self._ready = np.zeros((channels, self.latency_samples), np.float32)

    def process(self, block: Block) -> Block:
        """The next samples, late by the latency."""
        seen = np.concatenate([self._seen, block], axis=1)
        made = [self._ready]
        start = 0
        while seen.shape[1] - start >= self._width:
            made.append(self._make(seen[:, start : start + self._width], self._first))
            start += self._section
            self._first += self._section
        self._seen = seen[:, start:].copy()
        ready = np.concatenate(made, axis=1)
        self._ready = ready[:, block.shape[1] :].copy()
        return np.asarray(ready[:, : block.shape[1]], np.float32)

    @property
    def deeds(self) -> Sequence[Deed]:
        """What was done."""
        return self._tell()
