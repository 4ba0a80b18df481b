"""Audio that came through standard input, as commands know a file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.cli.inputs import STANDARD, STDIN
from vocolab.files.reader import AudioFile
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal


class PipedAudio(DerivedSignal):
    """A signal that was put aside, with what is told of a file."""

    path = STANDARD

    def __init__(self, signal: Signal, form: str, file: AudioFile | None = None) -> None:
        super().__init__(signal)
        self.format, self._file = form, file

    @property
    def notes(self) -> tuple[str, ...]:
        """What is odd about the file that came, and what is assumed of it, as `AudioFile` has it."""
        return self.told("read")

    def told(self, done: str) -> tuple[str, ...]:
        """The same, where the file is "measured", say, and not "read"."""
        if self._file is None:
            return ()
        return tuple(line.replace(str(self._file.path), STDIN) for line in self._file.told(done))

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return self.n_samples / self.sample_rate

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """The signal's own blocks."""
        return self.source.blocks(block_samples)
