"""What effect authors build on: an effect that works block by block needs only `open`.

    class Inverter(BlockEffect[EffectOptions]):
        def open(self, sample_rate, channels):
            return InverterProcessor()          # process(block) -> block

`BlockEffect` adds the rest: whole files, streams, `mix`, `enabled`, and the compensation of latency. What has to know
the length, or changes it or the rate, is a `SignalEffect` and needs only `edit`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Generic, Protocol, TypeAlias, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.errors import OptionError, Subject
from vocolab.guarding import Origin, origin_of, running
from vocolab.guarding.arrays import checked_samples, read_only
from vocolab.guarding.calls import broken
from vocolab.held_signals import GivenSignal, checked_signal, held, working
from vocolab.layouts import Layout, layout_of
from vocolab.options import EffectOptions
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal

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


class BlockEffect(ABC, Generic[EffectOptionsT]):
    """An effect of bounded memory: give it `open`, and it is one.

    Called with `Audio` it returns `Audio` of the same length and alignment. `mix` blends with the input, which is
    delayed as the effect is; at `mix = 0` or `enabled = False` the input comes out untouched, bit by bit. An effect
    that gives another number of channels than it takes says so in `output_channels`; a mono input is blended with
    each of them.
    """

    blends_itself: ClassVar[bool] = False
    """True for an effect whose processor heeds `mix`, since its input, of another phase, is not what to blend with."""

    def __init__(self, options: EffectOptionsT) -> None:
        self.options = options

    @abstractmethod
    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A processor for one stream, in its initial state.

        Raises:
            OptionError: if an option can't be met at this rate.
        """

    def output_channels(self, channels: int) -> int:
        """How many channels come out where `channels` go in: as many, unless an effect says otherwise."""
        return channels

    def __call__(self, audio: Audio) -> Audio:
        """The processed audio; the input is not modified."""
        return Audio.of(self.run(audio))

    def run(self, signal: Signal) -> Signal:
        """The processed signal; the work is done while it is walked through, and what comes out is examined.

        Raises:
            AudioError: if it is no signal.
        """
        return _examined(self, signal, lambda given: _Processed(self, given))

    def stream(self, signal: Signal, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        """The processed signal in blocks of (channels, at most `block_samples`).

        Raises:
            OptionError: for a `mix` between 0 and 1 of signals whose channels don't match.
        """
        if is_idle(self):
            yield from signal.blocks(block_samples)
            return
        _check_mix(self, signal.channels)
        origin = effect_origin(self)
        with running(origin):
            processor = self.open(signal.sample_rate, signal.channels)
            if isinstance(processor, LayoutProcessor):
                processor.take_layout(layout_of(signal))
        dry = np.zeros((signal.channels, 0), np.float32)
        steps = _Steps(processor, origin, self.output_channels(signal.channels))
        for fed, wet in _aligned(steps, signal, block_samples):
            if self.blends_itself or self.options.mix == 1.0:
                yield wet
                continue
            dry = np.concatenate([dry, fed], axis=1)
            dry, now = dry[:, wet.shape[1] :], dry[:, : wet.shape[1]]
            yield now + np.float32(self.options.mix) * (wet - now)


class SignalEffect(ABC, Generic[EffectOptionsT]):
    """An effect that has to know a signal's length, or changes its length or its rate: give it `edit`.

    What it changes it has to declare in `keeps_length`, `keeps_rate` or `output_channels`; everything else is checked.
    Its options are `EditOptions` where length or rate change, since there is nothing then that `mix` could blend; where
    they stay, `edit` sees to `mix` itself, between 0 and 1. At `mix = 0` or `enabled = False` the input comes out
    untouched, and `edit` is not called.
    """

    keeps_length: ClassVar[bool] = True
    """False for an effect that makes another length of it, or moves what it holds in time."""
    keeps_rate: ClassVar[bool] = True
    """False for an effect that changes the sample rate, and with it the number of samples."""

    def __init__(self, options: EffectOptionsT) -> None:
        self.options = options

    @abstractmethod
    def edit(self, signal: Signal) -> Signal:
        """The signal as it comes out; its length is known when this returns.

        What follows from the length alone is best left to `blocks` of the signal that is returned. An effect that has
        to look at the samples first, and then walks through them again, keeps them in a `vocolab.files.spool.Spool`, so
        that memory stays bounded and what comes before does its work once.

        Raises:
            OptionError: if an option can't be met for this signal.
        """

    def output_channels(self, channels: int) -> int:
        """How many channels come out where `channels` go in: as many, unless an effect says otherwise."""
        return channels

    def run(self, signal: Signal) -> Signal:
        """The edited signal, which is examined while it is walked through.

        Raises:
            AudioError: if it is no signal.
        """
        return _examined(self, signal, self.edit)

    def __call__(self, audio: Audio) -> Audio:
        """The edited audio; the input is not modified."""
        return Audio.of(self.run(audio))


def _examined(
    effect: BlockEffect[Any] | SignalEffect[Any], signal: Signal, make: Callable[[Signal], Signal]
) -> Signal:
    """What an effect makes of a signal, examined while it is walked through; the signal itself where it is idle."""
    checked_signal(signal, effect_name(effect))
    if is_idle(effect):
        return signal
    given, origin = GivenSignal(signal), effect_origin(effect)
    with working(origin, given):
        made = make(given)
        channels = effect.output_channels(signal.channels)
    return held(effect, made, origin, given, channels)


def is_idle(effect: object) -> bool:
    """Whether an effect's options say that it leaves everything as it is."""
    options = getattr(effect, "options", None)
    return not getattr(options, "enabled", True) or getattr(options, "mix", 1.0) == 0.0


def channels_after(effect: object, channels: int) -> int:
    """How many channels an effect declares to give for `channels`."""
    declared = getattr(effect, "output_channels", None)
    return channels if declared is None or is_idle(effect) else int(declared(channels))


def effect_name(effect: object) -> str:
    """What to call an effect in messages: its `name`, or its class's."""
    return str(getattr(effect, "name", "") or type(effect).__name__.lower())


def effect_origin(effect: object) -> Origin:
    """The name of an effect and the package that it is from."""
    return origin_of(effect, "effect", effect_name(effect))


class _Processed(DerivedSignal):
    """A signal after a block effect, which runs while it is walked through."""

    def __init__(self, effect: BlockEffect[EffectOptionsT], signal: Signal) -> None:
        super().__init__(signal, channels=effect.output_channels(signal.channels))
        self._effect = effect

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        yield from self._effect.stream(self.source, block_samples)


def _check_mix(effect: BlockEffect[EffectOptionsT], channels: int) -> None:
    given = effect.output_channels(channels)
    if effect.options.mix < 1.0 and channels not in (1, given):
        raise OptionError(
            f"mix = {effect.options.mix:g}: {channels} channels can't be blended with the {given} that it makes of "
            "them; leave mix at 1", about=Subject(effect_name(effect), "effect")
        )


class _Steps:
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
        assert isinstance(self._processor, SettlingProcessor)
        with running(self._origin):
            self._processor.settle(read_only(first))

    def process(self, block: Block) -> Block:
        with running(self._origin):
            wet = self._processor.process(read_only(block))
        wanted = (self._channels, block.shape[1])
        return checked_samples(
            wet, wanted, self._origin, f"not {wanted}: process gives as many samples as it is given, "
            "(channels, samples), delayed by latency_samples"
        )


def _aligned(steps: _Steps, signal: Signal, block_samples: int) -> Iterator[tuple[Block, Block]]:
    """Pairs of what was fed and what came out, the output moved forward by the processor's latency."""
    early = steps.latency_samples
    for block in _settled(steps, _with_tail(signal, early, block_samples)):
        if not block.shape[1]:
            continue
        wet = steps.process(block)
        skipped = min(early, wet.shape[1])
        early -= skipped
        yield block, wet[:, skipped:]


def _settled(steps: _Steps, blocks: Iterator[Block]) -> Iterator[Block]:
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
