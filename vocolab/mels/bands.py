"""Where the bands of a mel stand, told by the harmonics of its voiced frames.

Harmonics are equally far apart in Hz. In bands their distances follow the scale, the lowest and the highest frequency:
what is equally far apart with the right bands is not with others. The frames of a mel are compared with rows of
harmonics as each candidate would show them, and a candidate that fits a speaking voice much better than what the mel is
taken for is told.

Only what a voice does counts: harmonics that glide over many frames. Other rows are tried as well with the bands that
the mel is said to have, since a clarinet has odd harmonics only, and what was modulated or shifted in Hz has none:
where such a row explains the frames, nothing is certain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.combs import SHIFTED, SPACINGS_HZ, Values, rough_levels, row_shapes, shapes, shows_partials
from vocolab.mels.conventions import conventions
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec

_MOST_RUNS = 32
_RUN_FRAMES = 12
_LEAST_FRAMES = 40
_VOICED = 0.3
"""Share of a frame's shape that harmonics explain: of noise the best of all rows explains 0.1 to 0.25."""
_BLOCK_FRAMES = 6
"""Neighbours are alike: frames are counted by such blocks."""
_HINT = 3.0
_CERTAIN = 5.0
"""Standard errors by which a candidate has to be better."""
_BETTER = 1.15
"""Times as much that a candidate explains; other bands of a voice explain 0.95 of what its own do, and less."""
_BEYOND_OTHERS = 1.02
_ERRORS_BEYOND_OTHERS = 2.0
"""The same beside rows of any kind, of which some one always fits a little better than harmonics."""
_CLEAR = 0.35
_MOVING = 0.2
"""Share of neighbouring frames between which the pitch moves: notes that are held do not."""
_GLIDE = 0.08
_WIDELY_USED_HZ = 8000.0
_LEAST_BANDS = 40
"""Fewer don't show harmonics, and noise in them may look like some."""


@dataclass(frozen=True)
class Bands:
    """Bands that fit a mel better than those that it is said to have."""

    spec: MelSpec | None
    """What the mel is said to be, with these bands; None where they are the same ones in reverse order."""
    fields: tuple[str, ...]
    """The fields of a `MelSpec` in which they differ; none where the bands stand in reverse order."""
    times: float
    """How many times as much of the frames' shape they explain."""
    is_certain: bool

    @property
    def text(self) -> str:
        """What they are, for people."""
        if self.spec is None:
            return "the bands in reverse order"
        return f"bands of {self.spec.fmin_hz:g} to {self.spec.fmax_hz:g} Hz on the {self.spec.mel_scale} scale"

    @property
    def sentence(self) -> str:
        """What was found, for people."""
        return f"the harmonics of its voiced frames fit {self.text} {self.times:.1f} times as well as its own bands"


def better_bands(values: NDArray[np.float32], spec: MelSpec) -> Bands | None:
    """The bands that the voiced frames of (n_mels, frames) fit better than those of `spec`; None where none do."""
    if spec.n_mels < _LEAST_BANDS or values.shape[1] < _LEAST_FRAMES or not shows_partials(spec):
        return None
    frames = _loud_frames(values)
    levels = natural_log(values[:, frames], spec) / spec.power
    rough = rough_levels(levels)
    own = _fit(shapes(rough, spec), row_shapes(spec))
    others: list[tuple[MelSpec | None, _Fit]] = [(one, _fit_of(rough, one)) for one in _others(spec, _known(spec))]
    others.append((None, _fit(shapes(rough_levels(levels[::-1]), spec), row_shapes(spec))))
    best = np.max([own.share, *(fit.share for _, fit in others)], axis=0)
    voiced = best >= max(_VOICED, float(np.percentile(best, 40)))
    if np.count_nonzero(voiced) < _LEAST_FRAMES:
        return None
    other, fit = max(others, key=lambda candidate: float(candidate[1].share[voiced].mean()))
    ahead, errors = _ahead(fit.share[voiced], own.share[voiced])
    if ahead <= 1.0 or errors < _HINT:
        return None
    explained = _explained(shapes(rough, spec), spec)
    beyond, errors_beyond = _ahead(fit.share[voiced], explained[voiced])
    is_certain = (ahead >= _BETTER and errors >= _CERTAIN
                  and beyond >= _BEYOND_OTHERS and errors_beyond >= _ERRORS_BEYOND_OTHERS
                  and float(fit.share[voiced].mean()) >= _CLEAR and _moves(fit.spacing_hz, frames, voiced))
    return Bands(other, _differing(spec, other), ahead, is_certain)


