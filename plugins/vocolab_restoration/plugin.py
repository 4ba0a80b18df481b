"""The restoration effects of vocolab: what repairs a recording before it is mastered."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import DetectorSpec, EffectSpec
from vocolab_restoration.options import DeClipOptions, DeHumOptions, DeReverbOptions, NoiseReductionOptions
from vocolab_restoration.options_events import DeBreathOptions, DeClickOptions, DePlosiveOptions, MatchOptions

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
_EVENTS: tuple[EffectSpec, ...] = (
    EffectSpec(
        name="de-click",
        summary="Clicks of mouths and of records found by prediction, and interpolated",
        target="vocolab_restoration.declick:DeClick",
        options=DeClickOptions,
    ),
    EffectSpec(
        name="de-plosive",
        summary="Thumps of p and b turned down under 100 Hz, only where they are",
        target="vocolab_restoration.deplosive:DePlosive",
        options=DePlosiveOptions,
    ),
    EffectSpec(
        name="de-breath",
        summary="Breaths found in pauses and turned down, never cut",
        target="vocolab_restoration.debreath:DeBreath",
        options=DeBreathOptions,
    ),
    EffectSpec(
        name="match",
        summary="Spectrum and loudness of a reference recording, within limits",
        target="vocolab_restoration.match:Match",
        options=MatchOptions,
    ),
)


@hookimpl
def vocolab_effects() -> Iterable[EffectSpec]:
    """The effects, in the order in which a chain usually has them."""
    return [*_LASTING, *_EVENTS]


_DETECTORS: tuple[DetectorSpec, ...] = (
    DetectorSpec(
        name="clipping",
        summary="Samples that were cut off: share, level, where",
        target="vocolab_restoration.detectors.clipping:ClippingDetector",
    ),
    DetectorSpec(
        name="hum",
        summary="Mains hum: frequency, harmonics, level under the speech",
        target="vocolab_restoration.detectors.hum:HumDetector",
    ),
    DetectorSpec(
        name="clicks",
        summary="Clicks per minute",
        target="vocolab_restoration.detectors.clicks:ClickDetector",
    ),
    DetectorSpec(
        name="plosives",
        summary="Thumps of p and b per minute",
        target="vocolab_restoration.detectors.plosives:PlosiveDetector",
    ),
    DetectorSpec(
        name="breaths",
        summary="Breaths per minute, and how loud they are",
        target="vocolab_restoration.detectors.breaths:BreathDetector",
    ),
    DetectorSpec(
        name="noise",
        summary="Noise floor, its kind, speech over noise",
        target="vocolab_restoration.detectors.noise:NoiseDetector",
    ),
    DetectorSpec(
        name="reverberation",
        summary="Reverberation time (T60)",
        target="vocolab_restoration.detectors.room:RoomDetector",
    ),
)


@hookimpl
def vocolab_detectors() -> Iterable[DetectorSpec]:
    """The detectors, in the order in which a chain has what repairs them."""
    return _DETECTORS
