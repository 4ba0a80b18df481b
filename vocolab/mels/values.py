"""From any array that somebody holds for a mel to float32 values of (n_mels, frames)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vocolab.errors import MelError, MelMismatch
from vocolab.guarding.arrays import array_of

# How much band-to-band roughness counts beside spectral tilt when a square array's axes are told apart. Of 480 windows
# of 80 frames each, from 40 speech files, 4.0 settles 99 % right for ln mels and 92 % for DiffWave's.
_ROUGHNESS_WEIGHT = 4.0
_WEAK_EVIDENCE = 0.2


def floats(array: ArrayLike, source: str, *, copy: bool = True) -> NDArray[np.float32]:
    """A 2-D float32 array without NaN and infinity; of a batch of one, the one.

    `source` begins every message: the file's name, or "the array". Without `copy` it may be the array itself, which
    then has to stay as it is.

    Raises:
        MelError: if the array is none of float16, float32 and float64, is empty, or has other dimensions.
    """
    values = array_of(array, "a mel", MelError)
    if values.dtype.kind != "f" or values.dtype.itemsize > 8:
        raise MelError(f"its numbers are {values.dtype}; {_about_dtype(values.dtype)}", about=source)
    values = alone(values)
    if values.ndim != 2:
        raise MelError(f"its shape is {values.shape}; {_about_shape(values.shape)}", about=source)
    if values.size == 0:
        raise MelError(f"its shape is {values.shape}, so it has no frames; there is nothing to render", about=source)
    _check_finite(values, source)
    with np.errstate(over="ignore"):
        result: NDArray[np.float32] = values.astype(np.float32, copy=copy)
    _check_finite(result, source, "values beyond float32")
    return result


def alone(values: NDArray[Any]) -> NDArray[Any]:
    """The mel in a batch of one, (1, n_mels, frames) or (1, 1, n_mels, frames); anything else as it is."""
    while values.ndim in (3, 4) and values.shape[0] == 1:
        values = values[0]
    return values


def settle(values: NDArray[np.float32], n_mels: int, source: str) -> tuple[NDArray[np.float32], str]:
    """`values` as (n_mels, frames), and how the axes were told apart.

    Raises:
        MelMismatch: if neither axis has `n_mels` entries.
    """
    rows, columns = values.shape
    if n_mels not in (rows, columns):
        raise MelMismatch(f"its shape is {values.shape}, and one axis has to be {n_mels} bands"
                          f"{_who_has((rows, columns))}", ["n_mels"], about=source)
    if rows != columns:
        if rows == n_mels:
            return np.ascontiguousarray(values), f"(n_mels, frames): the first axis has {n_mels} entries"
        return np.ascontiguousarray(values.T), f"(frames, n_mels): the second axis has {n_mels} entries"
    evidence = band_axis_evidence(values)
    if evidence < -_WEAK_EVIDENCE:
        return np.ascontiguousarray(values.T), ("(frames, n_mels): both axes have the same length, and the spectrum's "
                                                "tilt and roughness lie along the second")
    if evidence > _WEAK_EVIDENCE:
        return values, ("(n_mels, frames): both axes have the same length, and the spectrum's tilt and roughness lie "
                        "along the first")
    return values, "(n_mels, frames): both axes have the same length and look alike, so this is a guess"


def band_axis_evidence(values: NDArray[np.float32]) -> float:
    """Above 0 where the first axis looks like mel bands and the second like time, below 0 for the reverse.

    Speech falls towards high bands, and changes more from band to band than from frame to frame. Silence at an end
    has nothing to say.
    """
    heard = values > values.min()
    values = values[heard.any(axis=1)][:, heard.any(axis=0)]
    if values.size == 0 or min(values.shape) < 3:
        return 0.0
    tilt = trend(values.mean(axis=0)) - trend(values.mean(axis=1))
    across_bands = float(np.abs(np.diff(values, axis=0)).mean())
    across_time = float(np.abs(np.diff(values, axis=1)).mean())
    if across_bands == 0.0 or across_time == 0.0:
        return tilt
    return tilt + _ROUGHNESS_WEIGHT * float(np.log(across_bands / across_time))


def trend(profile: NDArray[np.floating[Any]]) -> float:
    """Correlation with a rising line, 0 for a flat profile."""
    line = np.arange(profile.size) - (profile.size - 1) / 2
    centred = profile - profile.mean()
    norm = float(np.sqrt(np.sum(line**2) * np.sum(centred**2)))
    return float(line @ centred) / norm if norm > 0 else 0.0


def _check_finite(values: NDArray[Any], source: str, what: str = "") -> None:
    with np.errstate(invalid="ignore"):
        if np.isfinite([values.min(), values.max()]).all():  # without a mask of all values
            return
    bad = ~np.isfinite(values)
    count = int(bad.sum())
    row, column = (int(index) for index in np.argwhere(bad)[0])
    what = what or ("NaN" if np.isnan(values[bad]).all() else "infinity" if np.isinf(values[bad]).all()
                    else "NaN or infinity")
    raise MelError(f"{count} of {values.size} values {'is' if count == 1 else 'are'} {what}, the first at "
                   f"[{row}, {column}]; look at what made the mel", about=source)


def _about_dtype(dtype: np.dtype[Any]) -> str:
    if dtype.kind in "iub":
        return ("a mel is floating-point; whole numbers may be quantised values or a picture, which states nothing of "
                "its levels")
    if dtype.kind == "c":
        return "a mel is real; complex numbers may be an STFT: take magnitudes, then the mel filters"
    if dtype.kind == "f":
        return "save it as float32 or float64"
    return "a mel is an array of float16, float32 or float64"


def _about_shape(shape: tuple[int, ...]) -> str:
    if len(shape) == 3:
        return f"a mel is (n_mels, frames), and this looks like a batch of {shape[0]}: take one of it, as in mel[0]"
    if len(shape) == 1:
        return "a mel is (n_mels, frames), and this may be audio, from which 'vocolab mel' makes one"
    return "a mel is (n_mels, frames) or (frames, n_mels)"


def _who_has(lengths: tuple[int, int]) -> str:
    """Which conventions have one of these numbers of bands, for a message."""
    from vocolab.mels.conventions import conventions

    known = [c for c in conventions() if c.spec.n_mels in lengths]
    if not known:
        return ""
    bands = known[0].spec.n_mels
    return f" ({bands} are what {', '.join(c.name for c in known if c.spec.n_mels == bands)} have)"
