"""What a mel's numbers say about its convention.

Only evidence that real recordings and predicted mels can't give by accident speaks against a convention: values beyond
full scale, a floor that belongs to another logarithm, values that were normalised. What could be so is let through.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.facts import FLOOR_TOLERANCE, WHISPER_SPAN, Facts, is_round, spans_just
from vocolab.mels.filters import analysis_window, mel_filters, spectrum_gain
from vocolab.mels.scaling import nats, statistics
from vocolab.mels.spec import MelSpec
from vocolab.mels.values import trend

_LN10 = math.log(10.0)
# 8 dB over a full-scale sine: clipped and limited speech stays 5 dB and more below that.
_HEADROOM = 0.9
# From a clamp of 1e-5 to one of 1e-10; lower than that no project clamps.
_DEEPER = 5.1 * _LN10
_CLIP_TOLERANCE = 0.25
_LOBE_BINS = 8
# A linear mel that a network predicted may undershoot 0 by this much of its greatest value.
_BELOW_ZERO = 0.02
_TELLING_DB = 100.0
# 40 dB: where 0 stands lower than that under full scale, a sound may lie above it throughout.
_LOUD = 2.0 * _LN10

_TELLING_FRAMES = 100
_FEW_FRAMES = 20
_ZERO = 0.25
"""The mean of a mel that was brought to a mean of 0, at most."""
_LEAST_CONTRAST = 3.5
"""Nats, 30 dB: of 20 frames of white noise, clipped at full scale, the least value is 3.9 under a full-scale sine's."""
_SPEECH_SWING = 0.8
_RISING = 0.4
_NOISE_TEXTURE = 0.17
"""Nats: between 0.20 and more of recordings with noise from none to 0 dB, and 0.14 and less of the same in log10."""

UNDERSHOOT = 0.5
"""In nats: predicted mels undershoot a little; what is lower than this under a clamp was clamped lower."""


def evidence_against(facts: Facts, spec: MelSpec, *, louder_db: float = 0.0) -> list[str]:
    """What rules out that a mel is of convention `spec`: empty where nothing does.

    `louder_db` is by how much its audio may have been louder than full scale.
    """
    checks = (_range_evidence, _span_evidence, _other_span_evidence, _bottom_evidence, _floor_evidence,
              _contrast_evidence)
    found = [_top_evidence(facts, spec, louder_db), *(check(facts, spec) for check in checks),
             _normalisation_evidence(facts, spec, louder_db)]
    return [text for text in found if text]


def evidence_for(facts: Facts, spec: MelSpec) -> list[str]:
    """What only a mel of this convention's levels is likely to show."""
    found = []
    silence = floor_of(spec)
    if facts.floor is not None and spec.mean is None and abs(facts.floor - silence) < FLOOR_TOLERANCE:
        found.append(f"{facts.floor_count} values stand exactly at its floor, {silence:.4g}")
    if (span := _span(spec)) and spans_just(facts, span):
        found.append(f"{facts.floor_count} values stand {spec.dynamic_range_db:g} dB under the loudest: its floor")
    if spec.clip and facts.minimum >= spec.clip[0] and facts.maximum <= spec.clip[1]:
        found.append(f"every value is in [{spec.clip[0]:g}, {spec.clip[1]:g}]")
    if spec.mean is not None and facts.is_normalised:
        found.append("its bands have mean 0 and deviation 1")
    return found


def doubt(facts: Facts, spec: MelSpec) -> str:
    """What is odd about a mel of convention `spec`, but too weak to refuse it for, or an empty string."""
    if spec.clip or spec.mean or spec.scale or spec.log_base == "none":
        return ""
    unit, floor = _unit(spec), floor_of(spec)
    if facts.minimum < floor - UNDERSHOOT * unit:
        return f"the least value, {facts.minimum:.4g}, is below its floor, {floor:.4g}"
    narrow = (facts.maximum - facts.minimum) < 6.0 * unit and facts.minimum > floor + 5.0 * unit
    if facts.frames < 50 or not narrow:
        return ""
    return f"the values ({facts.span}) span little for such a mel; should they be log10, state their convention"


def unlike_speech(facts: Facts, spec: MelSpec) -> list[str]:
    """What is so odd about a mel that states nothing that it is not taken for one of `spec`: empty where nothing is.

    Decided by what speech is like, and only where the mel comes and goes as speech does. Natural logarithms that span
    little have a noise floor, and the magnitude of noise changes from frame to frame by a quarter of a nat, whatever
    its level; logarithms to base 10 change by less than half as much.
    """
    if spec.clip or spec.mean or spec.scale or spec.log_base == "none" or facts.frames < _TELLING_FRAMES:
        return []
    unit = _unit(spec)
    if facts.swing < _SPEECH_SWING * unit:
        return []
    found = [text] if (text := soft_log10(facts, spec)) else []
    if _tilt(facts, spec) > _RISING:
        found.append("the bands rise towards the last, where speech falls towards high bands; they stand in reverse "
                     "order, it seems")
    return found


