"""Bitrate and quality of the lossy codecs, in the terms of libsndfile.

libsndfile 1.2.2 knows one number, the compression level from 0 to 1, and reads it in each codec's own way: as a place
between the highest and the lowest bitrate (MP3 at a constant one, Opus), or as the inverse of a quality (MP3 at a
variable bitrate, Vorbis). MP3 comes from LAME with its header, so that decoders know where the audio begins and ends.
"""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, TypedDict

from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.files.formats import Container, Form

# Below these a frame has no room for LAME's header, and the file is no longer as long as what went in.
_MP3_RATES_KBPS = {
    "MPEG-1": (64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    "MPEG-2": (64, 80, 96, 112, 128, 144, 160),
    "MPEG-2.5": (32, 40, 48, 56, 64),
}
_MP3_RANGE_KBPS = {"MPEG-1": (32, 320), "MPEG-2": (8, 160), "MPEG-2.5": (8, 64)}
_MP3_DEFAULT_KBPS = 192
_OPUS_RANGE_KBPS = (6, 256)
"""For each channel."""
_OPUS_LOWEST_KBPS = 16
_OPUS_DEFAULT_KBPS = 128
_VORBIS_DEFAULT_QUALITY = 6.0
_MOST_COMPRESSION = 0.9999
"""libsndfile refuses 1.0 for MP3."""


_MP3_SCALES = {64: 0.95, 80: 0.95, 96: 0.95, 112: 0.95, 128: 0.95, 160: 0.95, 192: 0.97, 224: 0.98, 256: 1.0, 320: 1.0}
_MP3_SCALE_OF_LOW_RATES = 0.95
"""What LAME multiplies the samples by at a constant bitrate, measured in what libsndfile 1.2.2 writes."""


class CodecSettings(TypedDict, total=False):
    """Arguments of `soundfile.SoundFile`."""

    compression_level: float
    bitrate_mode: str


def codec_settings(container: Container, form: Form, sample_rate: int, channels: int) -> CodecSettings:
    """What to tell soundfile so that a file gets its bitrate or quality; nothing for lossless ones."""
    if container.codec == "VORBIS":
        quality = _VORBIS_DEFAULT_QUALITY if form.quality is None else form.quality
        return {"compression_level": 1 - quality / 10}
    if container.codec == "OPUS":
        return {"compression_level": _opus_level(form.bitrate_kbps or _OPUS_DEFAULT_KBPS, channels)}
    if container.codec:
        return _mp3(form, sample_rate)
    return {}


def codec_gain(container: Container, form: Form, sample_rate: int) -> float:
    """The linear gain before the encoder after which the decoded level is that of the signal.

    LAME turns down what gets a constant bitrate under 256 kbps, by up to 0.45 dB, to have fewer peaks over full scale.
    """
    if container.name != "MP3" or form.quality is not None:
        return 1.0
    if _mpeg(sample_rate) != "MPEG-1":
        return 1 / _MP3_SCALE_OF_LOW_RATES
    return 1 / _MP3_SCALES[form.bitrate_kbps or _MP3_DEFAULT_KBPS]


def check_lossy(path: str | PathLike[str], container: Container, form: Form, sample_rate: int | None) -> None:
    """Refuse a bitrate or a quality that the codec does not take (at this rate, if it is given).

    Raises:
        CallError: naming what it takes.
    """
    if form.bitrate_kbps is not None:
        _check_bitrate(path, container, form.bitrate_kbps, sample_rate)
    if form.quality is None:
        return
    if container.codec in ("", "OPUS"):
        instead = "; give it a bitrate" if container.codec else ""
        raise CallError(f"{container.title} has no quality setting{instead}", about=path)
    if form.bitrate_kbps is not None:
        raise CallError("a bitrate and a quality exclude each other; give one of them", about=path)
    if not 0 <= form.quality <= 10:
        raise CallError(f"a quality of {form.quality:g}; allowed: 0 (small) to 10 (best)", about=path)


def _check_bitrate(path: str | PathLike[str], container: Container, kbps: int, sample_rate: int | None) -> None:
    if container.codec in ("", "VORBIS"):
        instead = "; give it a quality" if container.codec else ""
        raise CallError(f"{container.title} has no bitrate setting{instead}", about=path)
    if container.codec == "OPUS":
        if not _OPUS_LOWEST_KBPS <= kbps <= _OPUS_RANGE_KBPS[1]:
            raise CallError(f"Opus at {kbps} kbps; allowed: {_OPUS_LOWEST_KBPS} to {_OPUS_RANGE_KBPS[1]}", about=path)
        return
    if sample_rate is None:
        allowed = sorted({rate for rates in _MP3_RATES_KBPS.values() for rate in rates})
        where = ""
    else:
        allowed = list(_MP3_RATES_KBPS[_mpeg(sample_rate)])
        where = f" and {sample_rate} Hz"
    if kbps not in allowed:
        raise CallError(f"MP3 at {kbps} kbps{where}; allowed: {', '.join(map(str, allowed))}", about=path)


def _mp3(form: Form, sample_rate: int) -> CodecSettings:
    if form.quality is not None:
        level = min((10 - form.quality) / 10, _MOST_COMPRESSION)
        return {"bitrate_mode": "VARIABLE", "compression_level": level}
    mpeg = _mpeg(sample_rate)
    low, high = _MP3_RANGE_KBPS[mpeg]
    kbps = form.bitrate_kbps or min(_MP3_DEFAULT_KBPS, high)
    return {"bitrate_mode": "CONSTANT", "compression_level": min((high - kbps) / (high - low), _MOST_COMPRESSION)}


def _mpeg(sample_rate: int) -> str:
    if sample_rate >= 32_000:
        return "MPEG-1"
    return "MPEG-2" if sample_rate >= 16_000 else "MPEG-2.5"


def _opus_level(kbps: int, channels: int) -> float:
    low, high = _OPUS_RANGE_KBPS
    return min(max((high - kbps / channels) / (high - low), 0.0), 1.0)
