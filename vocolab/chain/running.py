"""How a chain's effects run over a signal: in blocks where they can, and with their name on what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.effects import BlockEffect, SignalEffect, channels_after, effect_name
from vocolab.errors import PluginError, VocolabError
from vocolab.files.spool import Spool
from vocolab.interfaces import Effect
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal


@runtime_checkable
class Aiming(Protocol):
    """An effect that corrects itself by what comes out at the end of the chain.

    Where several do, each looks as far as to the next one of them.
    """

    def aim(self, signal: Signal, rest: Callable[[Signal], Signal]) -> Signal:
        """What leaves the chain; `rest` runs the effects after this one."""
        ...


@runtime_checkable
class AlbumAiming(Protocol):
    """An effect that aims, and does so for the files of an album one by one rather than for all as one signal."""

    def aim_album(
        self, signals: Sequence[Signal], rest: Callable[[Sequence[Signal]], Sequence[Signal]]
    ) -> Sequence[Signal]:
        """What leaves the chain, signal by signal; `rest` runs the effects after this one over each."""
        ...


def run_effects(effects: Sequence[Effect], signal: Signal) -> Signal:
    """The signal after all effects. Those that stream wait to be walked through; the others have run."""
    aiming = [index for index, effect in enumerate(effects) if isinstance(effect, Aiming)]
    for effect in effects[: aiming[0]] if aiming else effects:
        signal = _after(effect, signal)
    for index, end in pairwise([*aiming, len(effects)]):
        rest = partial(_stored_after, effects[index + 1 : end])
        signal = run_aimed(effects[index], rest, stored(signal))
    return signal


def stored(signal: Signal) -> Signal:
    """The same signal, such that walking through it again repeats no work."""
    return signal if isinstance(signal, Audio | Spool) else Spool.of(signal)


def _stored_after(effects: Sequence[Effect], signal: Signal) -> Signal:
    return stored(run_effects(effects, signal))


def _after(effect: Effect, signal: Signal) -> Signal:
    if isinstance(effect, BlockEffect | SignalEffect):
        return _streamed(effect, signal)
    return _whole(effect, Audio.of(signal))


def _streamed(effect: BlockEffect[Any] | SignalEffect[Any], signal: Signal) -> Signal:
    given = _Given(signal)
    with _blame(effect_name(effect), given):
        result = effect.run(given)
    _check_form(effect, signal, result)
    return _Piped(effect_name(effect), result, given)


class _Piped(DerivedSignal):
    """What leaves a streaming effect, held to what it promised."""

    def __init__(self, name: str, signal: Signal, given: _Given) -> None:
        super().__init__(signal)
        if self.origin is None and given.origin is not None:  # an effect that makes `Audio` need not know of it
            self.origin = given.origin if self._lasts_as_long_as(given) else given.origin.moved(None)
        self._name, self._given = name, given

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        given = 0
        with _blame(self._name, self._given):
            for block in self.source.blocks(block_samples):
                given += block.shape[1]
                if block.shape[0] != self.channels:
                    raise PluginError(
                        f"{self._name} gave {block.shape[0]} channels of {self.channels}; an effect that changes them "
                        "has to say so in output_channels"
                    )
                yield block
        if given != self.n_samples:
            raise PluginError(
                f"{self._name} made {given} samples of {self.n_samples}; an effect has to keep the length, or give the "
                "one that it has stated"
            )


class _Given(DerivedSignal):
    """What an effect is given: a signal that remembers the error that it raised, which is not the effect's."""

    def __init__(self, signal: Signal) -> None:
        super().__init__(signal)
        self.error: Exception | None = None

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        try:
            yield from self.source.blocks(block_samples)
        except Exception as error:
            self.error = error
            raise


def _whole(effect: Effect, audio: Audio) -> Audio:
    name = effect_name(effect)
    with _blame(name):
        result = effect(audio)
    _check_form(effect, audio, result)
    keeps_layout = result.layout is None and result.channels == audio.channels
    layout = audio.layout if keeps_layout else result.layout
    origin = result.origin or audio.origin
    if origin is audio.origin and origin is not None and not getattr(effect, "keeps_length", True):
        origin = origin.moved(None)
    return replace(result, layout=layout, origin=origin)


def _check_form(effect: object, given: Signal, made: Signal) -> None:
    """Hold an effect to what it declares: a length, a rate and channels that stay are the rule."""
    keeps_rate = getattr(effect, "keeps_rate", True)
    keeps_length = keeps_rate and getattr(effect, "keeps_length", True)
    wanted_channels = channels_after(effect, given.channels)
    broken = [
        keeps_length and made.n_samples != given.n_samples,
        keeps_rate and made.sample_rate != given.sample_rate,
        made.channels != wanted_channels,
    ]
    if any(broken):
        raise PluginError(
            f"{effect_name(effect)} made {_form(made)} of {_form(given)}; an effect has to keep the length, the rate "
            "and the channels, or to declare what it changes: keeps_length, keeps_rate, output_channels"
        )


def _form(signal: Signal) -> str:
    return f"{signal.n_samples} samples at {signal.sample_rate} Hz in {signal.channels} ch"


def run_aimed(effect: Effect, rest: Callable[[Signal], Signal], signal: Signal) -> Signal:
    """What an effect that aims makes of a signal; `rest` runs the effects after it."""

    given = _Given(signal)

    def remembered_rest(candidate: Signal) -> Signal:
        try:
            return rest(candidate)
        except Exception as error:
            given.error = error
            raise

    assert isinstance(effect, Aiming)
    with _blame(effect_name(effect), given):
        return effect.aim(given, remembered_rest)


def run_aimed_album(
    effect: AlbumAiming, rest: Callable[[Sequence[Signal]], Sequence[Signal]], signals: Sequence[Signal]
) -> Sequence[Signal]:
    """The same for an effect that aims at the files of an album one by one."""
    given = [_Given(signal) for signal in signals]

    def remembered_rest(candidates: Sequence[Signal]) -> Sequence[Signal]:
        try:
            return rest(candidates)
        except Exception as error:
            given[0].error = error
            raise

    with _blame(effect_name(effect), *given):
        return effect.aim_album(given, remembered_rest)


@contextmanager
def _blame(name: str, *given: _Given) -> Iterator[None]:
    """Put the effect's name on what it raises, but for what came out of a signal that it was `given`."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        if any(error is signal.error for signal in given):
            raise
        if not isinstance(error, VocolabError):
            raise PluginError(f"effect {name} failed: {type(error).__name__}: {error}") from error
        named = error.about(name, "effect")
        if named is error:
            raise
        raise named from error