@dataclass(frozen=True)
class _Fit:
    share: NDArray[np.float64]
    """Of each frame's shape, what the best row explains."""
    spacing_hz: NDArray[np.float64]


def _loud_frames(values: NDArray[np.float32]) -> NDArray[np.intp]:
    """Frames of the louder half, in order: where there are many, runs of neighbours that are evenly drawn."""
    means = values.mean(axis=0)
    loud = np.flatnonzero(means >= np.median(means))
    runs = loud.size // _RUN_FRAMES
    if runs <= _MOST_RUNS:
        return loud
    drawn = np.linspace(0, runs - 1, _MOST_RUNS).astype(int) * _RUN_FRAMES
    return loud[(drawn[:, None] + np.arange(_RUN_FRAMES)).ravel()]


Edges = frozenset[tuple[float, float]]
"""Pairs of a lowest and a highest frequency, in Hz."""


def _known(spec: MelSpec) -> Edges:
    """Where conventions of so many bands have theirs."""
    return frozenset((c.spec.fmin_hz, c.spec.fmax_hz) for c in conventions() if c.spec.n_mels == spec.n_mels)


@lru_cache(maxsize=64)
def _others(spec: MelSpec, known: Edges) -> tuple[MelSpec, ...]:
    """Conventions that differ in where the bands stand."""
    half_hz, found = spec.sample_rate / 2, []
    scales: tuple[Literal["slaney", "htk"], ...] = ("slaney", "htk")
    for low_hz, high_hz in sorted(known | {(0.0, half_hz), (0.0, min(_WIDELY_USED_HZ, half_hz))}):
        for scale in scales:
            other = replace(spec, mel_scale=scale, fmin_hz=low_hz, fmax_hz=min(high_hz, half_hz))
            if other != spec and high_hz <= half_hz and shows_partials(other):
                found.append(other)
    return tuple(found)


def _fit_of(rough: Values, other: MelSpec) -> _Fit:
    return _fit(shapes(rough, other), row_shapes(other))


def _fit(frames: Values, rows: Values) -> _Fit:
    agreement = frames @ rows.T
    row = agreement.argmax(axis=1)
    best = np.take_along_axis(agreement, row[:, None], axis=1)[:, 0].astype(np.float64)
    return _Fit(np.square(np.maximum(best, 0.0)), SPACINGS_HZ[row % SPACINGS_HZ.size])


def _explained(frames: Values, spec: MelSpec) -> NDArray[np.float64]:
    """What rows of any kind explain with the bands of `spec`."""
    rows = (row_shapes(spec, SHIFTED), row_shapes(spec, SHIFTED[1:4], mirrored=True))
    return np.asarray(np.max([_fit(frames, some).share for some in rows], axis=0))


def _ahead(share: NDArray[np.float64], own: NDArray[np.float64]) -> tuple[float, float]:
    """How many times as much is explained, and how many standard errors that is from none."""
    blocks = np.array([block.mean() for block in np.array_split(share - own, max(share.size // _BLOCK_FRAMES, 2))])
    error = float(blocks.std(ddof=1)) / np.sqrt(blocks.size)
    return float(share.mean() / max(own.mean(), 1e-9)), float(blocks.mean() / max(error, 1e-9))


def _moves(spacing_hz: NDArray[np.float64], frames: NDArray[np.intp], voiced: NDArray[np.bool_]) -> bool:
    """Whether the pitch glides from frame to frame, as speaking voices do."""
    neighbours = (np.diff(frames) == 1) & voiced[1:] & voiced[:-1]
    steps = np.abs(np.diff(np.log(spacing_hz)))[neighbours]
    return bool(steps.size) and float(np.mean((steps > 0) & (steps < _GLIDE))) >= _MOVING


def _differing(spec: MelSpec, other: MelSpec | None) -> tuple[str, ...]:
    names = ("mel_scale", "fmin_hz", "fmax_hz")
    return () if other is None else tuple(name for name in names if getattr(spec, name) != getattr(other, name))
