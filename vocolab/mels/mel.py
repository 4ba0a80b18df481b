"""Mel: a mel spectrogram and the convention that gives its numbers a meaning."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import MelError
from vocolab.guarding.arrays import array_of
from vocolab.mels.pitch_track import checked_f0
from vocolab.mels.spec import MelSpec


@dataclass(frozen=True, eq=False)
class Mel:
    """float32 values of shape (n_mels, frames) and their convention, with F0 where it is known.

    Raises:
        MelError: if the values are not (spec.n_mels, frames) with at least one frame, or are not finite; if `f0_hz`
            has another length, or holds NaN, negative numbers, or more than half the sample rate.
    """

    values: NDArray[np.float32]
    spec: MelSpec
    f0_hz: NDArray[np.float32] | None = None
    """(frames,) in Hz, 0 where a frame is unvoiced; None where nothing is known of it."""

    def __post_init__(self) -> None:
        values = array_of(self.values, "a mel", MelError)
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
        if self.f0_hz is not None:
            object.__setattr__(self, "f0_hz", checked_f0(self.f0_hz, values.shape[1], self.spec.sample_rate))

    @property
    def frames(self) -> int:
        """How many frames there are."""
        return int(self.values.shape[1])

    @property
    def seconds(self) -> float:
        """Duration of the audio that a vocoder makes of it, in seconds."""
        return self.frames * self.spec.hop_samples / self.spec.sample_rate

    @classmethod
    def load(
        cls, path: str | PathLike[str], spec: MelSpec | str | PathLike[str] | None = None, *, force: bool = False
    ) -> Mel:
        """Read a `.safetensors` or `.npz` mel that states its convention, or a bare array, which doesn't.

        Args:
            path: The file; an array may be in either axis order.
            spec: The convention of a bare array, its name, or its TOML file; of a file that states one, what it has
                to be.
            force: Take it as what is stated, though its numbers speak against that.

        Raises:
            MelError: if the file is missing, is no mel, or is bare and no `spec` is given.
            MelMismatch: if the file states another convention than `spec`, or its numbers speak against what is
                stated.
        """
        from vocolab.mels.conventions import convention
        from vocolab.mels.reader import load_mel

        return load_mel(path, spec if spec is None or isinstance(spec, MelSpec) else convention(spec),
                        force=force)

    def save(self, path: str | PathLike[str]) -> None:
        """Write `.safetensors` or `.npz` with convention and F0 inside, or a bare `.npy`; whole or not at all.

        Raises:
            MelError: if the path has another suffix, or is an `.npy`, which has no place for the F0 that there is.
            OutputError: if it can't be written.
        """
        from vocolab.mels.storage import write_mel

        write_mel(self, path)

    def _repr_html_(self) -> str:
        """A picture, in notebooks."""
        from vocolab.notebook import mel_html

        return mel_html(repr(self), self.values)

    def __repr__(self) -> str:
        f0 = "" if self.f0_hz is None else ", with F0"
        return f"Mel({self.spec.n_mels} bands, {self.frames} frames, {self.seconds:.3f} s{f0})"
