"""What two mel conventions have in common, and the way from one to the other where there is one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import MelMismatch
from vocolab.mels.conventions import spelled
from vocolab.mels.filters import hz_to_mel, mel_to_hz, spectrum_gain
from vocolab.mels.mel import Mel
from vocolab.mels.scaling import finish, least_log, nats, natural_log
from vocolab.mels.spec import MelSpec

#: Fields in which conventions have to agree: a mel has lost what would be needed to bring one to the other.
FIXED = ("sample_rate", "n_fft", "win_samples", "hop_samples", "n_mels", "fmin_hz", "fmax_hz", "mel_scale", "power")


@dataclass(frozen=True)
class Comparison:
    """How a mel of one convention stands to another convention."""

    outcome: Literal["same", "convertible", "incompatible"]
    fields: tuple[str, ...] = ()
    """The fields that differ; of incompatible conventions only those that can't be converted."""
    loss: str = ""
    """What a conversion loses, in words; empty where it is exact."""


def compare(have: MelSpec, want: MelSpec) -> Comparison:
    """Whether a mel of convention `have` can be brought to `want`, and what that loses.

    Exact up to the clamp: logarithm or none, gain, offset, statistics, filter norm, spectrum scale. With a loss that is
    stated: clamp, dynamic range, clip, window shape, magnitude_eps, and where frames stand. Everything else is in
    `FIXED`.
    """
    if have == want:
        return Comparison("same")
    differing = tuple(field.name for field in fields(MelSpec) if not _agree(field.name, have, want))
    if not differing:
        return Comparison("same")
    fixed = tuple(name for name in differing if name in FIXED)
    if fixed:
        return Comparison("incompatible", fixed)
    losses = (describe(have, want) for name, describe in _LOSSES.items() if name in differing)
    levels = _level_loss(have, want)
    return Comparison("convertible", differing, "; ".join(filter(None, (levels, *losses))))


def convert(mel: Mel, spec: MelSpec) -> Mel:
    """`mel` in the convention `spec`, of as many frames, each with its F0; `compare` says what that loses.

    Raises:
        MelMismatch: if the conventions are incompatible, naming the fields.
    """
    comparison = compare(mel.spec, spec)
    if comparison.outcome == "incompatible":
        raise mismatch(mel.spec, spec, "the mel")
    if comparison.outcome == "same":
        return Mel(mel.values, spec, mel.f0_hz)
    with np.errstate(over="ignore"):  # a `Mel` refuses what has no number
        levels = natural_log(mel.values, mel.spec) + _log_gain(mel.spec, spec)[:, None]
        levels = np.maximum(levels, least_log(spec))
        levels = np.exp(levels) if spec.log_base == "none" else levels / nats(spec)
        values = finish(levels, spec).astype(np.float32)
    return Mel(values, spec, mel.f0_hz)


def mismatch(have: MelSpec, want: MelSpec, source: str) -> MelMismatch:
    """The error that says in which fields two incompatible conventions differ, and what to do about it."""
    names = compare(have, want).fields
    told = ", ".join(f"{name} {getattr(have, name)} instead of {getattr(want, name)}" for name in names)
    return MelMismatch(f"its convention is {spelled(have)}, and {spelled(want)} is wanted; it can't be "
                       f"converted: {told}. Make the mel from audio again, or take a vocoder of its convention",
                       names, about=source)


def _agree(name: str, have: MelSpec, want: MelSpec) -> bool:
    a, b = getattr(have, name), getattr(want, name)
    if name in ("mean", "scale"):
        # No mean is a mean of 0 in every band, no scale is 1.
        default = 0.0 if name == "mean" else 1.0
        a, b = (value or (default,) * spec.n_mels for value, spec in ((a, have), (b, want)))
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and bool(np.allclose(a, b, rtol=1e-6, atol=1e-12))
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-6)
    return bool(a == b)


def _log_gain(have: MelSpec, want: MelSpec) -> NDArray[np.float64]:
    """ln of what every filter output of `have` is multiplied by to be one of `want`."""
    gain = have.power * (math.log(spectrum_gain(want)) - math.log(spectrum_gain(have)))
    return np.full(have.n_mels, gain) + _log_norm(want) - _log_norm(have)


def _log_norm(spec: MelSpec) -> NDArray[np.float64]:
    """ln of the height of every filter's peak."""
    if spec.filter_norm == "none":
        return np.zeros(spec.n_mels)
    low, high = hz_to_mel(np.array([spec.fmin_hz, spec.fmax_hz]), spec.mel_scale)
    edges_hz = mel_to_hz(np.linspace(low, high, spec.n_mels + 2), spec.mel_scale)
    return np.asarray(np.log(2.0 / (edges_hz[2:] - edges_hz[:-2])))


def _bounds(spec: MelSpec) -> tuple[float, float]:
    """The least and the greatest ln of a filter output that the convention can tell."""
    low, high = least_log(spec), math.inf
    if spec.clip:
        ends = natural_log(np.array([spec.clip]), spec.without_statistics())[0]
        low, high = max(low, float(ends[0])), float(ends[1])
    return low, high


def _level_loss(have: MelSpec, want: MelSpec) -> str:
    """Levels that one convention tells and the other does not."""
    gain = _log_gain(have, want)
    (have_low, have_high), (want_low, want_high) = _bounds(have), _bounds(want)
    losses = []
    if np.any(want_low > have_low + gain + 1e-6):
        losses.append(f"levels below {_db(want_low, want)} are raised to it")
    if np.any(have_low + gain > want_low + 1e-6):
        losses.append(f"levels below {_db(have_low, have)} were not kept by {spelled(have)}: they stay there")
    if np.any(want_high < have_high + gain - 1e-6):
        losses.append(f"levels above {_db(want_high, want)} are cut to it")
    return "; ".join(losses)


def _db(logarithm: float, spec: MelSpec) -> str:
    return f"{20 / spec.power * logarithm / math.log(10.0):.1f} dB"


def _range_loss(have: MelSpec, want: MelSpec) -> str:
    kept, wanted = have.dynamic_range_db or math.inf, want.dynamic_range_db or math.inf
    if kept < wanted:
        return f"levels more than {kept:g} dB under the loudest of the mel were not kept by {spelled(have)}"
    return f"levels more than {wanted:g} dB under the loudest of the mel are raised to that"


def _frame_shift(have: MelSpec, want: MelSpec) -> str:
    if "hifigan" not in (have.padding, want.padding):
        return "frames stand where they stood; of the same audio 'center' has one more than 'center-trimmed'"
    later = "later" if want.padding == "hifigan" else "earlier"
    return (f"frames stand half a hop ({have.hop_samples // 2} samples) {later}; their number stays, though of "
            "the same audio 'center' padding gives one more than the others")


_LOSSES: dict[str, Callable[[MelSpec, MelSpec], str]] = {
    "dynamic_range_db": _range_loss,
    "padding": _frame_shift,
    "window": lambda have, want: "the window's shape moves most values by less than 0.01",
    "magnitude_eps": lambda have, want: "magnitude_eps differs, which only near silence is visible at all",
}
