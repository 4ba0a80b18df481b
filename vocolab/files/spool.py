"""A signal put aside: in memory while it is short, in an unnamed temporary file when it is long."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.deeds import Deed, deeds_of
from vocolab.errors import OutputError
from vocolab.layouts import Layout
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal
from vocolab.tags import Origin, origin_of

_IN_MEMORY_BYTES = 16 * 2**20
_SAMPLE_BYTES = 4


class Spool:
    """float32 audio that grows by `append` and can be walked through any number of times.

    The file has no name and goes away with the object, also when the process is killed. It lies where Python's
    `tempfile` puts files: TMPDIR says where.
    """

    def __init__(
        self, sample_rate: int, channels: int, layout: Layout | None = None, origin: Origin | None = None
    ) -> None:
        self.sample_rate = sample_rate
        self.channels = channels
        self.layout = layout
        self.origin = origin
        self.deeds: tuple[Deed, ...] = ()
        """What effects did to the signal that was put aside."""
        self.n_samples = 0
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  closed with the object

    @classmethod
    def like(cls, signal: Signal) -> Spool:
        """An empty one for audio of the rate, the channels, the layout and the origin of `signal`."""
        return cls(signal.sample_rate, signal.channels, getattr(signal, "layout", None), origin_of(signal))

    @classmethod
    def of(cls, signal: Signal) -> Spool:
        """All of a signal, walked through once.

        Raises:
            OutputError: if the temporary folder is full.
        """
        spool = cls.like(signal)
        for block in signal.blocks():
            spool.append(block)
        spool.deeds = deeds_of(signal)
        return spool

    def append(self, block: NDArray[np.float32]) -> None:
        """Add (channels, n) samples at the end.

        Raises:
            OutputError: if the temporary folder is full.
        """
        frames = np.empty(block.shape[::-1], np.float32)  # (channels, n) -> (n, channels)
        for channel, samples in enumerate(block):  # a channel at a time: four times as fast as all at once
            frames[:, channel] = samples
        try:
            self._file.seek(self.n_samples * self.channels * _SAMPLE_BYTES)
            self._file.write(frames.data)
        except OSError as error:
            folder = tempfile.gettempdir()
            raise OutputError(
                f"no room for temporary audio in {folder} ({error.strerror}); free some space, or set TMPDIR to "
                "another folder"
            ) from error
        self.n_samples += block.shape[1]

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Walk through in blocks of (channels, at most `block_samples`)."""
        frame_bytes = self.channels * _SAMPLE_BYTES
        for start in range(0, self.n_samples, block_samples):
            n_samples = min(block_samples, self.n_samples - start)
            self._file.seek(start * frame_bytes)
            data = self._file.read(n_samples * frame_bytes)
            yield np.ascontiguousarray(np.frombuffer(data, np.float32).reshape(n_samples, self.channels).T)

    def close(self) -> None:
        """Let go of memory and file."""
        self._file.close()

    def __del__(self) -> None:
        if hasattr(self, "_file"):  # a signal may have come before there was one
            self._file.close()


class Kept(DerivedSignal):
    """A signal that is made while it is walked through, and made once: the first whole walk puts it aside."""

    def __init__(self, signal: Signal) -> None:
        super().__init__(signal)
        self._spool: Spool | None = None

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (channels, at most `block_samples`).

        Raises:
            OutputError: if the temporary folder is full.
        """
        return self._first_walk(block_samples) if self._spool is None else self._spool.blocks(block_samples)

    def _first_walk(self, block_samples: int) -> Iterator[NDArray[np.float32]]:
        spool = Spool.like(self)
        for block in self.source.blocks(block_samples):
            spool.append(block)
            yield block
        self._spool = spool
