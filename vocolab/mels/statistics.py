"""CMVN statistics out of files: mean and scale of every band of a corpus, in the forms in which toolkits keep them."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import MelError
from vocolab.given_files import open_given
from vocolab.mels.archives import ARCHIVE_PROBLEMS, read_member
from vocolab.mels.npy import read_npy

_LEAST_VARIANCE = 1e-20
"""What ESPnet takes for the variance of a band that never changes."""
_FORMS = ("an .npz with count, sum and sum_square (ESPnet's feats_stats.npz), or with mean and scale, std or var; "
          "an .npy of two rows, mean and scale (ParallelWaveGAN's stats.npy), or Kaldi's: sums and the count, sums of "
          "squares")


def read_statistics(path: str | os.PathLike[str], n_mels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and scale of `n_mels` bands, so that (y - mean) / scale has mean 0 and deviation 1 over the corpus.

    Raises:
        MelError: if the file is missing, holds something else, or statistics of another number of bands.
    """
    file = Path(path)
    arrays = _arrays(file)
    found = _of_rows(arrays) if isinstance(arrays, np.ndarray) else _of_names(arrays)
    if found is None:
        raise MelError(f"holds no statistics of mels; those are {_FORMS}", about=file)
    mean, scale = (np.asarray(values, dtype=np.float64).ravel() for values in found)
    if {mean.size, scale.size} != {n_mels}:
        raise MelError(f"statistics of {mean.size} bands, and the convention has {n_mels}", about=file)
    if not (np.isfinite(mean).all() and np.isfinite(scale).all() and (scale > 0).all()):
        raise MelError("not statistics: every mean has to be finite and every scale above 0", about=file)
    return tuple(mean.tolist()), tuple(scale.tolist())


def _arrays(file: Path) -> NDArray[Any] | dict[str, NDArray[Any]]:
    """What is in the file: an array, or arrays by name. Nothing in it is executed."""
    try:
        with open_given(file) as stream:
            if stream.read(2) == b"PK":
                return _of_archive(file)
            stream.seek(0)
            return read_npy(stream, file.stat().st_size)
    except FileNotFoundError:
        raise MelError("there is no such file", about=file) from None
    except ARCHIVE_PROBLEMS as error:
        raise MelError(f"can't be read as statistics, which are {_FORMS}", about=file) from error


def _of_archive(file: Path) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(file) as archive:
        members = [info for info in archive.infolist() if info.filename.endswith(".npy")]
        return {info.filename.removesuffix(".npy"): read_member(archive, info, file) for info in members[:8]}


def _of_names(arrays: dict[str, NDArray[Any]]) -> tuple[Any, Any] | None:
    if {"count", "sum", "sum_square"} <= set(arrays):
        return _of_sums(arrays["count"], arrays["sum"], arrays["sum_square"])
    if "mean" in arrays:
        for name in ("scale", "std"):
            if name in arrays:
                return arrays["mean"], arrays[name]
        if "var" in arrays:
            return arrays["mean"], np.sqrt(np.maximum(arrays["var"], _LEAST_VARIANCE))
    return None


def _of_rows(array: NDArray[Any]) -> tuple[Any, Any] | None:
    if array.ndim != 2 or array.shape[0] != 2 or array.shape[1] < 2 or array.dtype.kind != "f":
        return None
    # Kaldi's last column is the count, and 0 under it; no band has a scale of 0.
    if array[1, -1] == 0.0 and array[0, -1] > 0:
        return _of_sums(array[0, -1], array[0, :-1], array[1, :-1])
    return array[0], array[1]


def _of_sums(count: Any, total: Any, squares: Any) -> tuple[Any, Any]:
    n = float(np.asarray(count).ravel()[0])
    if n <= 0:
        return np.full(np.shape(total), np.nan), np.ones(np.shape(total))
    mean = np.asarray(total, dtype=np.float64) / n
    variance = np.asarray(squares, dtype=np.float64) / n - mean**2
    return mean, np.sqrt(np.maximum(variance, _LEAST_VARIANCE))
