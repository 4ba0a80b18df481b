"""What effect authors build on: an effect that works block by block needs only `open`.

    class Inverter(BlockEffect[EffectOptions]):
        def open(self, sample_rate, channels):
            return InverterProcessor()          # process(block) -> block

`BlockEffect` adds the rest: whole files, streams, `mix`, `enabled`, and the compensation of latency.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Generic, Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import BLOCK_SAMPLES, Audio
from vocolab.interfaces import Signal
from vocolab.options import EffectOptions

Block: TypeAlias = NDArray[np.float32]
EffectOptionsT = TypeVar("EffectOptionsT", bound=EffectOptions)


class BlockProcessor(Protocol):
    """One pass through one stream: state lives here, options in the effect."""

    latency_samples: int
    """How many samples the output comes late. Constant."""

    def process(self, block: Block) -> Block:
        """The next block (channels, n), n at least 1, delayed by `latency_samples`; `block` is not modified.

        However a stream is cut into blocks, the joined output is the same to 1e-5.
        """
        ...


class BlockEffect(ABC, Generic[EffectOptionsT]):
    """An effect of bounded memory: give it `open`, and it is one.

    Called with `Audio` it returns `Audio` of the same length and alignment. `mix` blends with the input, which is
    delayed as the effect is; at `mix = 0` or `enabled = False` the input comes out untouched, bit by bit.
    """

    def __init__(self, options: EffectOptionsT) -> None:
        self.options = options

    @abstractmethod
    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A processor for one stream, in its initial state.

        Raises:
            OptionError: if an option can't be met at this rate.
        """

    def __call__(self, audio: Audio) -> Audio:
        """The processed audio; the input is not modified."""
        if self._is_idle:
            return audio
        samples = np.empty_like(audio.samples)
        end = 0
        for block in self.stream(audio):
            start, end = end, end + block.shape[1]
            samples[:, start:end] = block
        return Audio(samples, audio.sample_rate)

    def stream(self, signal: Signal, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        """The processed signal in blocks of (channels, at most `block_samples`)."""
        if self._is_idle:
            yield from signal.blocks(block_samples)
            return
        processor = self.open(signal.sample_rate, signal.channels)
        dry = np.zeros((signal.channels, 0), np.float32)
        for fed, wet in _aligned(processor, signal, block_samples):
            if self.options.mix == 1.0:
                yield wet
                continue
            dry = np.concatenate([dry, fed], axis=1)
            dry, now = dry[:, wet.shape[1] :], dry[:, : wet.shape[1]]
            yield now + np.float32(self.options.mix) * (wet - now)

    @property
    def _is_idle(self) -> bool:
        return not self.options.enabled or self.options.mix == 0.0


def effect_name(effect: object) -> str:
    """What to call an effect in messages: its `name`, or its class's."""
    return str(getattr(effect, "name", "") or type(effect).__name__.lower())


def _aligned(processor: BlockProcessor, signal: Signal, block_samples: int) -> Iterator[tuple[Block, Block]]:
    """Pairs of what was fed and what came out, the output moved forward by the processor's latency."""
    early = processor.latency_samples
    for block in _with_tail(signal, early, block_samples):
        if not block.shape[1]:
            continue
        wet = processor.process(block)
        skipped = min(early, wet.shape[1])
        early -= skipped
        yield block, wet[:, skipped:]


def _with_tail(signal: Signal, tail_samples: int, block_samples: int) -> Iterator[Block]:
    """The signal, then `tail_samples` of silence that push the end out of the processor."""
    yield from signal.blocks(block_samples)
    while tail_samples > 0:
        n_samples = min(tail_samples, block_samples)
        tail_samples -= n_samples
        yield np.zeros((signal.channels, n_samples), np.float32)
