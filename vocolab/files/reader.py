"""Audio files in: whole, or block by block, with everything that can be wrong with them said in one line."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.files.decoding import found, length_of, opened, read_samples
from vocolab.files.parts import Part
from vocolab.files.tags.reading import read_tags
from vocolab.layouts import Layout, assumed
from vocolab.signals import BLOCK_SAMPLES
from vocolab.tags import Origin

MOST_CHANNELS = 64
LOWEST_RATE_HZ = 4_000
HIGHEST_RATE_HZ = 768_000

_PIECE_SAMPLES = 1024
HIGHEST_SAMPLE = 1e10
"""32-bit integers that nobody has scaled stay under it."""


class AudioFile:
    """A `Signal` that reads its file as it is walked through; opened by `open_audio`.

    Files are read to their end, whatever a header or a decoder says of their length. A WAV whose header promises more
    samples than the file has is read as far as it goes (recorders that were cut off, and pipes, leave such files), and
    so is an Ogg or MP3 file without an end; `notes` say so. A FLAC file with less than its header promises is refused,
    with the time up to which it can be read.

    Attributes:
        path: The file.
        layout: Which loudspeakers its channels are for, as far as the file states it; they stand in that order.
        oddities: What is odd about the file, in words that follow its name.
        origin: What it says about itself: its tags. None: nothing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._source, file = found(path)
        with file:
            self.sample_rate: int = file.samplerate
            self.channels: int = file.channels
            self.format = f"{file.format} {file.subtype}"
            first = self._source.links[0] if self._source.links else ()
            lengths = [self._source.n_samples or length_of(self._source.path, file, first,
                                                           is_damaged=self._source.is_damaged)]
        _check_layout(path, self.sample_rate, self.channels)
        self._order = list(self._source.order)
        self.layout: Layout | None = self._source.layout
        notes = list(self._source.notes)
        links = self._source.links[1:]
        self._links = list(self._source.links[:1]) or [()]
        for link in links:
            with opened(self._source.path, link) as file:
                if (file.samplerate, file.channels) != (self.sample_rate, self.channels):
                    notes.append(f"a stream of {file.channels} ch at {file.samplerate} Hz follows after "
                                 f"{sum(lengths) / self.sample_rate:.3f} s, and is not read")
                    break
                lengths.append(length_of(self._source.path, file, link))
                self._links.append(link)
        self._lengths = lengths
        self.n_samples = sum(lengths)
        if self.n_samples == 0:
            raise AudioError("the file holds no samples", about=path)
        self.oddities = tuple(notes)
        self.origin: Origin | None = self._source.tags or _tags_in(path, self.sample_rate)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is odd about the file and what is assumed of it, each a line that begins with its name."""
        return self.told("read")

    def told(self, done: str) -> tuple[str, ...]:
        """The same, where the file is "measured", say, and not "read"."""
        there = f"{done} are the {self.seconds:.3f} s that are there"
        return (*(f"{self.path}: {oddity}; {there}" for oddity in self.oddities), *self._assumed())

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
        for link, length in zip(self._links, self._lengths, strict=True):
            for block in self._link_blocks(link, length, block_samples, position):
                position += block.shape[1]
                yield block

    def _link_blocks(
        self, link: tuple[Part, ...], length: int, block_samples: int, before: int
    ) -> Iterator[NDArray[np.float32]]:
        position = 0
        with opened(self._source.path, link) as file:
            while position < length:
                try:
                    block = read_samples(self.path, file, min(block_samples, length - position))
                except AudioError as error:
                    until_s = (before + self._readable_samples(link)) / self.sample_rate
                    raise error.extended(f" It can be read up to {until_s:.3f} of {self.seconds:.3f} s") from error
                if block.shape[1] == 0:
                    at = before + position
                    raise AudioError(
                        f"the file is truncated: it ends after {at} of {self.n_samples} samples, at "
                        f"{at / self.sample_rate:.3f} s",
                        about=self.path,
                    )
                _check_values(self.path, block, before + position, self.sample_rate)
                position += block.shape[1]
                yield np.ascontiguousarray(block[self._order]) if self._order else block

    def _readable_samples(self, link: tuple[Part, ...]) -> int:
        """How many samples of a link can be decoded; a decoder that fails in a block tells nothing of its beginning."""
        n_samples = 0
        with opened(self._source.path, link) as file:
            try:
                while read := read_samples(self.path, file, _PIECE_SAMPLES).shape[1]:
                    n_samples += read
            except AudioError:
                pass
        return n_samples

    def _assumed(self) -> tuple[str, ...]:
        """A line on channels whose loudspeakers the file does not name."""
        if self.channels <= 2 or self.layout is not None:
            return ()
        taken = assumed(self.channels)
        what = f"taken as {taken} ({' '.join(taken.speakers)})" if taken else "they may be for any loudspeakers"
        return (f"{self.path}: {self.channels} channels, and the file does not say which; {what}",)

    def __repr__(self) -> str:
        return f"AudioFile({str(self.path)!r}, {self.channels} ch, {self.seconds:.3f} s at {self.sample_rate} Hz)"


def open_audio(path: str | PathLike[str]) -> AudioFile:
    """A signal that streams from `path`: WAV, FLAC, and whatever else soundfile reads.

    Raises:
        AudioError: if the file is missing, is not audio, is empty, or has more than 64 channels or a sample rate
            outside 4 to 768 kHz.
    """
    return AudioFile(Path(path))


def _tags_in(path: Path, sample_rate: int) -> Origin | None:
    with path.open("rb") as stream:
        return read_tags(stream, sample_rate)


def _check_layout(path: Path, sample_rate: int, channels: int) -> None:
    if not LOWEST_RATE_HZ <= sample_rate <= HIGHEST_RATE_HZ:
        raise AudioError(
            f"a sample rate of {sample_rate} Hz; allowed: {LOWEST_RATE_HZ} to {HIGHEST_RATE_HZ} Hz",
            about=path,
        )
    if channels > MOST_CHANNELS:
        raise AudioError(f"{channels} channels; allowed: 1 to {MOST_CHANNELS}", about=path)


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
