"""One pass of an effect through one stream: what its processor has to be, and how it is fed and held to that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vocolab.deeds import Deed
from vocolab.guarding import Origin, running
from vocolab.guarding.arrays import checked_samples, read_only
from vocolab.guarding.calls import broken
from vocolab.layouts import Layout
from vocolab.signals import Signal

Block: TypeAlias = NDArray[np.float32]


class BlockProcessor(Protocol):
    """One pass through one stream: state lives here, options in the effect."""

    latency_samples: int
    """How many samples the output comes late. Constant."""

    def process(self, block: Block) -> Block:
        """The next block (channels, n), n at least 1, delayed by `latency_samples`; `block` is not modified.

        However a stream is cut into blocks, the joined output is the same to 1e-5.
        """
        ...


@runtime_checkable
class SettlingProcessor(Protocol):
    """A processor that is shown how its stream begins, so that it need not start from rest.

    It is shown the same samples however the stream is cut into blocks.
    """

    settling_samples: int
    """How many samples it wants to see; of a shorter stream it sees all."""

    def settle(self, first: Block) -> None:
        """The first samples (channels, n), n at least 1: they come again in `process`."""
        ...


@runtime_checkable
class LayoutProcessor(Protocol):
    """A processor that treats channels by the loudspeakers that they are for."""

    def take_layout(self, layout: Layout | None) -> None:
        """Which they are, before the first block; None where nobody knows."""
        ...


@runtime_checkable
class TellingProcessor(Protocol):
    """A processor that tells what it did to its stream, where it did it, and by how many dB."""

    @property
    def deeds(self) -> Sequence[Deed]:
        """Asked for once, after the last block. Levels are those after `mix`, times those of the effect's input."""
        ...


class Steps:
    """A plugin's processor: what it is given can't be written to, what it gives has to fit."""

    def __init__(self, processor: BlockProcessor, origin: Origin, channels: int) -> None:
        self._processor, self._origin, self._channels = processor, origin, channels
        stated = getattr(processor, "latency_samples", None)
        if not isinstance(stated, int | np.integer) or isinstance(stated, bool) or stated < 0:
            raise broken(origin, f"{type(processor).__name__}.latency_samples is {stated!r}, and has to be a whole "
                                 "number of samples from 0 on")
        self.latency_samples = int(stated)
        self.settling_samples = processor.settling_samples if isinstance(processor, SettlingProcessor) else 0

    def settle(self, first: Block) -> None:
        """Show the processor how its stream begins."""
        assert isinstance(self._processor, SettlingProcessor)
        with running(self._origin):
            self._processor.settle(read_only(first))

    def process(self, block: Block) -> Block:
        """The next block.

        Raises:
            PluginError: if it is not what the contract says.
        """
        with running(self._origin):
            wet = self._processor.process(read_only(block))
        wanted = (self._channels, block.shape[1])
        return checked_samples(
            wet, wanted, self._origin, f"not {wanted}: process gives as many samples as it is given, "
            "(channels, samples), delayed by latency_samples"
        )


def aligned(steps: Steps, signal: Signal, block_samples: int) -> Iterator[tuple[Block, Block]]:
    """Pairs of what was fed and what came out, the output moved forward by the processor's latency."""
    early = steps.latency_samples
    for block in _settled(steps, _with_tail(signal, early, block_samples)):
        if not block.shape[1]:
            continue
        wet = steps.process(block)
        skipped = min(early, wet.shape[1])
        early -= skipped
        yield block, wet[:, skipped:]


def _settled(steps: Steps, blocks: Iterator[Block]) -> Iterator[Block]:
    """The blocks, after a processor that wants so has seen the first samples."""
    wanted, waiting, n_samples = steps.settling_samples, list[Block](), 0
    while n_samples < wanted and (block := next(blocks, None)) is not None:
        waiting.append(block)
        n_samples += block.shape[1]
    if n_samples:
        steps.settle(np.concatenate(waiting, axis=1)[:, :wanted])
    yield from waiting
    yield from blocks


def _with_tail(signal: Signal, tail_samples: int, block_samples: int) -> Iterator[Block]:
    """The signal, then `tail_samples` of silence that push the end out of the processor."""
    yield from signal.blocks(block_samples)
    while tail_samples > 0:
        n_samples = min(tail_samples, block_samples)
        tail_samples -= n_samples
        yield np.zeros((signal.channels, n_samples), np.float32)
