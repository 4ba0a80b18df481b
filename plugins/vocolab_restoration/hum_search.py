"""Whether mains hum is there, and where its fundamental lies.

Speech comes and goes within ten seconds, and hum does not. At the 20th percentile over the frames of a segment little
is left of a spectrum but what lasts, and there lines stand out at the multiples of the mains' frequency.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 4_000
"""At which hum is looked for: 20 harmonics of 60 Hz are under its half."""
_WINDOW_SAMPLES = 3_000
_HOP_SAMPLES = 750
_SEGMENT_S = 10.0
_BIN_HZ = 0.25
_PERCENTILE = 20
_REACH_HZ = 0.6
"""How far the fundamental may be from the nominal frequency: grids keep within 0.2 Hz, recorders do not."""
_STEP_HZ = 0.02
_BESIDE_HZ = np.array([-10, -9, -8, -7, -6, -5, 5, 6, 7, 8, 9, 10.0])
_NEAR_HZ = np.array([-4.5, -3.0, 3.0, 4.5])
_LINE_DB = 8.0
"""By how much a line has to stand out of what is beside it."""
_MOST_DB = 25.0
"""What a line counts at most: one alone is no hum."""
_LEAST_SCORE_DB = 28.0
_LEAST_LINES = 2
_STEADY_SCORE_DB = 15.0
"""What is enough on average where hum is in every segment, be it a line alone: no voice keeps to one note so long."""
_STEADY_REACH_HZ = 0.35
"""How far that one may be from the nominal frequency: what is further is rather the rumble of something that turns."""
_LEAST_SEGMENTS = 2
FOUND_SHARE = 1 / 3
"""Of the segments of a chunk, in which a hum has to be found by itself; else all of them are looked at together."""
_NEAR_CANDIDATE_HZ = 0.2

Real = NDArray[np.float64]


def fundamentals_hz(samples: NDArray[np.float32], harmonics: int, mains_hz: tuple[float, ...]) -> tuple[Real, Real]:
    """The fundamental of each segment of about 10 s, and the middle of each in seconds; NaN where none is found.

    Args:
        samples: (channels, n) at `RATE_HZ`.
        harmonics: How many lines are looked at.
        mains_hz: Nominal frequencies that it may have.
    """
    n_segments = max(1, round(samples.shape[1] / (_SEGMENT_S * RATE_HZ)))
    edges = np.linspace(0, samples.shape[1], n_segments + 1).astype(int)
    middles_s = 0.5 * (edges[1:] + edges[:-1]) / RATE_HZ
    candidates_hz = np.concatenate([mains + np.arange(-_REACH_HZ, _REACH_HZ, _STEP_HZ) for mains in mains_hz])
    over_db = [_over_db(samples[:, start:stop], harmonics, candidates_hz) for start, stop in pairwise(edges)]
    found = np.array([_fundamental_hz(over, candidates_hz) for over in over_db])
    if np.isfinite(found).mean() >= FOUND_SHARE:
        return found, middles_s
    is_usual = np.min([np.abs(candidates_hz - mains) for mains in mains_hz], axis=0) <= _STEADY_REACH_HZ
    return _steady_hz([over[is_usual] for over in over_db], candidates_hz[is_usual]), middles_s


def _over_db(samples: NDArray[np.float32], harmonics: int, candidates_hz: Real) -> Real:
    """(candidates, lines): by how much more than is asked of a line each stands out; all minus infinity in silence."""
    nothing = np.full((len(candidates_hz), harmonics), -np.inf)
    if samples.shape[1] < _WINDOW_SAMPLES:
        return nothing
    floor = _floor(samples, round((harmonics * (candidates_hz.max() + 1) + 20) / _BIN_HZ))
    if not floor.any():
        return nothing
    return _prominence_db(floor, candidates_hz[:, None] * np.arange(1, harmonics + 1)) - _LINE_DB


def _fundamental_hz(over_db: Real, candidates_hz: Real) -> float:
    """That of one segment by itself."""
    scores = np.clip(over_db, 0, _MOST_DB).sum(axis=1)
    best = int(scores.argmax())
    present = over_db[best] > 0
    if scores[best] < _LEAST_SCORE_DB or present.sum() < _LEAST_LINES or not present[:2].any():
        return float("nan")
    near = np.abs(candidates_hz - candidates_hz[best]) < _NEAR_CANDIDATE_HZ
    return float(candidates_hz[np.where(near, np.clip(over_db[:, present], 0, None).sum(axis=1), 0).argmax()])


def _steady_hz(over_db: list[Real], candidates_hz: Real) -> Real:
    """Those of all segments where a weak hum, or a line alone, is in each of them at one frequency; else NaN."""
    scores = np.array([np.where((over > 0)[:, :2].any(axis=1), np.clip(over, 0, _MOST_DB).sum(axis=1), 0)
                       for over in over_db])
    near = np.abs(candidates_hz - candidates_hz[:, None]) < 1.5 * _NEAR_CANDIDATE_HZ
    highest = np.array([[score[others].max() for others in near] for score in scores])
    best = int(highest.mean(axis=0).argmax())
    if len(over_db) < _LEAST_SEGMENTS or highest[:, best].mean() < _STEADY_SCORE_DB or (
            highest[:, best].min() < _STEADY_SCORE_DB / 2):
        return np.full(len(over_db), np.nan)
    return np.asarray(candidates_hz[np.where(near[best], scores, 0).argmax(axis=1)])


def _floor(samples: NDArray[np.float32], n_bins: int) -> Real:
    """The power spectrum that lasts, over all channels."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW_SAMPLES, axis=1)[:, ::_HOP_SAMPLES]
    spectra = np.fft.rfft(frames * np.hanning(_WINDOW_SAMPLES + 1)[:-1], round(RATE_HZ / _BIN_HZ))[..., :n_bins]
    powers = np.square(np.abs(spectra)).sum(axis=0)
    return np.asarray(np.percentile(powers, _PERCENTILE, axis=0))


def _prominence_db(floor: Real, frequency_hz: Real) -> Real:
    """How far a spectrum stands out at frequencies from what is beside them, in dB."""
    bins = np.arange(len(floor)) * _BIN_HZ
    at = np.interp(frequency_hz, bins, floor)
    # A line is the highest of what is around; the foot of another tone is not.
    near = np.max([np.interp(frequency_hz + offset, bins, floor) for offset in _NEAR_HZ], axis=0)
    beside = np.median([np.interp(frequency_hz + offset, bins, floor) for offset in _BESIDE_HZ], axis=0)
    out_db = 10 * np.log10((at + 1e-20) / (beside + 1e-20))
    return np.asarray(np.where(near > at, -np.inf, out_db))
