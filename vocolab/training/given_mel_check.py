"""Given mels held against their recordings: whether they are of the convention that the model is trained for.

A mel alone does not tell its scale or its highest frequency. Beside its recording it does: the mel that the recording
has in that convention is there to compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.mels.extract import extract
from vocolab.mels.spec import MelSpec

MOST_CHECKED = 12
"""Clips that are looked at, over the whole corpus: given mels come from one model."""
_SLOPES = (0.6, 1.67)
_LEAST_CORRELATION = 0.6
_GOOD_CORRELATION = 0.85
"""Of what fits: predictions that are worse than that can't be told apart."""
_FAR = 1.0
"""Deviations of the recording's values by which the mean may be off."""
_BETTER = 0.6
"""Share of its distance that is left where another convention fits."""
_CLOSE = 0.1
"""Deviations: what is as near as that is of the convention, whatever fits better."""


@dataclass(frozen=True)
class Pair:
    """A given mel and the mono samples that it was made for, at the convention's rate."""

    mel: NDArray[np.float32]
    samples: NDArray[np.float32]


def contradiction(pairs: Sequence[Pair], spec: MelSpec) -> str:
    """What most of the mels have against being of `spec`, in words; empty where nothing is.

    Recordings and predictions of any quality pass: those follow their recordings by 0.8 to 1.1 of their levels.
    """
    step = max(1, len(pairs) // MOST_CHECKED)
    found = [_of_one(pair, spec) for pair in pairs[::step][:MOST_CHECKED]]
    told = [text for text in found if text]
    return told[0] if 2 * len(told) > len(found) else ""


def _of_one(pair: Pair, spec: MelSpec) -> str:
    own = _Fit.of(pair, spec)
    if own is None:
        return ""
    if own.correlation < _LEAST_CORRELATION:  # then levels say nothing
        return _better(pair, spec, own)
    if not _SLOPES[0] <= own.slope <= _SLOPES[1]:
        log10 = ", as log10 does" if abs(own.slope * np.log(10) - 1) < 0.15 and spec.log_base == "e" else ""
        return (f"where a recording's mel changes by 1, theirs changes by {own.slope:.2f}{log10}: they are on another "
                "scale")
    if abs(own.offset) > _FAR:
        return f"they stand {own.shift:+.2f} beside the recordings' own: they are on another level"
    return _better(pair, spec, own)


def _better(pair: Pair, spec: MelSpec, own: _Fit) -> str:
    """The one change of convention that fits much better, if there is any."""
    if own.distance < _CLOSE:
        return ""
    fits = [(_Fit.of(pair, other), what) for what, other in _others(spec)]
    fits.append((_Fit.of(Pair(pair.mel[::-1], pair.samples), spec), "bands in reverse order"))
    good = [(fit.distance, what) for fit, what in fits if fit is not None and fit.correlation >= _GOOD_CORRELATION]
    nearest, what = min(good, default=(np.inf, ""))
    return f"they fit {what} much better" if nearest < _BETTER * own.distance else ""


def _others(spec: MelSpec) -> Iterator[tuple[str, MelSpec]]:
    scale: Literal["htk", "slaney"] = "htk" if spec.mel_scale == "slaney" else "slaney"
    norm: Literal["none", "slaney"] = "none" if spec.filter_norm == "slaney" else "slaney"
    half = spec.sample_rate / 2
    yield f"mel_scale = {scale!r}", replace(spec, mel_scale=scale)
    yield f"filter_norm = {norm!r}", replace(spec, filter_norm=norm)
    yield f"mel_scale = {scale!r} with filter_norm = {norm!r}", replace(spec, mel_scale=scale, filter_norm=norm)
    power = 1.0 if spec.power == 2.0 else 2.0
    yield f"power = {power:g}", replace(spec, power=power)
    for fmax_hz in {half, 8000.0, 7600.0} - {spec.fmax_hz}:
        if spec.fmin_hz < fmax_hz <= half:
            yield f"fmax_hz = {fmax_hz:g}", replace(spec, fmax_hz=fmax_hz)


@dataclass(frozen=True)
class _Fit:
    """How a given mel stands to the one of its recording."""

    slope: float
    correlation: float
    shift: float
    offset: float
    """The same in deviations of the recording's mel."""
    distance: float
    """RMS of the difference, in those deviations."""

    @classmethod
    def of(cls, pair: Pair, spec: MelSpec) -> _Fit | None:
        """None for what is too short, or has no variation, to say anything."""
        reference = extract(Audio.mono(pair.samples, spec.sample_rate), spec).values.astype(np.float64)
        frames = min(reference.shape[1], pair.mel.shape[1])
        reference, given = reference[:, :frames], pair.mel[:, :frames].astype(np.float64)
        deviation = reference.std()
        if frames < 20 or deviation == 0 or given.std() == 0:
            return None
        centred = reference - reference.mean()
        slope = float((centred * given).mean() / deviation**2)
        difference = given - reference
        shift = float(difference.mean())
        return cls(slope, slope * float(deviation / given.std()), shift, shift / float(deviation),
                   float(np.sqrt(np.mean(difference**2)) / deviation))
