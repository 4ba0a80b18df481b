"""Figures of many clips, their 95 % intervals, and how far apart two rows are on the same clips.

Each figure is a function of sums over clips: a mean, a ratio of sums, a largest ratio. Intervals are those of the
bootstrap over clips (Efron, 1979): clips are drawn with replacement 2000 times, always the same draws, and the middle
95 % of what comes out is the interval. Differences of two rows are taken draw by draw, clip beside clip.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.bench.clip_figures import ClipFigures
from vocolab.metrics.noise import NoiseSums

LEAST_CLIPS = 5
"""With fewer an interval would say more of the draws than of the voice."""
_DRAWS = 2000
Floats = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Tally:
    """One figure: a vector for each clip (clips, n), and what becomes of their sums (..., n)."""

    vectors: Floats
    finish: Callable[[Floats], Floats]

    @property
    def value(self) -> float:
        """Over all clips."""
        return float(self.finish(self.vectors.sum(axis=0)))

    def is_over_the_clips_of(self, other: Tally) -> bool:
        """Whether both judged the same clips, where a clip is judged or not: sums of noise just have less of it."""
        pooled = self.finish is not _ratio
        return pooled or np.array_equal(self.vectors[:, 1] != 0, other.vectors[:, 1] != 0)

    def drawn(self) -> Floats:
        """The figure of each draw of clips, (draws,)."""
        random = np.random.default_rng(0)
        n_clips = len(self.vectors)
        counts = random.multinomial(n_clips, np.full(n_clips, 1 / n_clips), size=_DRAWS).astype(np.float64)
        return self.finish(counts @ self.vectors)

    def interval(self) -> Interval | None:
        """Of 95 %; None for too few clips."""
        return _middle(self.drawn()) if len(self.vectors) >= LEAST_CLIPS else None


@dataclass(frozen=True)
class Difference:
    """One row's figure less another's, on the same clips."""

    value: float
    interval: Interval | None

    @property
    def is_clear(self) -> bool:
        """Whether 0 lies outside of the interval."""
        return self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]


def difference(one: Tally, other: Tally) -> Difference:
    """`one` less `other`, whose clips are the same in the same order."""
    few = len(one.vectors) < LEAST_CLIPS
    return Difference(one.value - other.value, None if few else _middle(one.drawn() - other.drawn()))


def tallies(measured: Sequence[ClipFigures]) -> dict[str, Tally]:
    """All figures of a row's clips by their names; one that could judge no clip is not there."""
    found = {name: _mean(measured, name) for name in dict.fromkeys(n for clip in measured for n in clip.figures)}
    for name in dict.fromkeys(n for clip in measured for n in clip.ratios):
        found[name] = Tally(np.array([clip.ratios.get(name, (0.0, 0.0)) for clip in measured], np.float64), _ratio)
    if any(clip.cpu_s for clip in measured):
        found["rtf"] = Tally(np.array([[clip.cpu_s, clip.audio_s] for clip in measured]), _ratio)
    for name, noises in (("", [clip.noise for clip in measured]), ("_8k", [clip.upper_noise for clip in measured])):
        if any(noise.seconds for noise in noises):
            found["repetition" + name] = _repetition(noises)
            found["noise_modulation_db" + name] = Tally(np.array([noise.envelope for noise in noises]), _decibels)
    return found


def _mean(measured: Sequence[ClipFigures], name: str) -> Tally:
    return Tally(np.array([[clip.figures.get(name, 0.0), name in clip.figures] for clip in measured]), _ratio)


def _repetition(noises: Sequence[NoiseSums]) -> Tally:
    return Tally(np.array([[*noise.products, *noise.energies] for noise in noises]), _largest_ratio)


def _ratio(sums: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[..., 0] / sums[..., 1])


def _largest_ratio(sums: Floats) -> Floats:
    half = sums.shape[-1] // 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((np.abs(sums[..., :half]) / sums[..., half:]).max(axis=-1))


def _decibels(sums: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(10 * np.log10(sums[..., 0] / sums[..., 1]))


def _middle(drawn: Floats) -> Interval | None:
    """Draws in which no clip could be judged are left out."""
    judged = drawn[np.isfinite(drawn)]
    if not judged.size:
        return None
    low, high = np.percentile(judged, [2.5, 97.5])
    return float(low), float(high)
