"""Signals: audio that is walked through block by block, and the base of those that are made from another one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vocolab.deeds import Deed, deeds_of
from vocolab.errors import AudioError
from vocolab.layouts import Layout, layout_of
from vocolab.tags import Origin, origin_of

BLOCK_SAMPLES = 65_536
"""Samples a block when a signal is walked through: 1.4 s at 48 kHz, small beside every model."""


class Signal(Protocol):
    """Audio that can be walked through, more than once, without being in memory: `Audio` is one, a spool is another."""

    @property
    def sample_rate(self) -> int:
        """Hz."""
        ...

    @property
    def channels(self) -> int:
        """How many channels there are."""
        ...

    @property
    def n_samples(self) -> int:
        """Samples a channel."""
        ...

    def blocks(self, block_samples: int = ...) -> Iterator[NDArray[np.float32]]:
        """Blocks of (channels, at most `block_samples`), in order."""
        ...


class DerivedSignal(ABC):
    """A signal made from another one, with its rate, channels and length where nothing else is stated.

    Args:
        source: What it is made from.
        sample_rate: In Hz; None: that of `source`.
        channels: None: as many as `source` has.
        n_samples: A channel; None: as many as `source` has.
    """

    def __init__(
        self,
        source: Signal,
        *,
        sample_rate: int | None = None,
        channels: int | None = None,
        n_samples: int | None = None,
    ) -> None:
        self.source = source
        self.sample_rate = source.sample_rate if sample_rate is None else sample_rate
        self.channels = source.channels if channels is None else channels
        self.n_samples = source.n_samples if n_samples is None else n_samples
        stated: Layout | None = getattr(source, "layout", None)
        self.layout = stated if stated is not None and stated.channels == self.channels else None
        """Which loudspeakers the channels are for: what the source states, as long as the channels stay."""
        origin = origin_of(source)
        has_its_time = self._lasts_as_long_as(source)
        self.origin: Origin | None = origin if origin is None or has_its_time else origin.moved(None)
        """The recording that it was made from. Of a signal of another length nobody knows what is where in it; one that
        knows sets `origin.moved(by_s)`."""

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """What effects did to it, complete once it has been walked through: those of what it was made from.

        The signal of an effect says here what was done, beside `super().deeds`.
        """
        return deeds_of(self.source)

    def _lasts_as_long_as(self, other: Signal) -> bool:
        """To the sample; of another rate, to a sample of the lower one."""
        difference_s = abs(self.n_samples / self.sample_rate - other.n_samples / other.sample_rate)
        return difference_s < 1 / min(self.sample_rate, other.sample_rate)

    @abstractmethod
    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (channels, at most `block_samples`), in order."""


class Joined(DerivedSignal):
    """Signals one after the other.

    Raises:
        AudioError: if they differ in rate or channels.
    """

    def __init__(self, parts: Sequence[Signal]) -> None:
        super().__init__(parts[0], n_samples=sum(part.n_samples for part in parts))
        self.origin = None  # each part has its own
        self.parts = list(parts)
        for part in parts:
            if (part.sample_rate, part.channels, layout_of(part)) != (self.sample_rate, self.channels, layout_of(self)):
                raise AudioError(
                    f"an album has to be of one kind: {_kind(part)} and {_kind(parts[0])} are in it; bring all to one "
                    "sample rate, and to mono or stereo"
                )

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """None: each part has its own."""
        return ()

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """The blocks of each part; none reaches over two of them."""
        for part in self.parts:
            yield from part.blocks(block_samples)


def _kind(signal: Signal) -> str:
    layout = layout_of(signal)
    channels = f"{signal.channels} ch" if layout is None or signal.channels <= 2 else str(layout)
    return f"{channels} at {signal.sample_rate} Hz"
