"""Finding clicks: moments that nothing before explains and nothing after, and that stand alone.

A glottal pulse is unexpected too, but comes again a period later; the burst of a stop is unexpected from before, and
goes on after it. Both stand out in one direction of time. A click stands out in both: over all that is unexpected in
the 8 ms before it and in the 8 ms after it.

How far it stands out is weighed by what else tells a click from a burst: it is loud against the 40 ms around it, what
comes after it is no more than what was before it, and it is short. The weights are those of a logistic regression on
inserted clicks and on speech without them; the scale is such that 7 finds 95 % of clicks 10 dB over the local level.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from vocolab_restoration.prediction import HOP_S, Grid, Predicted, Samples, model_at, predicted

_CELL_S = 0.000_25
_CLICK_S = 0.001
"""A click rings no longer than that in the residual."""
_NEAREST_S, _FARTHEST_S = 0.002, 0.008
"""From where to where it is compared with its surroundings."""
_FLOOR = 1e-4
"""-80 dBFS: added to the surroundings, so that the last bit of a quiet recording is no click in its silence."""
_EDGE = 0.1
"""Share of a click's residual from which on it has begun."""
_OVER_ITS_SURROUNDINGS = 1.2
_WHITE = 1e-4
"""What the models of the search expect of it: else they would look at nothing but the band over a codec's or a
resampler's cutoff, where every sound is unexpected."""
_LEAST_SCORE = 2.0
"""What stands out less is not looked at."""
_LOUD, _FADES, _SHORT = 0.75, 0.4, 1 / 3
"""Exponents: of its peak over what is around it, of what was before it over what is after it, of a millisecond over its
length."""
_SCALE = 1 / 2.43
_AROUND_S = 0.02


@dataclass(frozen=True)
class Click:
    """Where a click is in the samples that were looked through."""

    start: int
    stop: int
    score: float
    """How many times the residual of its surroundings that of the click is, weighed."""
    model: NDArray[np.float64]
    """The prediction that explains what is around it."""


class ClickFinder:
    """Looks for clicks in stretches of mono audio.

    Args:
        sample_rate: In Hz.
        threshold: The least score.
        longest_ms: What lasts longer is no click.
    """

    def __init__(self, sample_rate: int, threshold: float, longest_ms: float) -> None:
        self.grid = Grid.of(sample_rate)
        self.margin = self.grid.margin + 4 * self.grid.hop
        """Samples on either side that are looked at, and not looked through: a whole number of hops."""
        self._cell = max(1, round(_CELL_S * sample_rate))
        self._threshold = threshold
        self._longest = max(1, round(longest_ms / 1000 * sample_rate))

        def cells(seconds: float) -> int:
            return max(1, round(seconds * sample_rate / self._cell))

        self._rings, self._nearest, self._farthest = cells(_CLICK_S), cells(_NEAREST_S), cells(_FARTHEST_S)

    def find(self, window: Samples) -> list[Click]:
        """The clicks of (margin + n + margin) samples that are in the middle of it, at least in part."""
        found = predicted(window, self.grid, _WHITE)
        forward, backward = self._cells(found.forward), self._cells(found.backward)
        ahead, behind = self._surroundings(forward), self._surroundings(backward)
        scores = np.minimum(self._scores(forward, ahead), self._scores(backward, behind))
        clicks = []
        for peak in self._peaks(scores):
            level = _OVER_ITS_SURROUNDINGS * max(ahead[peak], behind[peak])
            span = self._span(found, peak, level)
            if span is None or span[1] < self.margin or span[0] >= len(window) - self.margin:
                continue
            score = float(scores[peak]) * self._weight(window, span, forward, backward, peak)
            if score > self._threshold:
                clicks.append(Click(*span, score, self._model(window, span[0])))
        return clicks

    def _weight(
        self, window: Samples, span: tuple[int, int], forward: Samples, backward: Samples, peak: int
    ) -> float:
        """How much more it is a click than its residual says, or less."""
        start, stop = span
        reach = round(_AROUND_S * self.grid.hop / HOP_S)
        around = _rms(window[max(0, start - reach) : start + reach])
        highest = forward[max(0, peak - self._rings) : peak + self._rings + 1].max()
        before = _rms(forward[max(0, peak - self._farthest) : max(0, peak - self._nearest + 1)])
        after = _rms(backward[peak + self._nearest : peak + self._farthest + 1])
        length_ms = 1000 * (stop - start) * HOP_S / self.grid.hop
        fading = (before + _FLOOR) / (after + _FLOOR)
        return float(_SCALE * (highest / (around + 1e-5)) ** _LOUD * fading**_FADES / length_ms**_SHORT)

    def _model(self, window: Samples, start: int) -> Samples:
        n_hops = (len(window) - 2 * self.grid.margin) // self.grid.hop
        return model_at(window, self.grid, min((start - self.grid.margin) // self.grid.hop, n_hops - 1))

    def _cells(self, residual: Samples) -> Samples:
        n_cells = len(residual) // self._cell
        return np.abs(residual[: n_cells * self._cell]).reshape(n_cells, self._cell).max(axis=1)

    def _surroundings(self, cells: Samples) -> Samples:
        """The highest before and after each cell."""
        width = self._farthest - self._nearest + 1
        highest = maximum_filter1d(np.pad(cells, self._farthest), width, origin=-(width // 2))[: -width + 1 or None]
        # highest[i] is that of the padded cells from i on.
        n_cells = len(cells)
        before, after = highest[:n_cells], highest[self._farthest + self._nearest :][:n_cells]
        return np.maximum(before, after)

    def _scores(self, cells: Samples, surroundings: Samples) -> Samples:
        scores = np.where(cells > 3 * _FLOOR, cells / (surroundings + _FLOOR), 0.0)
        return np.asarray(maximum_filter1d(scores, 2 * self._rings + 1))

    def _peaks(self, scores: Samples) -> list[int]:
        """The middle of each stretch of cells that stand out."""
        over = np.flatnonzero(scores > _LEAST_SCORE)
        stretches = np.split(over, np.flatnonzero(np.diff(over) > 1) + 1) if len(over) else []
        return [int(stretch[0] + stretch[-1]) // 2 for stretch in stretches]

    def _span(self, found: Predicted, peak: int, level: float) -> tuple[int, int] | None:
        """From where nothing before explains it to where nothing behind does; None for what is a step, or too long."""
        reach = 2 * self._rings * self._cell + self._longest // 2
        first = max(0, peak * self._cell - reach)
        forward = np.abs(found.forward[first : peak * self._cell + reach])
        backward = np.abs(found.backward[first : peak * self._cell + reach])
        limit = max(level, _EDGE * min(forward.max(), backward.max()))
        starts, stops = np.flatnonzero(forward > limit), np.flatnonzero(backward > limit)
        if not len(starts) or not len(stops):
            return None
        start, stop = first + int(starts[0]), first + int(stops[-1]) + 1
        if not 0 < stop - start <= self._longest:
            return None
        return start + self.grid.margin, stop + self.grid.margin


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