def _tilt(facts: Facts, spec: MelSpec) -> float:
    """Correlation of the bands' means with a rising line, beside white noise: -0.5 and less for speech.

    White noise is level where filters have one area, and rises with their widths where they have one height.
    """
    areas = np.maximum(mel_filters(spec).astype(np.float64).sum(axis=1), 1e-12)
    profile = np.asarray(facts.band_means) - _unit(spec) * np.log(areas)
    return trend(profile)


def soft_log10(facts: Facts, spec: MelSpec) -> str:
    """Why a mel seems to be of log10, though no floor shows that; empty where nothing does. See `unlike_speech`."""
    if spec.clip or spec.mean or spec.scale or spec.log_base != "e" or facts.frames < _TELLING_FRAMES:
        return ""
    unit = _unit(spec)
    span = facts.maximum - facts.minimum
    is_narrow = span < 6.0 * unit and facts.minimum > floor_of(spec) + 5.0 * unit
    if facts.swing < _SPEECH_SWING * unit or not is_narrow or facts.texture >= _NOISE_TEXTURE * spec.power * unit:
        return ""
    return (f"the values ({facts.span}) span {span:.3g}, where speech spans 8 and more in natural logarithms; they are "
            "log10, it seems: state that, or multiply them by 2.3026")


def raised(values: NDArray[np.float32], spec: MelSpec) -> tuple[NDArray[np.float32], int]:
    """`values` with what a deeper clamp left below the floor of `spec` brought up to it, and how many these were."""
    floor = floor_of(spec)
    if spec.clip or spec.mean or spec.scale:
        return values, 0
    below = 0.0 if spec.log_base == "none" else UNDERSHOOT * _unit(spec)
    low = int(np.count_nonzero(values < floor - below))
    return (np.maximum(values, np.float32(floor)), low) if low else (values, 0)


def floor_of(spec: MelSpec) -> float:
    """The least value before statistics."""
    return spec.silence


@lru_cache(maxsize=64)
def ceiling_of(spec: MelSpec) -> float:
    """The value, before statistics, of a full-scale sine in the band that shows it best."""
    # What a sine on a bin gives in the bins around it, half of the window's spectrum, is summed by wide filters.
    lobe = np.abs(np.fft.rfft(analysis_window(spec).astype(np.float64)))[:_LOBE_BINS] / 2 * spectrum_gain(spec)
    sine = np.concatenate([lobe[:0:-1], lobe]) ** spec.power
    loudest = max(float(np.convolve(row, sine, mode="same").max()) for row in mel_filters(spec).astype(np.float64))
    level = loudest if spec.log_base == "none" else math.log(loudest) / nats(spec)
    value = spec.log_gain * level + spec.log_offset
    return min(value, spec.clip[1]) if spec.clip else value


def _unit(spec: MelSpec) -> float:
    """How much a value grows for one nat, where it is a logarithm."""
    return spec.log_gain / nats(spec)


def _span(spec: MelSpec) -> float:
    """How far apart a mel's values are at most; 0 where there is no such limit, or statistics hide it."""
    if spec.dynamic_range is None or spec.log_base == "none" or spec.mean or spec.scale:
        return 0.0
    return spec.log_gain * spec.dynamic_range


def _raw(value: float, spec: MelSpec, pick: str) -> float:
    """A limit of the values, as it is before statistics: of all bands the one that is the most lenient."""
    mean, scale = statistics(spec)
    raw = value * scale + mean
    return float(raw.min() if pick == "least" else raw.max())


def _range_evidence(facts: Facts, spec: MelSpec) -> str:
    if spec.clip:
        low, high = spec.clip
        margin = _CLIP_TOLERANCE * (high - low)
        if facts.minimum < low - margin or facts.maximum > high + margin:
            return f"values from {facts.span}, where all are in [{low:g}, {high:g}]"
        return ""
    if spec.log_base == "none":
        if spec.mean is None and facts.minimum < floor_of(spec) - _BELOW_ZERO * facts.maximum:
            return f"the least value, {facts.minimum:.4g}, is below {floor_of(spec):.4g}, and no logarithm was taken"
        return ""
    least = _raw(facts.minimum, spec, "least")
    if least >= 0.0 and floor_of(spec) < 0.0 and ceiling_of(spec) < _LOUD * spec.power * _unit(spec):
        return "every value is in [0, 1]" if facts.is_unit_range else "no value is below 0"
    return ""


