"""Audio: samples and their rate, nothing guessed."""

from __future__ import annotations

import io
import logging
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.typing import NDArray

from vocolab.deeds import Deed, deeds_of
from vocolab.errors import AudioError, CallError
from vocolab.guarding.arrays import array_of
from vocolab.layouts import Layout
from vocolab.signals import BLOCK_SAMPLES, Signal
from vocolab.tags import Origin, Tags, origin_of

if TYPE_CHECKING:
    from vocolab.files.formats import BitDepth, Dither, FormatName

_LONGEST_PLAYED_S = 300.0
_MOST_CHANNELS = 64
"""More than any layout of loudspeakers has; so many rows are samples."""


@dataclass(frozen=True, eq=False)
class Audio:
    """float32 samples of shape (channels, samples), full scale at 1.0, and their rate in Hz.

    Arrays of int16 and int32, as other libraries read files, are scaled: their most negative number becomes -1.0.

    Raises:
        AudioError: if the samples are not 2-D, are of another type of integers, or the axes are the wrong way round;
            or the rate is not a positive whole number.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    layout: Layout | None = None
    """Which loudspeakers the channels are for, in the order of WAV's channel mask; None: what so many channels mostly
    are."""
    origin: Origin | None = None
    """The recording that it was made from: its tags are kept where it is saved. None: nothing is known of one."""
    deeds: tuple[Deed, ...] = ()
    """What effects did to it, in order, each as far as it tells."""

    def __post_init__(self) -> None:
        samples = array_of(self.samples, "samples", AudioError)
        if samples.ndim != 2:
            raise AudioError(
                f"audio has to be (channels, samples), not {samples.ndim}-D {samples.shape}; "
                "for mono, pass samples[None, :]"
            )
        if not (isinstance(self.sample_rate, int | np.integer) and self.sample_rate > 0):
            raise AudioError(f"sample_rate = {self.sample_rate!r}: give a whole number of Hz above 0")
        _check_axes(samples)
        if self.layout is not None and self.layout.channels != samples.shape[0]:
            raise AudioError(f"the layout {self.layout} is of {self.layout.channels} channels, not {samples.shape[0]}")
        object.__setattr__(self, "samples", _full_scale_at_one(samples))
        object.__setattr__(self, "sample_rate", int(self.sample_rate))

    @classmethod
    def mono(cls, samples: NDArray[np.number], sample_rate: int) -> Audio:
        """One channel from a 1-D array."""
        return cls(np.atleast_2d(array_of(samples, "samples", AudioError)), sample_rate)

    @classmethod
    def from_array(cls, samples: NDArray[np.number], sample_rate: int, *, channel_axis: int) -> Audio:
        """A 2-D array whose axis of the channels is said: 0 for (channels, samples), 1 or -1 for (samples, channels).

        Libraries differ in this: soundfile and scipy give (samples, channels), torchaudio and librosa the other.

        Raises:
            AudioError: if it is not 2-D, or of a type without a full scale.
        """
        array = array_of(samples, "samples", AudioError)
        if array.ndim != 2 or channel_axis not in (0, 1, -1):
            raise AudioError(f"channel_axis = {channel_axis} of an array of shape {array.shape}: give a 2-D array and "
                             "0 or 1; for one channel there is Audio.mono")
        made = cls(np.zeros((1, 1), np.float32), sample_rate)
        channels_first = array if channel_axis == 0 else array.T
        # What was said is not held against the shape.
        object.__setattr__(made, "samples", _full_scale_at_one(np.ascontiguousarray(channels_first)))
        return made

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Audio:
        """Read any file that soundfile reads, or an installed ffmpeg, whole.

        What is odd about it, such as an end that is missing, is logged as a warning of the logger "vocolab".

        Raises:
            AudioError: if the file is missing, is not audio, is empty or holds NaN or infinity.
        """
        from vocolab.files.reader import open_audio

        file = open_audio(path)
        for note in file.notes:
            logging.getLogger("vocolab").warning(note)
        # Block by block: memory is taken for what is there, not for what the header claims.
        return cls(np.concatenate(list(file.blocks()), axis=1), file.sample_rate, file.layout, file.origin)

    @classmethod
    def of(cls, signal: Signal) -> Audio:
        """The whole of a signal in memory; an `Audio` is returned as it is."""
        if isinstance(signal, Audio):
            return signal
        samples = np.empty((signal.channels, signal.n_samples), np.float32)
        end = 0
        for block in signal.blocks():
            start, end = end, end + block.shape[1]
            if end > signal.n_samples:
                break
            samples[:, start:end] = block
        if end != signal.n_samples:
            raise AudioError(f"a signal that states {signal.n_samples} samples gave {end} or more of them"
                             if end > signal.n_samples else
                             f"a signal that states {signal.n_samples} samples gave {end}")
        return cls(samples, signal.sample_rate, getattr(signal, "layout", None), origin_of(signal), deeds_of(signal))

    @classmethod
    def mixed_down(cls, signal: Signal, sample_rate: int | None = None) -> Audio:
        """The mean of all channels of a signal, as `mono_at` gives it; memory is taken for the result only.

        Args:
            signal: Audio, or a file from `vocolab.files.reader.open_audio`.
            sample_rate: In Hz; None: that of the signal.
        """
        rate = sample_rate or signal.sample_rate
        blocks = (block[0].copy() if signal.channels == 1 else block.mean(axis=0) for block in signal.blocks())
        parts = list(blocks if rate == signal.sample_rate else _resampled(blocks, signal.sample_rate, rate))
        return cls.mono(np.concatenate(parts), rate)

    def save(  # noqa: PLR0913  an argument for each property of a file
        self,
        path: str | PathLike[str] | BinaryIO,
        *,
        format: FormatName | None = None,
        bit_depth: BitDepth | None = None,
        dither: Dither = "tpdf",
        bitrate_kbps: int | None = None,
        quality: float | None = None,
        tags: Tags | None = None,
        seed: int = 0,
    ) -> None:
        """Write WAV, FLAC, Ogg Vorbis, Opus or MP3, by the file's suffix: .wav .flac .ogg .opus .mp3.

        The file appears whole or not at all. A lossy codec changes peaks and is not checked here: a chain's
        `deliver` holds its ceiling and its loudness in the decoded file.

        Args:
            path: The file, or a stream that takes bytes, such as `io.BytesIO`; nothing is written to it on failure.
            format: For a stream: wav (which None is), flac, ogg, opus or mp3. A file's suffix says it.
            bit_depth: 16 or 24 with dither, or 32 (float WAV). None: 24, and nothing in lossy files.
            dither: none, tpdf, or shaped (32 kHz or more).
            bitrate_kbps: Of MP3 (constant) and Opus.
            quality: 0 to 10, of Ogg Vorbis and MP3 (variable bitrate).
            tags: What to state, over what the recording says of itself if it is `load`ed from a file.
            seed: Of the dither.

        Raises:
            CallError: if the format does not take what was asked for, the channels or the rate.
            OutputError: if it can't be written.
        """
        from vocolab.files.formats import Form
        from vocolab.files.writer import write_audio

        form = Form(bit_depth, dither, bitrate_kbps, quality, seed, tags or Tags())
        if isinstance(path, str | PathLike):
            if format is not None and Path(path).suffix.lower() != f".{format}":
                raise CallError(f"the suffix and the format {format} contradict each other; give one", about=path)
            write_audio(self, path, form)
            return
        with TemporaryDirectory(prefix="vocolab-") as folder:
            file = Path(folder, f"audio.{format or 'wav'}")
            write_audio(self, file, form)
            with file.open("rb") as stream:
                shutil.copyfileobj(stream, path)

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return int(self.samples.shape[0])

    @property
    def n_samples(self) -> int:
        """Samples a channel."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return self.n_samples / self.sample_rate

    def mono_at(self, sample_rate: int) -> Audio:
        """The mean of all channels at `sample_rate` Hz, resampled with soxr (HQ) where that is another rate."""
        samples = self.samples[0] if self.channels == 1 else self.samples.mean(axis=0)
        if sample_rate != self.sample_rate:
            import soxr

            samples = soxr.resample(samples, self.sample_rate, sample_rate, quality="HQ")
        return Audio.mono(samples, sample_rate)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Walk through the samples in views of (channels, at most `block_samples`)."""
        for start in range(0, self.n_samples, block_samples):
            yield self.samples[:, start : start + block_samples]

    def _repr_html_(self) -> str:
        """A player and the waveform, in notebooks; audio of more than five minutes is drawn only."""
        from vocolab.notebook import audio_html

        is_playable = self.seconds <= _LONGEST_PLAYED_S and self.channels <= 2
        wav = io.BytesIO()
        if is_playable:
            replace(self, origin=None).save(wav, bit_depth=16)
        return audio_html(repr(self), self.samples, wav.getvalue())

    def __repr__(self) -> str:
        return f"Audio({self.channels} ch, {self.seconds:.3f} s at {self.sample_rate} Hz)"


def _resampled(
    blocks: Iterable[NDArray[np.float32]], from_hz: int, to_hz: int
) -> Iterator[NDArray[np.float32]]:
    """One channel at another rate: the very samples that soxr gives for the whole (HQ)."""
    import soxr

    stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="HQ")
    for block in blocks:
        yield np.asarray(stream.resample_chunk(block), np.float32)
    yield np.asarray(stream.resample_chunk(np.zeros(0, np.float32), last=True), np.float32)


def _check_axes(samples: NDArray[np.number]) -> None:
    """Refuse (samples, channels), the order of soundfile and scipy: nothing has thousands of channels."""
    channels, n_samples = samples.shape
    if channels > _MOST_CHANNELS and channels > n_samples:
        raise AudioError(
            f"audio has to be (channels, samples), and {samples.shape} would be {channels} channels of {n_samples} "
            "samples; pass samples.T if the second axis is the channels, or say it: "
            "Audio.from_array(samples, sample_rate, channel_axis=1)"
        )


def _full_scale_at_one(samples: NDArray[np.number]) -> NDArray[np.float32]:
    """float32 as it is, and what else holds audio as float32 with full scale at 1.0."""
    if samples.dtype in (np.int16, np.int32):
        scaled: NDArray[np.float32] = (samples / 2.0 ** (8 * samples.dtype.itemsize - 1)).astype(np.float32)
        return scaled
    if not np.issubdtype(samples.dtype, np.floating):
        raise AudioError(f"samples of type {samples.dtype} have no full scale; pass floats, int16 or int32")
    return samples.astype(np.float32, copy=False)
