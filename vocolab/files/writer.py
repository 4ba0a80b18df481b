"""Audio files out: block by block, dithered, whole or not at all."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

import numpy as np
import soundfile
from numpy.typing import NDArray

from vocolab.errors import AudioError, OutputError
from vocolab.files.atomic import whole_file
from vocolab.files.dither import Quantiser
from vocolab.files.formats import BitDepth, Container, Form, check_output, settled, subtype
from vocolab.files.lossy import codec_gain, codec_settings
from vocolab.files.ogg import settle_serial
from vocolab.files.tags.writing import carried, room_bytes, write_tags
from vocolab.files.uninterrupted import uninterrupted
from vocolab.files.wav import settle_mask, settle_time
from vocolab.layouts import MONO, STEREO, Layout
from vocolab.tags import origin_of

if TYPE_CHECKING:
    from vocolab.signals import Signal

LARGEST_WAV_BYTES = 2**32 - 2**16
"""A WAV counts its bytes in 32 bits; beyond that (less room for the header) it has to be RF64."""


@dataclass(frozen=True)
class WriteReport:
    """What was written."""

    path: Path
    bit_depth: BitDepth | None
    """None for a lossy file."""
    sample_rate: int
    channels: int
    n_samples: int
    clipped_samples: int
    """Samples, over all channels, that were beyond full scale and are limited to it. A 32-bit float file keeps them;
    in a lossy file they are the decoder's to limit."""
    peak: float
    """The largest sample, linear, before anything was limited."""
    not_kept: tuple[str, ...] = ()
    """What the recording says of itself and the file does not, named for people."""

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return self.n_samples / self.sample_rate

    @property
    def peak_dbfs(self) -> float | None:
        """The largest sample in dB below full scale; None for silence."""
        return 20 * math.log10(self.peak) if self.peak > 0 else None


def write_audio(signal: Signal, path: str | PathLike[str], form: Form = Form()) -> WriteReport:  # noqa: B008
    """Write WAV, FLAC, Ogg Vorbis, Opus or MP3, as the suffix of `path` says, block by block.

    16 and 24 bit get dither that is tied to the form's seed and the absolute sample: the same audio makes the same
    samples, whatever its blocks. Exact zeros stay zero. 32 bit is float, as it is (WAV only). A WAV beyond 4 GB becomes
    RF64. Lossy files are encoded from float samples; decoded, they are as long as what went in, and in its place. Tags
    are those of the recording that the signal was made from, and over them those of the form.

    Raises:
        CallError: if the suffix is none that can be written, or does not go with the form, the channels or the rate.
        AudioError: if the signal holds NaN or infinity.
        OutputError: if the file can't be written. Nothing is left behind then.
    """
    with whole_file(path) as temporary:
        return encode(signal, temporary, Path(path), form)


def encode(signal: Signal, temporary: Path, path: Path, form: Form) -> WriteReport:
    """The same into `temporary`, a file that is there and becomes `path` later; what was in it is replaced."""
    container = check_output(path, form, channels=signal.channels, sample_rate=signal.sample_rate)
    origin = origin_of(signal) if form.keeps_tags else None
    tags, lost = carried(origin, form.tags, signal.n_samples / signal.sample_rate)
    with temporary.open("r+b") as stream:
        stream.truncate()
        guard = _Guard(stream)
        try:
            report = _write(signal, guard, container, path, replace(settled(form, container), tags=tags))
        except (soundfile.LibsndfileError, AssertionError) as error:
            guard.check()
            raise OutputError(f"can't be written: {error}", about=path) from error
        guard.check()
        if container.name == "OGG":
            settle_serial(stream)
        layout = stated_layout(signal)
        if container.name == "WAV":
            settle_time(stream)
            if layout is not None:
                settle_mask(stream, layout.mask)
        unheld = write_tags(stream, container.name, tags, signal.sample_rate, layout=layout)
    return replace(report, not_kept=(*lost, *unheld))


def stated_layout(signal: Signal) -> Layout | None:
    """The layout that has to stand in a file: one that is stated, and not mono or stereo, which need no word."""
    layout: Layout | None = getattr(signal, "layout", None)
    return None if layout in (None, MONO, STEREO) else layout


