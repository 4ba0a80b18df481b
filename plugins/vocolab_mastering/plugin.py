"""The mastering effects of vocolab: what there is, and where it is found."""

from __future__ import annotations

from collections.abc import Iterable

from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import EffectSpec
from vocolab_mastering.options import (
    EqOptions,
    ExciterOptions,
    HighpassOptions,
    InputLevelOptions,
    LevelOptions,
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
from vocolab_mastering.options_edit import FadeOptions, PadOptions, ResampleOptions, TrimOptions
from vocolab_mastering.options_tone import (
    DcRemovalOptions,
    GainOptions,
    HighShelfOptions,
    LowpassOptions,
    LowShelfOptions,
    MonoToStereoOptions,
    PeakOptions,
    ReverbOptions,
    Vst3Options,
    WidenerOptions,
)

# Cleaning and filters: what comes first.
_FILTERS = (
    EffectSpec(
        name="trim",
        summary="Silence off the beginning and the end",
        target="vocolab_mastering.trim:Trim",
        options=TrimOptions,
    ),
    EffectSpec(
        name="dc-removal",
        summary="Constant offset off, nothing audible",
        target="vocolab_mastering.dc_removal:DcRemoval",
        options=DcRemovalOptions,
    ),
    EffectSpec(
        name="highpass",
        summary="Butterworth high-pass, 12 to 48 dB per octave",
        target="vocolab_mastering.highpass:Highpass",
        options=HighpassOptions,
    ),
    EffectSpec(
        name="lowpass",
        summary="Butterworth low-pass, 12 to 48 dB per octave",
        target="vocolab_mastering.lowpass:Lowpass",
        options=LowpassOptions,
    ),
    EffectSpec(
        name="low-shelf",
        summary="All lows up or down",
        target="vocolab_mastering.shelves:LowShelf",
        options=LowShelfOptions,
    ),
    EffectSpec(
        name="peak",
        summary="A bell: one band up or down",
        target="vocolab_mastering.peak:Peak",
        options=PeakOptions,
    ),
    EffectSpec(
        name="high-shelf",
        summary="All highs up or down",
        target="vocolab_mastering.shelves:HighShelf",
        options=HighShelfOptions,
    ),
    EffectSpec(
        name="eq",
        summary="Parametric equaliser: bells, shelves and filters",
        target="vocolab_mastering.eq:Eq",
        options=EqOptions,
    ),
)

# Dynamics.
_DYNAMICS = (
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
)

# Colour and space.
_COLOUR = (
    EffectSpec(
        name="exciter",
        summary="Harmonics of the highs, oversampled so that nothing folds back",
        target="vocolab_mastering.exciter:Exciter",
        options=ExciterOptions,
    ),
    EffectSpec(
        name="mono-to-stereo",
        summary="Mono on two equal channels; stereo passes",
        target="vocolab_mastering.mono_to_stereo:MonoToStereo",
        options=MonoToStereoOptions,
    ),
    EffectSpec(
        name="widener",
        summary="Wider or narrower stereo by mid, side and Haas, the mono sum untouched",
        target="vocolab_mastering.widener:Widener",
        options=WidenerOptions,
    ),
    EffectSpec(
        name="reverb",
        summary="A room around the sound (pedalboard)",
        target="vocolab_mastering.reverb:Reverb",
        options=ReverbOptions,
        extra="pedalboard",
    ),
    EffectSpec(
        name="vst3",
        summary="A VST3 plugin of yours (pedalboard)",
        target="vocolab_mastering.vst3:Vst3",
        options=Vst3Options,
        extra="pedalboard",
    ),
)

# Level and delivery: what comes last.
_DELIVERY = (
    EffectSpec(
        name="gain",
        summary="Louder or quieter by so many decibels",
        target="vocolab_mastering.gain:Gain",
        options=GainOptions,
        turns_down=True,
    ),
    EffectSpec(
        name="resample",
        summary="Another sample rate, by soxr",
        target="vocolab_mastering.resample:Resample",
        options=ResampleOptions,
    ),
    EffectSpec(
        name="input-level",
        summary="One loudness for all recordings, before the effects that have thresholds",
        target="vocolab_mastering.input_level:InputLevel",
        options=InputLevelOptions,
        turns_down=True,
    ),
    EffectSpec(
        name="loudness",
        summary="Integrated loudness (BS.1770) at the end of the chain",
        target="vocolab_mastering.loudness:LoudnessTarget",
        options=LoudnessOptions,
        promises={"integrated_lufs": "target_lufs"},
    ),
    EffectSpec(
        name="limiter",
        summary="Look-ahead limiter with a true-peak ceiling",
        target="vocolab_mastering.limiter:Limiter",
        options=LimiterOptions,
        promises={"true_peak_dbtp": "ceiling_dbtp"},
    ),
    EffectSpec(
        name="level",
        summary="One gain for all of it: to a loudness, or as high as a ceiling lets it; nothing is limited",
        target="vocolab_mastering.level:Level",
        options=LevelOptions,
        promises={"integrated_lufs": "target_lufs", "true_peak_dbtp": "ceiling_dbtp"},
    ),
    EffectSpec(
        name="fade",
        summary="In from silence and out into it",
        target="vocolab_mastering.fade:Fade",
        options=FadeOptions,
    ),
    EffectSpec(
        name="pad",
        summary="Silence or room tone before the beginning and after the end",
        target="vocolab_mastering.pad:Pad",
        options=PadOptions,
    ),
)


@hookimpl
def vocolab_effects() -> Iterable[EffectSpec]:
    """The effects, in the order in which a chain usually has them."""
    return [*_FILTERS, *_DYNAMICS, *_COLOUR, *_DELIVERY]
