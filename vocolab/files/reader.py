"""Audio files in: whole, or block by block, with everything that can be wrong with them said in one line."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from os import PathLike
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.signals import BLOCK_SAMPLES

MOST_CHANNELS = 64
LOWEST_RATE_HZ = 4_000
HIGHEST_RATE_HZ = 768_000

HIGHEST_SAMPLE = 1e10
"""32-bit integers that nobody has scaled stay under it."""

_CORRECTED_LENGTH = re.compile(r"^data : \d+ \(should be \d+\)", re.MULTILINE)
_UNKNOWN_LENGTH = 2**62
"""libsndfile gives about this many samples for a stream that does not say how long it is."""


class AudioFile:
    """A `Signal` that reads its file as it is walked through; opened by `open_audio`.

    A WAV whose header promises more samples than the file has is read as far as it goes (recorders that were
    cut off, and pipes, leave such files). A compressed file that ends early is refused.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with _open(path) as file:
            self.sample_rate: int = file.samplerate
            self.channels: int = file.channels
            self.format = f"{file.format} {file.subtype}"
            declared: int = file.frames
            # libsndfile corrects the length of a WAV by the file's, and only its log tells.
            self.has_wrong_length = _CORRECTED_LENGTH.search(file.extra_info) is not None
        _check_layout(path, self.sample_rate, self.channels)
        self.n_samples = declared if declared < _UNKNOWN_LENGTH else _count(path)
        if self.n_samples == 0:
            raise AudioError("the file holds no samples", about=path)

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return self.n_samples / self.sample_rate

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (channels, at most `block_samples`) from the file's beginning.

        Raises:
            AudioError: if the file ends early or is damaged, or holds NaN, infinity, or a sample that is beyond all
                bounds.
        """
        position = 0
        with _open(self.path) as file:
            while position < self.n_samples:
                block = _read(self.path, file, min(block_samples, self.n_samples - position))
                if block.shape[1] == 0:
                    raise AudioError(
                        f"the file is truncated: it ends after {position} of {self.n_samples} samples",
                        about=self.path,
                    )
                _check_values(self.path, block, position, self.sample_rate)
                position += block.shape[1]
                yield block

    def __repr__(self) -> str:
        return f"AudioFile({str(self.path)!r}, {self.channels} ch, {self.seconds:.3f} s at {self.sample_rate} Hz)"


def open_audio(path: str | PathLike[str]) -> AudioFile:
    """A signal that streams from `path`: WAV, FLAC, and whatever else soundfile reads.

    Raises:
        AudioError: if the file is missing, is not audio, is empty, or has more than 64 channels or a sample rate
            outside 4 to 768 kHz.
    """
    return AudioFile(Path(path))


class _Forward(soundfile.SoundFile):  # type: ignore[misc]
    """A file that is read from its beginning to its end, and nowhere else.

    soundfile 0.14 seeks after each read of a file that lets it. An MP3 of variable bitrate then goes on at another
    place, and other codecs start anew: what was read in blocks was not what the file holds.
    """

    def seekable(self) -> bool:
        """No."""
        return False


def _open(path: Path) -> soundfile.SoundFile:
    _check_file(path)
    try:
        return _Forward(path)
    except (soundfile.LibsndfileError, TypeError) as error:  # TypeError: a headerless .raw
        raise AudioError("not an audio file that can be read (WAV, FLAC, OGG, MP3 ...)", about=path) from error


def _check_file(path: Path) -> None:
    try:
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            # Opening a pipe may wait for ever.
            raise AudioError("is a pipe or a device; name an audio file", about=path)
        with path.open("rb"):
            pass
    except FileNotFoundError as error:
        raise AudioError("there is no such file", about=path) from error
    except IsADirectoryError as error:
        raise AudioError("is a folder; name an audio file", about=path) from error
    except OSError as error:
        raise AudioError(f"can't be read: {error.strerror or error}", about=path) from error
    if status.st_size == 0:
        raise AudioError("the file is empty", about=path)


def _check_layout(path: Path, sample_rate: int, channels: int) -> None:
    if not LOWEST_RATE_HZ <= sample_rate <= HIGHEST_RATE_HZ:
        raise AudioError(
            f"a sample rate of {sample_rate} Hz; allowed: {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz",
            about=path,
        )
    if channels > MOST_CHANNELS:
        raise AudioError(f"{channels} channels; allowed: 1 to {MOST_CHANNELS}", about=path)


def _read(path: Path, file: soundfile.SoundFile, n_samples: int) -> NDArray[np.float32]:
    """(channels, at most n_samples)."""
    try:
        with np.errstate(over="ignore"):
            block = file.read(n_samples, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise AudioError(f"the file is damaged or truncated: {error.error_string}", about=path) from error
    return np.ascontiguousarray(block.T)  # (samples, channels) -> (channels, samples)


def _check_values(path: Path, block: NDArray[np.float32], position: int, sample_rate: int) -> None:
    usable = np.abs(block) <= HIGHEST_SAMPLE  # false for NaN
    if usable.all():
        return
    first = int(np.argmin(usable.all(axis=0)))
    channel = int(np.argmin(usable[:, first]))
    value = block[channel, first]
    sample = position + first
    beyond = f"full scale is 1, and nothing over {HIGHEST_SAMPLE:g} is audio"
    rule = beyond if np.isfinite(value) else "audio has to be finite"
    raise AudioError(
        f"{value:.4g} at sample {sample} ({sample / sample_rate:.3f} s) of channel {channel + 1}; {rule}", about=path,
    )


def _count(path: Path) -> int:
    total = 0
    with _open(path) as file:
        while n_samples := _read(path, file, BLOCK_SAMPLES).shape[1]:
            total += n_samples
    return total
