"""Decoders of audio files: libsndfile, told by vocolab what it would not find out itself, or ffmpeg."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.files.apple_layout import apple_layout
from vocolab.files.ffmpeg import decoded
from vocolab.files.flac_reading import flac_source
from vocolab.files.kinds import audio_kind, other_kind
from vocolab.files.mp3_reading import mp3_source
from vocolab.files.ogg_reading import ogg_source
from vocolab.files.parts import Part, PartsFile
from vocolab.files.riff import WAVE_MAGICS
from vocolab.files.source import AudioSource
from vocolab.files.uninterrupted import uninterrupted
from vocolab.files.wav_reading import wav_source
from vocolab.signals import BLOCK_SAMPLES

_UNKNOWN_LENGTH = 2**62
"""libsndfile gives about this many samples for a stream that does not say how long it is."""
_START_BYTES = 512
_END_SAMPLES = 48_000
"""Of an Ogg stream, which are decoded to know its length."""


class _Forward(soundfile.SoundFile):  # type: ignore[misc]
    """A file that is read from its beginning to its end, and nowhere else.

    soundfile 0.14 seeks after each read of a file that lets it. An MP3 of variable bitrate then goes on at another
    place, and other codecs start anew: what was read in blocks was not what the file holds.
    """

    def seekable(self) -> bool:
        """No."""
        return False


def found(path: Path) -> tuple[AudioSource, soundfile.SoundFile]:
    """How the file is decoded, and its decoder.

    Raises:
        AudioError: if nothing can decode it; the message says what it seems to be.
    """
    _check_file(path)
    with path.open("rb") as stream:
        start = stream.read(_START_BYTES)
        source = _structure(path, stream, start)
    try:
        file = opened(path, source.links[0] if source and source.links else ())
    except AudioError as error:
        return _by_ffmpeg(path, start, error)
    if source is None and file.format == "MP3" and not _may_be_mp3(start):
        return _behind_others(path, start, file)
    if source is None:
        with path.open("rb") as stream:
            source = _stated_layout(path, stream, file)
    return source, file


def _behind_others(path: Path, start: bytes, file: soundfile.SoundFile) -> tuple[AudioSource, soundfile.SoundFile]:
    """An MP3 that does not begin with a frame: cut out of another, or behind bytes that are no audio."""
    file.close()
    with path.open("rb") as stream:
        source = mp3_source(path, stream)
    if source is None:  # the decoder takes any bytes for an MP3 in which some look like a frame
        return _by_ffmpeg(path, start, AudioError("not an audio file that can be read", about=path))
    return source, opened(path, source.links[0] if source.links else ())


def _structure(path: Path, stream: BinaryIO, start: bytes) -> AudioSource | None:
    """What vocolab itself knows of how the file is built; None where libsndfile is left alone with it."""
    if start.startswith(WAVE_MAGICS):
        return wav_source(path, stream)
    if start.startswith(b"OggS"):
        return ogg_source(path, stream)
    if start.startswith(b"fLaC"):
        return flac_source(path, stream)
    return mp3_source(path, stream) if _may_be_mp3(start) else None


def _may_be_mp3(start: bytes) -> bool:
    return start[:3] == b"ID3" or (len(start) > 1 and start[0] == 0xFF and start[1] & 0xE0 == 0xE0)


def _stated_layout(path: Path, stream: BinaryIO, file: soundfile.SoundFile) -> AudioSource:
    """The layout of a file whose samples libsndfile reads as they are."""
    if stated := apple_layout(stream, file.channels):
        layout, order = stated
        return AudioSource(path, layout=layout, order=order if order != tuple(range(len(order))) else ())
    return AudioSource(path)


def _by_ffmpeg(path: Path, start: bytes, error: AudioError) -> tuple[AudioSource, soundfile.SoundFile]:
    """The same by ffmpeg, for what libsndfile does not know."""
    kind, other = audio_kind(start), other_kind(start)
    if other and not kind:
        raise error.extended(f": it is {other}")
    made = decoded(path) if kind else None
    if made is None:
        if kind:
            raise error.extended(f": it is {kind}, which takes an ffmpeg to decode, and none is installed (on the "
                                 "PATH); install ffmpeg, or convert the file")
        raise error.extended(" (WAV, FLAC, OGG, MP3 ..., and with an installed ffmpeg M4A, WMA, WebM ...)")
    wav, said, tags = made
    with Path(wav.name).open("rb") as stream:
        source = wav_source(Path(wav.name), stream)
    assert source is not None
    notes = (f"ffmpeg says: {said}",) if said else ()
    source = AudioSource(Path(wav.name), source.links, source.layout, notes=notes, tags=tags, keep=wav)
    return source, opened(source.path, source.links[0] if source.links else ())


def opened(path: Path, link: tuple[Part, ...]) -> soundfile.SoundFile:
    """The decoder of a link, or of the whole file where that is empty.

    Raises:
        AudioError: if libsndfile does not know it.
    """
    try:
        # As bytes: a name need not be text.
        with uninterrupted():
            return _Forward(PartsFile(path, link) if link else os.fsencode(path))
    except (soundfile.LibsndfileError, TypeError) as error:  # TypeError: a headerless .raw
        raise AudioError("not an audio file that can be read", about=path) from error


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


def length_of(path: Path, file: soundfile.SoundFile, link: tuple[Part, ...], *, is_damaged: bool = False) -> int:
    """Samples that the decoder will give.

    What an Ogg stream states is about right only: so its end is decoded.
    """
    declared = int(file.frames)
    if declared >= _UNKNOWN_LENGTH or is_damaged:
        return _count(path, link)
    if file.format != "OGG" or declared == 0:
        return declared
    try:
        with soundfile.SoundFile(PartsFile(path, link) if link else os.fsencode(path)) as seekable:
            near_end = max(declared - _END_SAMPLES, 0)
            seekable.seek(near_end)
            return near_end + len(seekable.read(2 * _END_SAMPLES, dtype="float32", always_2d=True))
    except soundfile.LibsndfileError:  # it is told when it is read
        return declared


def _count(path: Path, link: tuple[Part, ...]) -> int:
    total = 0
    with opened(path, link) as file:
        while n_samples := read_samples(path, file, BLOCK_SAMPLES).shape[1]:
            total += n_samples
    return total


def read_samples(path: Path, file: soundfile.SoundFile, n_samples: int) -> NDArray[np.float32]:
    """(channels, at most n_samples)."""
    try:
        with np.errstate(over="ignore"), uninterrupted():  # some files are read through functions of ours
            block = file.read(n_samples, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise AudioError(f"the file is damaged or truncated: {error.error_string.rstrip('.')}.", about=path) from error
    return np.ascontiguousarray(block.T)  # (samples, channels) -> (channels, samples)
