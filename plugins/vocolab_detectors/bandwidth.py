"""Bandwidth: up to where a recording holds sound, and what cut it off.

Lossy codecs leave out what is above a frequency, and so does going to a lower sample rate. Either is a wall: tens of
decibels within a few hundred hertz, and nothing above it. Where it stands tells them apart: resampling has its wall
at the end of another rate's band, and encoders mostly elsewhere, so that it can't be missed that bits were saved.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from vocolab.findings import Finding, Mark
from vocolab.options import Options
from vocolab_detectors.spectra import PowerFrames, Powers

_WINDOW_S = 0.043
_SEGMENT_FRAMES = 8
_BESIDE_HZ, _GAP_HZ = 400.0, 60.0
"""What is compared on both sides of a wall, and how wide the wall itself may be on either side."""
_WALL_DB = 20.0
_LOWEST_WALL_HZ = 2_000.0
_ABOVE_DB = 8.0
"""Nothing above a wall comes so far over what is right behind it."""
_OWN_BAND = 0.94
"""Filters of converters and resamplers have their wall between this share of half the rate and all of it."""
_FULL_BAND = 1.07
"""Gentle ones let through a little more."""
_BEFORE, _FALLEN_DB = 0.15, 12.0
"""A wall begins where this much is gone of what was this share of its frequency before it."""
_RATES_HZ = (8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 88_200, 96_000)
"""That recordings are made at, or were resampled from. 32 kHz is not: encoders of 128 kbit/s have their wall there."""
_OVER_REST_DB = 6.0
_SILENCE = 1e-20
"""Power that is counted as none (-200 dB)."""


class Bandwidth:
    """The usual spectrum of a third of a second, and that of the quietest, which is what remains where nobody speaks.

    The usual one is a mean in dB, so that clicks, which reach over every wall, count for little.
    """

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        self._rate_hz, self._n_samples = sample_rate, 0
        self._frames = PowerFrames(sample_rate, channels, _WINDOW_S)
        n_bins = len(self._frames.frequency_hz)
        self._segment, self._n_frames = np.zeros(n_bins), 0
        self._sum_db, self._n_segments = np.zeros(n_bins), 0
        self._rest_db = np.full(n_bins, np.inf)

    def accept(self, block: NDArray[np.float32]) -> None:
        """The next samples (channels, n)."""
        self._n_samples += block.shape[1]
        for powers in self._frames.of(block):
            for frame in powers:
                self._take(frame)

    def findings(self) -> Iterable[Finding]:
        """One finding: bandwidth in Hz, and whether a codec or another rate set it. None for silence."""
        if self._n_frames:
            self._end_segment()
        if not self._n_segments:
            return
        level_db = self._sum_db / self._n_segments
        wall = _wall(level_db, self._frames.frequency_hz)
        own_hz = self._rate_hz / 2
        if wall is None or wall[0] >= _OWN_BAND * own_hz:
            yield self._without_a_wall(level_db)
            return
        edge_hz, drop_db = wall
        rate_hz = _rate_behind(edge_hz, self._rate_hz)
        figures = {"bandwidth_hz": round(edge_hz), "wall_db": round(drop_db, 1), "lossy": rate_hz is None,
                   "resampled_from_hz": rate_hz}
        why = f"at {rate_hz / 1000:g} kHz before" if rate_hz else "coded with losses (MP3, AAC or the like)"
        yield Finding(
            fault="bandwidth", is_fault=True, figures=figures,
            sentence=f"{why}: everything above {edge_hz / 1000:.1f} kHz is cut off by {drop_db:.0f} dB",
            marks=(Mark(0.0, self._n_samples / self._rate_hz, edge_hz, own_hz),),
            advice="nothing brings back what is gone; ask for the original recording",
        )

    def _take(self, frame: Powers) -> None:
        self._segment += frame
        self._n_frames += 1
        if self._n_frames == _SEGMENT_FRAMES:
            self._end_segment()

    def _end_segment(self) -> None:
        if self._segment.sum() > _SILENCE:
            level_db = 10 * np.log10(self._segment / self._n_frames + _SILENCE)
            self._sum_db += level_db
            self._rest_db = np.minimum(self._rest_db, level_db)
            self._n_segments += 1
        self._segment, self._n_frames = np.zeros_like(self._segment), 0

    def _without_a_wall(self, level_db: Powers) -> Finding:
        """Up to where sound comes and goes; of steady sound, all of the band."""
        frequency_hz = self._frames.frequency_hz
        over = np.flatnonzero(_smooth(level_db - self._rest_db, frequency_hz) >= _OVER_REST_DB)
        highest_hz = float(frequency_hz[over[-1]] if len(over) else frequency_hz[-1])
        return Finding(
            fault="bandwidth", is_fault=False,
            sentence=f"sound up to {highest_hz / 1000:.1f} kHz of {self._rate_hz / 2000:g} kHz, and no sign of a codec",
            figures={"bandwidth_hz": round(highest_hz), "wall_db": None, "lossy": False, "resampled_from_hz": None},
        )


def _wall(level_db: Powers, frequency_hz: Powers) -> tuple[float, float] | None:
    """Where the spectrum falls and stays down: the frequency in Hz, and by how much in dB. None where it does not."""
    bin_hz = float(frequency_hz[1])
    beside, gap = max(3, round(_BESIDE_HZ / bin_hz)), max(1, round(_GAP_HZ / bin_hz))
    first, last = max(round(_LOWEST_WALL_HZ / bin_hz), gap + beside), len(level_db) - gap - 3
    if last <= first:
        return None
    levels = np.pad(level_db, (0, beside), constant_values=np.nan)  # at the end fewer bins are compared
    medians = np.nanmedian(sliding_window_view(levels, beside)[: len(level_db)], axis=1)
    middles = np.arange(first, last)
    drops = medians[middles - gap - beside] - medians[middles + gap]
    best = int(drops.argmax())
    behind = level_db[middles[best] + gap :]
    steps_db = [np.median(behind[start : start + beside]) for start in range(0, len(behind), beside)]
    comes_back = max(steps_db) > steps_db[0] + _ABOVE_DB
    if drops[best] < _WALL_DB or comes_back:
        return None
    return float(frequency_hz[_edge(level_db, int(middles[best]), beside)]), float(drops[best])


def _edge(level_db: Powers, middle: int, beside: int) -> int:
    """The bin where the fall begins that is steepest at `middle`: that of a gentle filter is long before it."""
    start = middle - round(_BEFORE * middle)
    before_db = float(np.median(level_db[max(0, start - beside) : start]))
    still_there = np.flatnonzero(level_db[start:middle] >= before_db - _FALLEN_DB)
    return start + int(still_there[-1]) if len(still_there) else middle


def _rate_behind(edge_hz: float, sample_rate: int) -> int | None:
    """The lower sample rate whose band ends where a wall stands; None where there is none."""
    near = [rate for rate in _RATES_HZ
            if rate < sample_rate and _OWN_BAND * rate / 2 <= edge_hz <= _FULL_BAND * rate / 2]
    return min(near, key=lambda rate: abs(edge_hz - rate / 2), default=None)


def _smooth(level_db: Powers, frequency_hz: Powers) -> Powers:
    """Means over 400 Hz, so that single bins count for little."""
    width = max(1, min(len(level_db), round(_BESIDE_HZ / float(frequency_hz[1]))))
    padded = np.pad(level_db, (width // 2, width - 1 - width // 2), mode="edge")
    return np.convolve(padded, np.ones(width) / width, mode="valid")
