"""Mel: a mel spectrogram and the convention that gives its numbers a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import MelError
from vocolab.mels.spec import MelSpec


@dataclass(frozen=True, eq=False)
class Mel:
    """float32 values of shape (n_mels, frames) and their convention.

    Raises:
        MelError: if the values are not (spec.n_mels, frames) with at least one frame, or are not finite.
    """

    values: NDArray[np.float32]
    spec: MelSpec

    def __post_init__(self) -> None:
        values = np.asarray(self.values)
        if values.ndim != 2 or values.shape[0] != self.spec.n_mels:
            raise MelError(f"a mel of this convention is ({self.spec.n_mels}, frames), not {values.shape}")
        if values.shape[1] == 0:
            raise MelError("the mel has no frames")
        if values.dtype.kind != "f":
            raise MelError(f"mel values are floating-point numbers, not {values.dtype}")
        with np.errstate(over="ignore"):
            values = values.astype(np.float32, copy=False)
        if not np.all(np.isfinite(values)):
            raise MelError("the mel holds NaN or infinity, or values beyond float32")
        object.__setattr__(self, "values", values)

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return int(self.values.shape[1])

    @property
    def seconds(self) -> float:
        """Duration of the audio that a vocoder makes of it, in seconds."""
        return self.frames * self.spec.hop_samples / self.spec.sample_rate

    @classmethod
    def load(cls, path: str | PathLike[str], spec: MelSpec | str | PathLike[str] | None = None) -> Mel:
        """Read a `.safetensors` mel, which states its convention, or a bare `.npy` array, which doesn't.

        Args:
            path: The file; an array may be in either axis order.
            spec: The convention of a bare array, its name, or its TOML file; of a file that states one, what it has to be.

        Raises:
            MelError: if the file is missing, is no mel, or is bare and no `spec` is given.
            MelMismatch: if the file states another convention than `spec`.
        """
        from vocolab.mels.conventions import convention
        from vocolab.mels.reader import load_mel

        return load_mel(path, spec if spec is None or isinstance(spec, MelSpec) else convention(spec))

    def save(self, path: str | PathLike[str]) -> None:
        """Write `.safetensors` with the convention inside, or a bare `.npy` without; whole or not at all.

        Raises:
            MelError: if the path has another suffix.
            OutputError: if it can't be written.
        """
        from vocolab.mels.storage import write_mel

        write_mel(self.values, self.spec, path)

    def __repr__(self) -> str:
        return f"Mel({self.spec.n_mels} bands, {self.frames} frames, {self.seconds:.3f} s)"
