"""What effect authors build on: an effect that works block by block needs only `open`.

    class Inverter(BlockEffect[EffectOptions]):
        def open(self, sample_rate, channels):
            return InverterProcessor()          # process(block) -> block

`BlockEffect` adds the rest: whole files, streams, `mix`, `enabled`, and the compensation of latency. What has to know
the length, or changes it or the rate, is a `SignalEffect` and needs only `edit`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from vocolab.audio import Audio
from vocolab.deeds import Deed
from vocolab.errors import OptionError, Subject
from vocolab.guarding import Origin, origin_of, running
from vocolab.held_signals import GivenSignal, checked_signal, held, told_by, working
from vocolab.layouts import layout_of
from vocolab.options import EffectOptions
from vocolab.processors import (
    Block,
    BlockProcessor,
    LayoutProcessor,
    SettlingProcessor,
    Steps,
    TellingProcessor,
    aligned,
)
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal

__all__ = [
    "Block", "BlockEffect", "BlockProcessor", "EffectOptionsT", "LayoutProcessor", "SettlingProcessor", "SignalEffect",
    "TellingProcessor", "Told", "channels_after", "effect_name", "effect_origin", "is_idle",
]  # fmt: skip

EffectOptionsT = TypeVar("EffectOptionsT", bound=EffectOptions)


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
        """A processor for one stream, in its initial state. One with `deeds` tells what it did: `TellingProcessor`.

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

    def stream(
        self,
        signal: Signal,
        block_samples: int = BLOCK_SAMPLES,
        tell: Callable[[tuple[Deed, ...]], None] = lambda _: None,
    ) -> Iterator[Block]:
        """The processed signal in blocks of (channels, at most `block_samples`).

        Args:
            signal: The input.
            block_samples: The most of a block.
            tell: Called at the end with what was done, where the processor says so.

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
        steps = Steps(processor, origin, self.output_channels(signal.channels))
        for fed, wet in aligned(steps, signal, block_samples):
            if self.blends_itself or self.options.mix == 1.0:
                yield wet
                continue
            dry = np.concatenate([dry, fed], axis=1)
            dry, now = dry[:, wet.shape[1] :], dry[:, : wet.shape[1]]
            yield now + np.float32(self.options.mix) * (wet - now)
        tell(told_by(processor, origin))


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

        What it did stands in `deeds` of the signal that is returned, once that has been walked through: `Told` is the
        shortest way.

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


class Told(DerivedSignal):
    """A signal as it is, and what there is to tell of it: an effect that finds nothing to do says so.

    Args:
        signal: The signal.
        deeds: What was done, or why nothing was; or what to ask for it when the signal has been walked through.
    """

    def __init__(self, signal: Signal, deeds: Sequence[Deed] | Callable[[], Sequence[Deed]]) -> None:
        super().__init__(signal)
        self._deeds = deeds

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """Those of the signal, and these."""
        return (*super().deeds, *(self._deeds() if callable(self._deeds) else self._deeds))

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        """The signal's own blocks."""
        yield from self.source.blocks(block_samples)


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
        self._effect, self._told = effect, tuple[Deed, ...]()

    @property
    def deeds(self) -> tuple[Deed, ...]:
        return (*super().deeds, *self._told)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        def tell(deeds: tuple[Deed, ...]) -> None:
            self._told = deeds

        yield from self._effect.stream(self.source, block_samples, tell)


def _check_mix(effect: BlockEffect[EffectOptionsT], channels: int) -> None:
    given = effect.output_channels(channels)
    if effect.options.mix < 1.0 and channels not in (1, given):
        raise OptionError(
            f"mix = {effect.options.mix:g}: {channels} channels can't be blended with the {given} that it makes of "
            "them; leave mix at 1", about=Subject(effect_name(effect), "effect")
        )


