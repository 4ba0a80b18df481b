"""The restoration effects of vocolab: what repairs a recording before it is mastered."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import EffectSpec
from vocolab_restoration.options import DeHumOptions

# Faults that last: hum, noise, a room, a level that was too high.
_LASTING: tuple[EffectSpec, ...] = (
    EffectSpec(
        name="de-hum",
        summary="Mains hum off, line by line, as it drifts",
        target="vocolab_restoration.dehum:DeHum",
        options=DeHumOptions,
    ),
)

# Events, and another recording to be alike.
_EVENTS: tuple[EffectSpec, ...] = ()


@hookimpl
def vocolab_effects() -> Iterable[EffectSpec]:
    """The effects, in the order in which a chain usually has them."""
    return [*_LASTING, *_EVENTS]
