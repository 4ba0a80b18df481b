"""The restoration effects of vocolab: what repairs a recording before it is mastered."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import EffectSpec
from vocolab_restoration.options import DeClipOptions, DeHumOptions, DeReverbOptions, NoiseReductionOptions

# Faults that last: hum, noise, a room, a level that was too high.
_LASTING: tuple[EffectSpec, ...] = (
    EffectSpec(
        name="de-clip",
        summary="Peaks that were cut off, restored (A-SPADE)",
        target="vocolab_restoration.declip:DeClip",
        options=DeClipOptions,
    ),
    EffectSpec(
        name="de-hum",
        summary="Mains hum off, line by line, as it drifts",
        target="vocolab_restoration.dehum:DeHum",
        options=DeHumOptions,
    ),
    EffectSpec(
        name="noise-reduction",
        summary="Noise under speech down by a stated amount (OM-LSA)",
        target="vocolab_restoration.noise_reduction:NoiseReduction",
        options=NoiseReductionOptions,
    ),
    EffectSpec(
        name="de-reverb",
        summary="Less of a room around speech (WPE)",
        target="vocolab_restoration.dereverb:DeReverb",
        options=DeReverbOptions,
    ),
)

# Events, and another recording to be alike.
_EVENTS: tuple[EffectSpec, ...] = ()


@hookimpl
def vocolab_effects() -> Iterable[EffectSpec]:
    """The effects, in the order in which a chain usually has them."""
    return [*_LASTING, *_EVENTS]