def _span_evidence(facts: Facts, spec: MelSpec) -> str:
    span = _span(spec)
    seen = facts.maximum - facts.minimum
    if not span or seen <= span * (1.0 + _CLIP_TOLERANCE):
        return ""
    return f"the values span {seen:.4g}, where no value is more than {span:.4g} under the greatest"


def _other_span_evidence(facts: Facts, spec: MelSpec) -> str:
    """A hard floor that is set by the greatest value, where the convention has none."""
    if spec.clip or spec.mean or spec.scale or spec.dynamic_range_db or not spans_just(facts, WHISPER_SPAN):
        return ""
    return (f"{facts.floor_count} values stand exactly {WHISPER_SPAN:g} under the greatest, where it has a floor of "
            f"{floor_of(spec):.4g}")


def _top_evidence(facts: Facts, spec: MelSpec, louder_db: float) -> str:
    if spec.clip:
        return ""
    over = _nats_over_full_scale(facts, spec)
    over_db = over * 20 / spec.power / _LN10
    if over <= _HEADROOM or over_db <= louder_db:
        return ""
    far = f"{over_db:.0f} dB" if over_db < _TELLING_DB else "far"  # then the values are no such levels at all
    return f"the greatest value, {facts.maximum:.4g}, is {far} above full scale, about {ceiling_of(spec):.2g}"


def _nats_over_full_scale(facts: Facts, spec: MelSpec) -> float:
    # A normalised value says the least in the band that stands lowest.
    greatest, ceiling = _raw(facts.maximum, spec, "least"), ceiling_of(spec)
    if spec.log_base == "none":
        return math.log(max((greatest - spec.log_offset) / (ceiling - spec.log_offset), 1e-300))
    return (greatest - ceiling) / _unit(spec)


def _bottom_evidence(facts: Facts, spec: MelSpec) -> str:
    if spec.clip or spec.log_base == "none":
        return ""
    floor = floor_of(spec)
    if _raw(facts.minimum, spec, "greatest") >= floor - _DEEPER * _unit(spec):
        return ""
    return f"the least value, {facts.minimum:.4g}, is far below its floor, {floor:.4g}"


def _floor_evidence(facts: Facts, spec: MelSpec) -> str:
    """A hard floor at a round clamp of the other logarithm."""
    if facts.floor is None or spec.clip or spec.mean or spec.scale or spec.dynamic_range_db is not None:
        return ""
    if spec.log_base == "none" or spec.log_gain != 1.0 or spec.log_offset != 0.0:
        return ""
    own, other = (_LN10, 1.0) if spec.log_base == "e" else (1.0, _LN10)
    if facts.floor > -3.5 or is_round(facts.floor, own) or not is_round(facts.floor, other):
        return ""
    names = ("log10", "ln") if spec.log_base == "e" else ("ln", "log10")
    return (f"{facts.floor_count} values stand exactly at {facts.floor:.4g}, the floor of a {names[0]} mel, where "
            f"{names[1]} has {floor_of(spec):.4g}")


def _contrast_evidence(facts: Facts, spec: MelSpec) -> str:
    """Everything loud: 80 dB that were pressed into 2, or -1 to 1."""
    if spec.clip or spec.mean or spec.scale or spec.log_base == "none" or facts.frames < _FEW_FRAMES:
        return ""
    # Audio may have been louder than full scale: then it counts from its own top.
    under = (max(ceiling_of(spec), facts.maximum) - facts.minimum) / (_unit(spec) * spec.power)
    if under >= _LEAST_CONTRAST:
        return ""
    return (f"the least value, {facts.minimum:.4g}, is {20 * under / _LN10:.0f} dB under full scale, about "
            f"{ceiling_of(spec):.2g}, and every sound has quieter bands" if under > 0 else "")


def _normalisation_evidence(facts: Facts, spec: MelSpec, louder_db: float) -> str:
    if louder_db and abs(facts.mean) > _ZERO:  # loud audio with bands that are alike
        return ""
    if spec.clip or spec.mean is not None or spec.log_base == "none" or not facts.is_normalised:
        return ""
    ceiling, floor = ceiling_of(spec), floor_of(spec)
    if facts.mean < ceiling - 0.25 * (ceiling - floor):
        return ""
    return (f"mean {facts.mean:.2f}, deviation {facts.std:.2f} and bands of equal level, where speech averages far "
            "below 0")
