"""Raw PCM: samples without a header, little-endian, the channels of each sample side by side."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.files.dither import Quantiser
from vocolab.files.formats import BitDepth, Dither
from vocolab.files.spool import Spool

BIT_DEPTHS: dict[str, BitDepth] = {"s16le": 16, "s24le": 24, "f32le": 32}
"""Bits a sample of each encoding, by the name that ffmpeg has for it."""

_PIECE_BYTES = 1 << 20
_PIECE_SAMPLES = 1 << 16


class PcmForm(NamedTuple):
    """What raw PCM does not say of itself."""

    encoding: str
    sample_rate: int
    channels: int

    @property
    def frame_bytes(self) -> int:
        """Of one sample in all channels."""
        return BIT_DEPTHS[self.encoding] // 8 * self.channels


def read_pcm(stream: BinaryIO, form: PcmForm, name: str) -> Spool:
    """All of a stream; `name` is what messages call it.

    Raises:
        AudioError: if it is empty, ends within a sample, or holds NaN or infinity.
        OutputError: if the temporary folder is full.
    """
    spool = Spool(form.sample_rate, form.channels)
    for samples in coming_pcm(stream, form, name):
        spool.append(samples)
    return spool


def coming_pcm(stream: BinaryIO, form: PcmForm, name: str) -> Iterator[NDArray[np.float32]]:
    """The samples of a stream as they come, in blocks of (channels, n); `name` is what messages call it.

    Raises:
        AudioError: if it is empty, ends within a sample, or holds NaN or infinity.
    """
    read, rest, any_came = getattr(stream, "read1", stream.read), b"", False
    while data := read(_PIECE_BYTES):
        data = rest + data
        whole = len(data) - len(data) % form.frame_bytes
        samples, rest = _samples(data[:whole], form), data[whole:]
        if not np.isfinite(samples).all():
            raise AudioError("holds NaN or infinity; is it of another encoding?", about=name)
        if whole:
            any_came = True
            yield samples
    if rest:
        raise AudioError(f"ends within a sample: {len(rest)} bytes of {form.frame_bytes} are left", about=name)
    if not any_came:
        raise AudioError("is empty", about=name)


class PcmEncoder:
    """Makes raw PCM of blocks of (channels, n), with the dither that a file of this bit depth has.

    However a stream is cut into blocks, the joined bytes are the same.
    """

    def __init__(self, form: PcmForm, dither: Dither = "tpdf", seed: int = 0) -> None:
        self._encoding = form.encoding
        self._quantiser = None if form.encoding == "f32le" else Quantiser(
            BIT_DEPTHS[form.encoding], dither, seed, form.sample_rate, form.channels
        )
        self.clipped_samples = 0
        """So far, over all channels: samples beyond full scale, which are limited to it."""

    def encode(self, block: NDArray[np.float32]) -> bytes:
        """The bytes of the next block."""
        if self._quantiser is None:
            return np.ascontiguousarray(block.T, "<f4").tobytes()
        steps, over = self._quantiser.process(block)
        self.clipped_samples += over
        return _packed(steps.T, self._encoding)


def stored_pcm(path: str | PathLike[str], encoding: str) -> Iterator[bytes]:
    """The samples of a WAV file that holds them in this encoding, to the bit."""
    kind = {"s16le": "int16", "s24le": "int32", "f32le": "float32"}[encoding]
    with soundfile.SoundFile(Path(path)) as file:
        for block in file.blocks(blocksize=_PIECE_SAMPLES, dtype=kind, always_2d=True):
            if encoding == "f32le":
                yield np.ascontiguousarray(block, "<f4").tobytes()
            else:  # libsndfile gives 24 bits as the upper ones of 32
                yield _packed(block.astype("<i4") >> (8 if encoding == "s24le" else 0), encoding)


def _samples(data: bytes, form: PcmForm) -> NDArray[np.float32]:
    """(channels, samples) of full scale 1."""
    if form.encoding == "f32le":
        values = np.frombuffer(data, "<f4")
    elif form.encoding == "s16le":
        values = np.frombuffer(data, "<i2") / np.float32(2**15)
    else:
        padded = np.zeros((len(data) // 3, 4), np.uint8)
        padded[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        values = padded.view("<i4")[:, 0] / np.float32(2**31)
    return np.ascontiguousarray(values.reshape(-1, form.channels).T, np.float32)


def _packed(steps: NDArray[np.int32], encoding: str) -> bytes:
    """Whole numbers as 16 or 24 bits each."""
    if encoding == "s16le":
        return steps.astype("<i2").tobytes()
    return np.ascontiguousarray(steps, "<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
