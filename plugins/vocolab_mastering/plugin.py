"""The mastering effects of vocolab: what there is, and where it is found."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.hookspecs import hookimpl
from vocolab.specs import EffectSpec
from vocolab_mastering.options import (
    EqOptions,
    ExciterOptions,
    HighpassOptions,
    InputLevelOptions,
    LimiterOptions,
    LoudnessOptions,
)
from vocolab_mastering.options_dynamics import (
    CompressorOptions,
    DeEsserOptions,
    GateOptions,
    LevelerOptions,
    MultibandOptions,
)


@hookimpl
def vocolab_effects() -> Iterable[EffectSpec]:
    """The effects, in the order in which a chain usually has them."""
    return [
        EffectSpec(
            name="highpass",
            summary="Butterworth high-pass, 12 to 48 dB per octave",
            target="vocolab_mastering.highpass:Highpass",
            options=HighpassOptions,
        ),
        EffectSpec(
            name="eq",
            summary="Parametric equaliser: bells and shelves",
            target="vocolab_mastering.eq:Eq",
            options=EqOptions,
        ),
        EffectSpec(
            name="gate",
            summary="Downward expander with hold and hysteresis, for quiet pauses",
            target="vocolab_mastering.gate:Gate",
            options=GateOptions,
        ),
        EffectSpec(
            name="compressor",
            summary="Soft-knee compressor with linked channels",
            target="vocolab_mastering.compressor:Compressor",
            options=CompressorOptions,
        ),
        EffectSpec(
            name="multiband",
            summary="Compressor in each of 5 bands (or any number), flat where it does nothing",
            target="vocolab_mastering.multiband:Multiband",
            options=MultibandOptions,
        ),
        EffectSpec(
            name="de-esser",
            summary="Turns sibilants down, at any level",
            target="vocolab_mastering.deesser:DeEsser",
            options=DeEsserOptions,
        ),
        EffectSpec(
            name="leveler",
            summary="Slow gain toward one loudness, that holds in pauses",
            target="vocolab_mastering.leveler:Leveler",
            options=LevelerOptions,
        ),
        EffectSpec(
            name="exciter",
            summary="Harmonics of the highs, oversampled so that nothing folds back",
            target="vocolab_mastering.exciter:Exciter",
            options=ExciterOptions,
        ),
        EffectSpec(
            name="input-level",
            summary="One loudness for all recordings, before the effects that have thresholds",
            target="vocolab_mastering.input_level:InputLevel",
            options=InputLevelOptions,
        ),
        EffectSpec(
            name="loudness",
            summary="Integrated loudness (BS.1770) at the end of the chain",
            target="vocolab_mastering.loudness:LoudnessTarget",
            options=LoudnessOptions,
        ),
        EffectSpec(
            name="limiter",
            summary="Look-ahead limiter with a true-peak ceiling",
            target="vocolab_mastering.limiter:Limiter",
            options=LimiterOptions,
        ),
    ]
