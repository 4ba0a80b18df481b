"""Audio as bytes, as it comes: one encoder an answer, in the formats that OpenAI's API names.

    base.py      what an encoder is; resampling on the way
    raw.py       pcm and wav
    library.py   flac and Ogg Opus, by libsndfile
    lame.py      mp3
    ffmpeg.py    aac, where ffmpeg is installed
"""

from __future__ import annotations

from vocolab_server.encoders.base import Encoder, Form
from vocolab_server.encoders.ffmpeg import AacEncoder, has_ffmpeg
from vocolab_server.encoders.lame import Mp3Encoder
from vocolab_server.encoders.library import FlacEncoder, OpusEncoder
from vocolab_server.encoders.raw import PcmEncoder, WavEncoder
from vocolab_server.refusals import Refused

__all__ = ["Encoder", "Form", "encoder", "format_names"]

_ENCODERS: dict[str, type[Encoder]] = {
    "mp3": Mp3Encoder, "opus": OpusEncoder, "aac": AacEncoder, "flac": FlacEncoder, "wav": WavEncoder,
    "pcm": PcmEncoder,
}  # fmt: skip


def format_names() -> list[str]:
    """The formats that can be had here."""
    return [name for name in _ENCODERS if name != "aac" or has_ffmpeg()]


def encoder(name: str) -> type[Encoder]:
    """The encoder of a format.

    Raises:
        Refused: if there is none of that name here, with those that there are.
    """
    if name not in format_names():
        without = " (aac needs ffmpeg, which is not installed here)" if name == "aac" else ""
        raise Refused(400, f"response_format is {name!r}; there is {', '.join(format_names())}{without}",
                      "invalid_value", param="response_format")
    return _ENCODERS[name]
