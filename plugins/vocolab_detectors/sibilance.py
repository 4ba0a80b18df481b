"""Sibilance: how loud the s sounds of a voice are beside its vowels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vocolab.findings import Finding, Mark, Remedy
from vocolab.options import Options
from vocolab_detectors.spectra import PowerFrames, Powers

_WINDOW_S = 0.021
_LOWEST_HZ, _HIGHEST_HZ = 5_000.0, 12_000.0
"""Where an s is: all above the first counts, and marks end at the second."""
_LEAST_RATE_HZ = 14_000
"""Under it the band of sibilants is not there."""
_MOSTLY = 0.7
"""The share of a frame's power that is over 5 kHz where an s is said."""
_LOWEST_DB, _BIN_DB = -120.0, 0.5
_UNDER_SPEECH_DB = 30.0
"""What is so far under the vowels is noise, and no s."""
_LOUD_PERCENTILE = 90.0
_FEWEST_FRAMES = 8
_FAULT_DB = 11.0
_WANTED_DB = 2.0
_MOST_REDUCTION_DB = 12.0
_JOINED_S = 0.06


class Sibilance:
    """Frames that are mostly highs against frames that are mostly not, by the loud ones of each."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        self._frames = PowerFrames(sample_rate, channels, _WINDOW_S, overlap=2)
        self._hop_s, self._window_s = self._frames.hop / sample_rate, self._frames.size / sample_rate
        frequency_hz = self._frames.frequency_hz
        self._band = frequency_hz >= _LOWEST_HZ
        self._is_there = sample_rate >= _LEAST_RATE_HZ
        n_bins = round(-_LOWEST_DB / _BIN_DB) + 20
        self._vowels, self._sibilants = np.zeros(n_bins, np.int64), np.zeros(n_bins, np.int64)
        self._n_frames = 0
        self._heard: list[_Heard] = []

    def accept(self, block: NDArray[np.float32]) -> None:
        """The next samples (channels, n)."""
        if self._is_there:
            for powers in self._frames.of(block):
                self._take(powers)

    def findings(self) -> Iterable[Finding]:
        """One finding: the level of the loud sibilants over that of the loud vowels. None where either is missing."""
        vowels_db = _level_db(self._vowels)
        if vowels_db is None:
            return
        from_db = vowels_db - _UNDER_SPEECH_DB
        counted = self._sibilants.copy()
        counted[: _bins(np.array([from_db]))[0]] = 0
        level_db = _level_db(counted)
        if level_db is None:
            return
        relative_db = level_db - vowels_db
        is_fault = relative_db >= _FAULT_DB
        marks = self._marks(vowels_db + _FAULT_DB) if is_fault else ()
        reduction_db = float(min(_MOST_REDUCTION_DB, round(relative_db - _WANTED_DB)))
        position = f"{abs(relative_db):.1f} dB {'over' if relative_db > 0 else 'under'} the vowels"
        yield Finding(
            fault="sibilance", is_fault=is_fault, marks=marks,
            sentence=f"{'sharp sibilants' if is_fault else 'sibilants'}: {position}",
            figures={"sibilance_db": round(relative_db, 2), "sharp_sibilants": len(marks)},
            remedies=(Remedy("de-esser", {"max_reduction_db": reduction_db}),) if is_fault else (),
        )

    def _take(self, powers: Powers) -> None:
        whole, highs = powers.sum(axis=1), powers[:, self._band].sum(axis=1)
        is_sibilant = highs > _MOSTLY * whole
        level_db = 10 * np.log10(np.where(is_sibilant, highs, whole) + 1e-12)
        np.add.at(self._vowels, _bins(level_db[~is_sibilant]), 1)
        np.add.at(self._sibilants, _bins(level_db[is_sibilant]), 1)
        for frame in np.flatnonzero(is_sibilant):
            self._note(self._n_frames + int(frame), float(level_db[frame]))
        self._n_frames += len(powers)

    def _note(self, frame: int, level_db: float) -> None:
        if self._heard and (frame - self._heard[-1].last) * self._hop_s <= _JOINED_S:
            level_db = max(level_db, self._heard[-1].level_db)
            self._heard[-1] = _Heard(self._heard[-1].first, frame, level_db)
        else:
            self._heard.append(_Heard(frame, frame, level_db))

    def _marks(self, from_db: float) -> tuple[Mark, ...]:
        return tuple(
            Mark(one.first * self._hop_s, one.last * self._hop_s + self._window_s, _LOWEST_HZ, _HIGHEST_HZ)
            for one in self._heard if one.level_db >= from_db
        )


class _Heard(NamedTuple):
    """An s: its first and its last frame, and how loud it gets."""

    first: int
    last: int
    level_db: float


def _bins(level_db: Powers) -> NDArray[np.int64]:
    return np.clip((level_db - _LOWEST_DB) / _BIN_DB, 0, round(-_LOWEST_DB / _BIN_DB) + 19).astype(np.int64)


def _level_db(counts: NDArray[np.int64]) -> float | None:
    """The level that nine of ten frames stay under; None of too few frames, and of silence."""
    heard = counts.copy()
    heard[0] = 0
    total = int(heard.sum())
    if total < _FEWEST_FRAMES:
        return None
    index = int(np.searchsorted(np.cumsum(heard), total * _LOUD_PERCENTILE / 100))
    return _LOWEST_DB + (index + 0.5) * _BIN_DB
