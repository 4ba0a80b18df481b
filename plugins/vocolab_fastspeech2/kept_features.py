"""Mels and F0 of clips, kept on disk: what can't be used of it is measured again.

    CORPUS/features-CONVENTION/NAME.npz     mel (frames, n_mels) float16, f0_hz (frames,) float32
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import MelError
from vocolab.files.atomic import whole_file
from vocolab.given_files import open_given
from vocolab.mels.archives import ARCHIVE_PROBLEMS, read_member

Measured = tuple[NDArray[np.float16], NDArray[np.float32]]


def kept_features(file: Path, n_mels: int) -> Measured | None:
    """The mel (frames, n_mels) and F0 (frames,) of a file; None if it is not there, or was cut off, or is another's."""
    try:
        with open_given(file) as stream, zipfile.ZipFile(stream) as archive:
            mel, f0_hz = (read_member(archive, archive.getinfo(f"{name}.npy"), file) for name in ("mel", "f0_hz"))
    except (*ARCHIVE_PROBLEMS, KeyError, MelError):
        return None
    if mel.dtype != np.float16 or mel.ndim != 2 or mel.shape[1] != n_mels:
        return None
    return (mel, f0_hz) if f0_hz.dtype == np.float32 and f0_hz.ndim == 1 else None


def keep_features(file: Path, mel: NDArray[np.float16], f0_hz: NDArray[np.float32]) -> None:
    """Write them, whole or not at all.

    Raises:
        OutputError: if there is no space for them.
    """
    file.parent.mkdir(exist_ok=True)
    with whole_file(file, sync=False, follow=False) as temporary, temporary.open("wb") as stream:
        np.savez(stream, mel=mel, f0_hz=f0_hz)
