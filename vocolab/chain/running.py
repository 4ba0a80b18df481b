"""How a chain's effects run over a signal: in blocks where they can, and with their name on what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Protocol, TypeVar, runtime_checkable

from vocolab.audio import Audio
from vocolab.deeds import Deed, deeds_of
from vocolab.effects import BlockEffect, SignalEffect, channels_after, effect_origin
from vocolab.files.spool import Spool
from vocolab.guarding import Origin, running
from vocolab.guarding.calls import broken
from vocolab.held_signals import GivenSignal, HeldSignal, called, check_finite, checked_signal, working
from vocolab.interfaces import Effect
from vocolab.signals import Joined, Signal

S = TypeVar("S")


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


def stored(signal: Signal) -> Audio | Spool:
    """The same signal, such that walking through it again repeats no work."""
    return signal if isinstance(signal, Audio | Spool) else Spool.of(signal)


def _stored_after(effects: Sequence[Effect], signal: Signal) -> Signal:
    return stored(run_effects(effects, signal))


def _after(effect: Effect, signal: Signal) -> Signal:
    if isinstance(effect, BlockEffect | SignalEffect):
        return effect.run(signal)
    audio = Audio.of(signal)
    if getattr(effect, "is_guarded", False):  # it examines itself what it makes
        return effect(audio)
    origin = effect_origin(effect)
    with running(origin):
        channels = channels_after(effect, audio.channels)
    return called(effect, effect, audio, origin, channels)


def run_aimed(effect: Effect, rest: Callable[[Signal], Signal], signal: Signal) -> Signal:
    """What an effect that aims makes of a signal; `rest` runs the effects after it."""
    given = GivenSignal(signal)
    assert isinstance(effect, Aiming)
    origin = effect_origin(effect)
    with working(origin, given):
        made = effect.aim(given, _remembering(rest, given))
    return _examined(made, origin, given)


def run_aimed_album(
    effect: AlbumAiming, rest: Callable[[Sequence[Signal]], Sequence[Signal]], signals: Sequence[Signal]
) -> Sequence[Signal]:
    """The same for an effect that aims at the files of an album one by one."""
    given, origin = [GivenSignal(signal) for signal in signals], effect_origin(effect)
    with working(origin, *given):
        made = list(effect.aim_album(given, _remembering(rest, given[0])))
    if len(made) != len(given):
        raise broken(origin, f"gave {len(made)} signals of {len(given)}, and has to give one for each file")
    return [_examined(one, origin, signal) for one, signal in zip(made, given, strict=True)]


def _examined(made: object, origin: Origin, given: GivenSignal) -> Signal:
    """What an effect that aims gave: what the rest of the chain made is examined already."""
    if isinstance(made, Joined | Spool):
        return made if isinstance(made, Joined) else after_deeds(made, deeds_of(given.source))
    if isinstance(made, Audio):
        check_finite(made.samples, 0, made.sample_rate, origin, given.last)
        return after_deeds(made, deeds_of(given.source))
    return HeldSignal(checked_signal(made, origin.name), origin, given)


def after_deeds(signal: Spool | Audio, before: tuple[Deed, ...]) -> Signal:
    """A signal that was made of another one: what was done to that one comes before what was done to it."""
    if not before:
        return signal
    if isinstance(signal, Audio):
        return replace(signal, deeds=(*before, *signal.deeds))
    signal.deeds = (*before, *signal.deeds)
    return signal


def _remembering(rest: Callable[[S], S], given: GivenSignal) -> Callable[[S], S]:
    """`rest`, whose errors are remembered as those of a signal that was `given`, not of the effect that calls it."""

    def remembered(candidates: S) -> S:
        try:
            return rest(candidates)
        except Exception as error:
            given.error = error
            raise

    return remembered
