"""A pitch curve from a file: F0 that somebody drew, or that was measured elsewhere."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CallError
from vocolab.given_files import open_given

_MOST_BYTES = 50_000_000
"""An hour of frames at 1 ms has 3.6 million numbers; more is no pitch curve."""
_COLUMNS = ("time_s", "f0_hz")


@dataclass(frozen=True)
class PitchCurve:
    """F0 in Hz, 0 where unvoiced, at rising times in seconds; without times one value belongs to each frame."""

    f0_hz: NDArray[np.float64]
    time_s: NDArray[np.float64] | None = None

    def at_frames(self, frames: int, frame_rate_hz: float) -> NDArray[np.float32]:
        """F0 in the middle of each frame, (frames,).

        Between two voiced points it glides along a straight line of log F0; elsewhere the nearest point says. Frames
        before the first and after the last point are unvoiced where that point is, and else as high.

        Raises:
            CallError: if it has no value for each frame, or ends a frame or more before they do.
        """
        if self.time_s is None:
            if self.f0_hz.size != frames:
                raise CallError(f"{self.f0_hz.size} values for the {frames} frames of the mel: a curve has one for "
                                "each frame, or a time beside each value")
            return self.f0_hz.astype(np.float32)
        middles = (np.arange(frames, dtype=np.float64) + 0.5) / frame_rate_hz
        self._check_reach(middles, 1 / frame_rate_hz)
        following = np.searchsorted(self.time_s, middles)
        after, before = np.minimum(following, self.time_s.size - 1), np.maximum(following - 1, 0)
        nearest = np.where(middles - self.time_s[before] <= self.time_s[after] - middles, before, after)
        glide = np.exp(np.interp(middles, self.time_s, np.log(np.maximum(self.f0_hz, 1e-9))))
        both_voiced = (self.f0_hz[before] > 0) & (self.f0_hz[after] > 0)
        return np.where(both_voiced, glide, self.f0_hz[nearest]).astype(np.float32)

    def _check_reach(self, middles: NDArray[np.float64], frame_s: float) -> None:
        assert self.time_s is not None
        if self.time_s[0] > middles[0] + frame_s or self.time_s[-1] < middles[-1] - frame_s:
            raise CallError(f"its times go from {self.time_s[0]:.3f} to {self.time_s[-1]:.3f} s, and the mel from 0 to "
                            f"{middles[-1] + frame_s / 2:.3f} s: let it cover the mel")


def read_curve(path: str | os.PathLike[str]) -> PitchCurve:
    """A curve from a `.npy` of (frames,) Hz or of (points, 2) times and Hz, or a `.csv` with columns time_s and f0_hz.

    Raises:
        CallError: if the file is missing, is none of these, or holds what is no F0 or no rising time.
    """
    file = Path(path)
    try:
        with open_given(file) as stream:
            content = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise CallError(f"can't be read: {error.strerror or error}", about=file) from error
    if len(content) > _MOST_BYTES:
        raise CallError(f"is larger than {_MOST_BYTES // 1_000_000} MB, which no pitch curve is", about=file)
    readers = {".npy": _from_npy, ".csv": _from_csv}
    if file.suffix.lower() not in readers:
        raise CallError("a pitch curve is a .npy or a .csv; 'vocolab features -o NAME.csv' writes one", about=file)
    try:
        table = readers[file.suffix.lower()](content)
    except ValueError as error:
        raise CallError(f"holds no pitch curve: {error}", about=file) from error
    return _checked(table, file)


def _from_npy(content: bytes) -> NDArray[np.float64]:
    from vocolab.mels.npy import read_npy

    array = read_npy(io.BytesIO(content), len(content))
    if array.dtype.kind not in "fiu" or not (array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 2)):
        raise ValueError(f"{array.dtype} {array.shape}; it takes numbers of the shape (frames,) or (points, 2)")
    return np.asarray(array, dtype=np.float64)


def _from_csv(content: bytes) -> NDArray[np.float64]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True)
    try:
        names = [name.strip() for name in next(rows, [])]
        missing = [name for name in _COLUMNS if name not in names]
        if missing:
            raise ValueError(f"its first line has no column {' and no column '.join(missing)}")
        columns = [names.index(name) for name in _COLUMNS]
        return np.array([_numbers(row, columns, line) for line, row in enumerate(rows, 2) if row]).reshape(-1, 2)
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _numbers(row: list[str], columns: list[int], line: int) -> list[float]:
    try:
        return [float(row[column]) for column in columns]
    except (IndexError, ValueError):
        raise ValueError(f"line {line} has no two numbers in its columns {' and '.join(_COLUMNS)}") from None


def _checked(table: NDArray[np.float64], file: Path) -> PitchCurve:
    f0_hz, time_s = (table, None) if table.ndim == 1 else (table[:, 1], table[:, 0])
    if f0_hz.size == 0:
        raise CallError("holds no value", about=file)
    wrong = ~np.isfinite(f0_hz) | (f0_hz < 0)
    if wrong.any():
        first = int(np.argmax(wrong))
        raise CallError(f"value {first + 1} is {f0_hz[first]:g} Hz; F0 is above 0, and 0 where unvoiced", about=file)
    if time_s is not None and not (np.isfinite(time_s).all() and (np.diff(time_s) > 0).all()):
        raise CallError("its times do not rise from each to the next", about=file)
    return PitchCurve(f0_hz, time_s)
