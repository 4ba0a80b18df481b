"""Loudness by turn: stretches of speech at one level, and how far they are apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.findings import Finding, Mark, Remedy
from vocolab.loudness.bins import PowerBins
from vocolab.loudness.gating import ABSOLUTE_GATE_LUFS, OFFSET_LU, channel_weights, gated_lufs
from vocolab.loudness.kweighting import KWeighting
from vocolab.options import Options

Levels = NDArray[np.float64]
_BIN_MS = 100
_BIN_S = _BIN_MS / 1000
_PAUSE_BINS = 4
"""What is quiet for longer ends a phrase."""
_SHORTEST_BINS = 8
"""A phrase of less is somebody's yes, and is not judged."""
_OVER_NOISE_DB, _UNDER_LOUD_DB = 10.0, 40.0
_STEADY_DB = 12.0
"""Sound with less between loud and soft has no pauses that could be told."""
_LOUD_PERCENTILE, _SOFT_PERCENTILE = 95, 5
_SAME_LU = 4.0
"""A phrase that is nearer to the turn before it belongs to it."""
_LEAST_SHARE = 0.1
"""Of all speech, that loud and soft turns have to have before they count."""
_FAULT_LU = 8.0
_MOST_DB = 20.0
_SILENCE = 1e-12


@dataclass(frozen=True)
class Turn:
    """A stretch of speech at one level."""

    start: int
    end: int
    """In bins of 0.1 s."""
    lufs: float

    @property
    def n_bins(self) -> int:
        """How long it is."""
        return self.end - self.start


class Turns:
    """The loudness of each turn, K-weighted; a number every tenth of a second is kept.

    Under 16 kHz the weighting is a few tenths of a decibel off, which the difference between two turns is not.
    """

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        try:
            weights = channel_weights(channels)
        except AudioError:  # of so many channels nobody knows what they are for
            weights = np.ones(channels)
        self._weighting = KWeighting(sample_rate, channels)
        self._bins = PowerBins(sample_rate, _BIN_MS, weights)
        self._sample_rate = sample_rate

    def accept(self, block: NDArray[np.float32]) -> None:
        """The next samples (channels, n)."""
        self._bins.add(self._weighting.process(block))

    def findings(self) -> Iterable[Finding]:
        """One finding: how far the louder turns are over the softer ones. None where no phrase is long enough."""
        turns = turns_of(self._bins.window_powers(1))
        if not turns:
            return
        spread_lu = _spread_lu(turns)
        is_fault = spread_lu >= _FAULT_LU
        length_s = self._bins.n_samples / self._sample_rate
        boost_db = float(min(_MOST_DB, round(spread_lu)))
        marks = tuple(Mark(turn.start * _BIN_S, min(turn.end * _BIN_S, length_s)) for turn in turns)
        yield Finding(
            fault="levels", is_fault=is_fault, sentence=_told(turns, spread_lu, is_fault),
            figures={
                "level_spread_lu": round(spread_lu, 2), "turns": len(turns),
                "turn_start_s": tuple(round(turn.start * _BIN_S, 2) for turn in turns),
                "turn_end_s": tuple(round(turn.end * _BIN_S, 2) for turn in turns),
                "turn_lufs": tuple(round(turn.lufs, 2) for turn in turns),
            },
            marks=marks if is_fault else (),
            remedies=(Remedy("leveler", {"max_boost_db": boost_db, "max_cut_db": boost_db}),) if is_fault else (),
        )


def _told(turns: list[Turn], spread_lu: float, is_fault: bool) -> str:
    if len(turns) == 1:
        return f"speech at one level, {turns[0].lufs:.1f} LUFS"
    soft, loud = min(turn.lufs for turn in turns), max(turn.lufs for turn in turns)
    at = f"{len(turns)} turns at {soft:.1f} to {loud:.1f} LUFS, {spread_lu:.1f} LU between loud and soft"
    return f"speakers at different levels: {at}" if is_fault else f"speech in {at}"


def turns_of(powers: Levels) -> list[Turn]:
    """The turns of a recording by the K-weighted power of each tenth of a second."""
    found: list[Turn] = []
    for start, end in _phrases(powers):
        lufs = gated_lufs(powers[start:end])
        if lufs is None or end - start < _SHORTEST_BINS:
            continue
        if found and abs(found[-1].lufs - lufs) < _SAME_LU:
            start = found.pop().start
            lufs = gated_lufs(powers[start:end]) or lufs
        found.append(Turn(start, end, lufs))
    return found


def _phrases(powers: Levels) -> list[tuple[int, int]]:
    """Where somebody speaks, in bins from the first to behind the last."""
    level_db = OFFSET_LU + 10 * np.log10(powers + _SILENCE)
    if not len(level_db):
        return []
    loud, soft = np.percentile(level_db, [_LOUD_PERCENTILE, _SOFT_PERCENTILE])
    is_steady = loud - soft < _STEADY_DB
    over_noise = -np.inf if is_steady else soft + _OVER_NOISE_DB
    heard = np.flatnonzero(level_db > max(ABSOLUTE_GATE_LUFS, loud - _UNDER_LOUD_DB, over_noise))
    if not len(heard):
        return []
    gaps = np.flatnonzero(np.diff(heard) > _PAUSE_BINS)
    edges = np.concatenate([[0], gaps + 1, [len(heard)]])
    return [(int(heard[first]), int(heard[last - 1]) + 1) for first, last in pairwise(edges)]


def _spread_lu(turns: list[Turn]) -> float:
    """Between the loudness that a tenth of the speech is over and the one that a tenth is under."""
    order = sorted(turns, key=lambda turn: turn.lufs)
    share = np.cumsum([turn.n_bins for turn in order]) / sum(turn.n_bins for turn in order)
    soft = order[int(np.searchsorted(share, _LEAST_SHARE))].lufs
    loud = order[min(int(np.searchsorted(share, 1 - _LEAST_SHARE)), len(order) - 1)].lufs
    return loud - soft
