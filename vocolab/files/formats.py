"""The audio files that can be written: container, codec, bit depth, rates, and their limits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, cast

from pydantic import Field

from vocolab.errors import CallError
from vocolab.tags import Tags

BitDepth: TypeAlias = Literal[16, 24, 32]
"""Bits a sample: 16 and 24 are whole numbers, 32 is float."""

Dither: TypeAlias = Literal["none", "tpdf", "shaped"]

FormatName: TypeAlias = Literal["wav", "flac", "ogg", "opus", "mp3"]
"""The formats that can be written, by their suffix without the dot."""

SHAPED_LOWEST_RATE_HZ = 32_000
"""Under it there is no room above speech to put the noise."""

_SUBTYPES: dict[int, str] = {16: "PCM_16", 24: "PCM_24", 32: "FLOAT"}


@dataclass(frozen=True)
class Coding:
    """How samples are coded. What is None is the container's to say."""

    bit_depth: Annotated[
        BitDepth | None, Field(description="Bits a sample of WAV and FLAC, 32 is float. Default: 24.")
    ] = None
    dither: Annotated[
        Dither | None,
        Field(description="Before 16 and 24 bit; shaped: less noise from 1 to 5 kHz. Default: tpdf."),
    ] = None
    bitrate_kbps: Annotated[
        int | None,
        Field(ge=16, le=320, description="Of MP3 (constant) and Opus. Default: 192, or what the rate takes; Opus 128."),
    ] = None
    quality: Annotated[
        float | None,
        Field(ge=0, le=10, description="Of Ogg Vorbis and MP3: a variable bitrate, 10 is best. Default: Vorbis 6."),
    ] = None


@dataclass(frozen=True)
class Form(Coding):
    """How audio is put into a file."""

    seed: int = 0
    """Of the dither."""
    tags: Tags = field(default_factory=Tags)
    """What is stated, over what the recording says of itself."""
    keeps_tags: bool = True
    """Whether what the recording says of itself goes into the file."""


@dataclass(frozen=True)
class Container:
    """A file format by its suffix."""

    suffix: str
    title: str
    """As people call it."""
    name: str
    """As soundfile calls it."""
    codec: str = ""
    """soundfile's subtype of a lossy one, else empty."""
    bit_depths: tuple[BitDepth, ...] = ()
    most_channels: int = 2
    rates_hz: tuple[int, ...] = ()
    """All that it takes; empty: any between the next two."""
    lowest_rate_hz: int = 1
    highest_rate_hz: int = 768_000

    @property
    def format(self) -> FormatName:
        """The suffix without its dot."""
        return cast("FormatName", self.suffix[1:])

    @property
    def is_lossy(self) -> bool:
        """Whether what is read back is not what was written."""
        return bool(self.codec)

    def takes_rate(self, rate_hz: int) -> bool:
        """Whether audio of this rate can be in it."""
        if self.rates_hz:
            return rate_hz in self.rates_hz
        return self.lowest_rate_hz <= rate_hz <= self.highest_rate_hz

    def nearest_rate_hz(self, rate_hz: int) -> int:
        """`rate_hz` if it is taken, else the next higher one that is, else the highest."""
        if self.takes_rate(rate_hz):
            return rate_hz
        rates = self.rates_hz or (self.lowest_rate_hz, self.highest_rate_hz)
        return min((rate for rate in rates if rate >= rate_hz), default=max(rates))

    @property
    def rates_text(self) -> str:
        """The rates that it takes, for messages."""
        if self.rates_hz:
            return f"{', '.join(map(str, self.rates_hz))} Hz"
        return f"{self.lowest_rate_hz} to {self.highest_rate_hz} Hz"


_MP3_RATES_HZ = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_OPUS_RATES_HZ = (8_000, 12_000, 16_000, 24_000, 48_000)

# Vorbis and Opus order the channels of surround in a way of their own, so only one and two are written.
CONTAINERS = {
    ".wav": Container(".wav", "WAV", "WAV", bit_depths=(16, 24, 32), most_channels=64),
    ".flac": Container(".flac", "FLAC", "FLAC", bit_depths=(16, 24), most_channels=8, highest_rate_hz=384_000),
    ".ogg": Container(".ogg", "Ogg Vorbis", "OGG", "VORBIS", lowest_rate_hz=8_000, highest_rate_hz=192_000),
    ".opus": Container(".opus", "Opus", "OGG", "OPUS", rates_hz=_OPUS_RATES_HZ),
    ".mp3": Container(".mp3", "MP3", "MP3", "MPEG_LAYER_III", rates_hz=_MP3_RATES_HZ),
}


def container_of(path: str | PathLike[str]) -> Container:
    """The container that the suffix of `path` names.

    Raises:
        CallError: if there is none of that suffix.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in CONTAINERS:
        found = f"the suffix {suffix!r} names no format" if suffix else "has no suffix"
        raise CallError(f"{found} that audio can be written in; allowed: {', '.join(CONTAINERS)}", about=path)
    return CONTAINERS[suffix]


def check_output(
    path: str | PathLike[str], form: Form, *, channels: int = 1, sample_rate: int | None = None
) -> Container:
    """The container for `path`, if it takes the form, the channels and the rate.

    Raises:
        CallError: if it does not, naming what it takes.
    """
    from vocolab.files.lossy import check_lossy

    container = container_of(path)
    _check_depth(path, container, form)
    if not 1 <= channels <= container.most_channels:
        instead = "; --channels 2 mixes down" if channels > 2 else ""
        raise CallError(f"{container.title} holds 1 to {container.most_channels} channels, not {channels}{instead}",
                        about=path)
    if sample_rate is not None and not container.takes_rate(sample_rate):
        raise CallError(f"{container.title} can't hold {sample_rate} Hz; allowed: {container.rates_text}", about=path)
    check_lossy(path, container, form, sample_rate)
    if form.dither == "shaped" and sample_rate is not None and sample_rate < SHAPED_LOWEST_RATE_HZ:
        raise CallError(
            f"shaped dither needs {SHAPED_LOWEST_RATE_HZ} Hz or more, not {sample_rate}; take tpdf",
            about=path,
        )
    return container


def settled(form: Form, container: Container) -> Form:
    """The form with the bit depth that will be written: 24 where none was asked for, none in a lossy file."""
    return replace(form, bit_depth=None if container.is_lossy else form.bit_depth or 24)


def subtype(bit_depth: BitDepth) -> str:
    """soundfile's name for samples of `bit_depth`."""
    return _SUBTYPES[bit_depth]


def _check_depth(path: str | PathLike[str], container: Container, form: Form) -> None:
    if form.bit_depth is None or form.bit_depth in container.bit_depths:
        return
    if container.is_lossy:
        raise CallError(f"{container.title} has no bit depth; leave it out, or write WAV or FLAC", about=path)
    allowed = ", ".join(str(depth) for depth in container.bit_depths)
    raise CallError(f"{container.title} can't hold a bit depth of {form.bit_depth}; allowed: {allowed}", about=path)