def _write(
    signal: Signal, stream: _Guard, container: Container, path: Path, form: Form
) -> WriteReport:
    position, clipped, peak = 0, 0, 0.0
    store = _storing(form, container, signal)
    with _closing(lambda: _opened(signal, stream, container, form)) as file:
        for block in signal.blocks():
            peak = max(peak, _peak(block, position, path))
            stored, over = store(block)
            with uninterrupted():
                file.write(stored.T)  # (channels, samples) -> (samples, channels)
            stream.check()
            position, clipped = position + block.shape[1], clipped + over
    return WriteReport(path, form.bit_depth, signal.sample_rate, signal.channels, position, clipped, peak)


@contextmanager
def _closing(opened: Callable[[], soundfile.SoundFile]) -> Iterator[soundfile.SoundFile]:
    """A file of libsndfile's that is closed before its stream is, whenever a signal comes.

    All that libsndfile writes goes through functions of ours, in which none may end it.
    """
    file = None
    try:
        with uninterrupted():
            file = opened()
        yield file
    finally:
        if file is not None:
            with uninterrupted():
                file.close()


def _opened(signal: Signal, stream: _Guard, container: Container, form: Form) -> soundfile.SoundFile:
    name, codec = container.name, container.codec
    if form.bit_depth is not None:
        codec = subtype(form.bit_depth)
        size = signal.n_samples * signal.channels * form.bit_depth // 8 + room_bytes(form.tags)
        if name == "WAV" and size > LARGEST_WAV_BYTES:
            name = "RF64"
        elif name == "WAV" and stated_layout(signal) is not None:
            name = "WAVEX"
    settings = codec_settings(container, form, signal.sample_rate, signal.channels)
    return soundfile.SoundFile(
        stream, "w", signal.sample_rate, signal.channels, subtype=codec, format=name, **settings
    )


_Stored: TypeAlias = "tuple[NDArray[np.float32] | NDArray[np.int16] | NDArray[np.int32], int]"


def _storing(form: Form, container: Container, signal: Signal) -> Callable[[NDArray[np.float32]], _Stored]:
    """What makes of a block the samples that soundfile passes on unchanged, and counts those beyond full scale."""
    if form.bit_depth == 32:
        return lambda block: (np.asarray(block, dtype=np.float32), 0)
    if form.bit_depth is None:
        gain = np.float32(codec_gain(container, form, signal.sample_rate))
        return lambda block: (np.asarray(gain * block, dtype=np.float32), int(np.count_nonzero(np.abs(block) > 1)))
    quantiser = Quantiser(form.bit_depth, form.dither or "tpdf", form.seed, signal.sample_rate, signal.channels)
    return partial(_quantised, quantiser, form.bit_depth)


def _quantised(quantiser: Quantiser, bit_depth: BitDepth, block: NDArray[np.float32]) -> _Stored:
    steps, over = quantiser.process(block)
    if bit_depth == 16:
        return steps.astype(np.int16), over
    return steps << 8, over  # libsndfile takes the upper 24 of 32 bits


def _peak(block: NDArray[np.float32], position: int, path: Path) -> float:
    peak = float(np.abs(block).max(initial=0.0))
    if not math.isfinite(peak):
        first = position + int(np.argmin(np.isfinite(block).all(axis=0)))
        raise AudioError(f"not written: the audio is not finite at sample {first}", about=path)
    return peak


class _Guard:
    """A file that remembers its first error.

    libsndfile calls back into Python to write, and an exception can't pass through it; some of what it writes (the last
    block of a FLAC) it does not even check. So a full disk is kept here and raised afterwards.

    A signal may come where the library's file is no longer used and not yet closed. It is closed when it is forgotten
    then, after the stream, and what it still has to say is for a file that is gone.
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
        if self._error is not None or self._stream.closed:
            return 0
        try:
            return self._stream.write(data)
        except OSError as error:
            self._error = error
            return 0

    def read(self, size: int = -1) -> bytes:
        """Read, as libsndfile does in headers that it changes later."""
        return b"" if self._stream.closed else self._stream.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a position; a buffer that can't be emptied counts as a failed write."""
        if self._stream.closed:
            return -1
        try:
            return self._stream.seek(offset, whence)
        except OSError as error:
            self._error = self._error or error
            return -1

    def tell(self) -> int:
        """The position."""
        return -1 if self._stream.closed else self._stream.tell()
