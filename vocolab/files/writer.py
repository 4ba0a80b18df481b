"""Audio files out: block by block, dithered, whole or not at all."""

from __future__ import annotations

import math
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.errors import AudioError, OutputError
from vocolab.files.atomic import whole_file
from vocolab.files.dither import quantise
from vocolab.files.formats import BitDepth, Container, check_output, subtype

if TYPE_CHECKING:
    from vocolab.interfaces import Signal

LARGEST_WAV_BYTES = 2**32 - 2**16
"""A WAV counts its bytes in 32 bits; beyond that (less room for the header) it has to be RF64."""


@dataclass(frozen=True)
class WriteReport:
    """What was written."""

    path: Path
    bit_depth: BitDepth
    sample_rate: int
    channels: int
    n_samples: int
    clipped_samples: int
    """Samples, over all channels, that were beyond full scale and are limited to it. A 32-bit float file keeps them."""
    peak: float
    """The largest sample, linear, before anything was limited."""

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return self.n_samples / self.sample_rate

    @property
    def peak_dbfs(self) -> float | None:
        """The largest sample in dB below full scale; None for silence."""
        return 20 * math.log10(self.peak) if self.peak > 0 else None


def write_audio(
    signal: Signal | Audio, path: str | PathLike[str], *, bit_depth: BitDepth = 24, seed: int = 0
) -> WriteReport:
    """Write WAV or FLAC, as the suffix of `path` says, block by block.

    16 and 24 bit get TPDF dither that is tied to `seed` and the absolute sample: the same audio makes the same bytes,
    whatever its blocks. Exact zeros stay zero. 32 bit is float, as it is (WAV only). A WAV beyond 4 GB becomes RF64.

    Raises:
        CallError: if the suffix is none that can be written, or does not go with `bit_depth` or the channels.
        AudioError: if the signal holds NaN or infinity.
        OutputError: if the file can't be written. Nothing is left behind then.
    """
    container = check_output(path, bit_depth, signal.channels)
    with whole_file(path) as temporary, temporary.open("r+b") as stream:
        guard = _Guard(stream)
        try:
            report = _write(signal, guard, container, Path(path), (bit_depth, seed))
        except (soundfile.LibsndfileError, AssertionError) as error:
            guard.check()
            raise OutputError(f"{path}: can't be written: {error}") from error
        guard.check()
    return report


def _write(
    signal: Signal | Audio, stream: _Guard, container: Container, path: Path, depth_and_seed: tuple[BitDepth, int]
) -> WriteReport:
    bit_depth, seed = depth_and_seed
    position, clipped, peak = 0, 0, 0.0
    size = signal.n_samples * signal.channels * bit_depth // 8
    name = "RF64" if container.name == "WAV" and size > LARGEST_WAV_BYTES else container.name
    with soundfile.SoundFile(
        stream, "w", signal.sample_rate, signal.channels, subtype=subtype(bit_depth), format=name
    ) as file:
        for block in signal.blocks():
            peak = max(peak, _peak(block, position, path))
            stored, over = _stored(block, bit_depth, seed, position)
            file.write(stored.T)  # (channels, samples) -> (samples, channels)
            stream.check()
            position, clipped = position + block.shape[1], clipped + over
    return WriteReport(path, bit_depth, signal.sample_rate, signal.channels, position, clipped, peak)


def _stored(
    block: NDArray[np.float32], bit_depth: BitDepth, seed: int, position: int
) -> tuple[NDArray[np.float32] | NDArray[np.int16] | NDArray[np.int32], int]:
    """The samples as soundfile passes them on unchanged, and how many were beyond full scale."""
    if bit_depth == 32:
        return np.asarray(block, dtype=np.float32), 0
    steps, over = quantise(block, bit_depth, seed=seed, first_sample=position)
    if bit_depth == 16:
        return steps.astype(np.int16), over
    return steps << 8, over  # libsndfile takes the upper 24 of 32 bits


def _peak(block: NDArray[np.float32], position: int, path: Path) -> float:
    peak = float(np.abs(block).max(initial=0.0))
    if not math.isfinite(peak):
        first = position + int(np.argmin(np.isfinite(block).all(axis=0)))
        raise AudioError(f"{path}: not written: the audio is not finite at sample {first}")
    return peak


class _Guard:
    """A file that remembers its first error.

    libsndfile calls back into Python to write, and an exception can't pass through it; some of what it writes (the last
    block of a FLAC) it does not even check. So a full disk is kept here and raised afterwards.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._error: OSError | None = None

    def check(self) -> None:
        """Bring everything to the file, and raise what went wrong, if anything did."""
        if self._error is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._error = error
        if self._error is not None:
            raise self._error

    def write(self, data: bytes) -> int:
        """Write, or say that nothing was written."""
        if self._error is not None:
            return 0
        try:
            return self._stream.write(data)
        except OSError as error:
            self._error = error
            return 0

    def read(self, size: int = -1) -> bytes:
        """Read, as libsndfile does in headers that it changes later."""
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a position; a buffer that can't be emptied counts as a failed write."""
        try:
            return self._stream.seek(offset, whence)
        except OSError as error:
            self._error = self._error or error
            return -1

    def tell(self) -> int:
        """The position."""
        return self._stream.tell()
