"""What `render` and `master` can be told about the files that they write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar

import click

from vocolab.cli.parameters import (
    PATH,
    allow_miss_option,
    audio_format_options,
    jobs_option,
    json_option,
    output_options,
    set_option,
)
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.chain.chain import Output
    from vocolab.chain.presets import Preset
    from vocolab.files.formats import BitDepth, Dither, Form

F = TypeVar("F", bound=Callable[..., Any])
Format = Literal["wav", "flac", "ogg", "opus", "mp3"]


@dataclass(frozen=True, kw_only=True)
class FinishCall:
    """What was asked for, as far as both commands know it."""

    is_rendering: ClassVar[bool] = False
    """Whether a vocoder makes the audio."""
    preset: str
    settings: tuple[str, ...]
    output: Path | None
    out_dir: Path | None
    format: Format | None
    sample_rate: int | None
    bit_depth: BitDepth | None
    dither: Dither | None
    bitrate_kbps: int | None
    quality: float | None
    tags: tuple[str, ...]
    seed: int
    allow_miss: bool
    codec_check: bool
    album: bool
    resume: bool
    report: Path | None
    n_jobs: int
    as_json: bool

    @property
    def stated(self) -> Output:
        """The form of the file, as far as options state it; they win over the preset's."""
        from vocolab.chain.chain import Output

        return Output(
            self.sample_rate, self.bit_depth, self._format(), self.bitrate_kbps, self.quality, self.dither
        )

    def deciding(self) -> dict[str, Any]:
        """What of the call decides how a file sounds, in types that JSON knows."""
        return {name: value for name, value in vars(self).items() if name not in _NOT_DECIDING}

    def form(self, preset: Preset) -> Form:
        """How files are written: as options say, then as the preset does, as far as that goes with the format."""
        from vocolab.files.formats import CONTAINERS, Form
        from vocolab.files.tags import parse_tags

        output = preset.output | self.stated
        container = CONTAINERS[f".{output.format or 'wav'}"]
        return Form(
            bit_depth=self.bit_depth or (None if container.is_lossy else output.bit_depth),
            dither=output.dither or "tpdf",
            bitrate_kbps=output.bitrate_kbps,
            quality=output.quality,
            seed=self.seed,
            tags=parse_tags(self.tags),
        )

    def suffix(self, preset: Preset) -> str:
        """That of files which are not named: `.wav` unless options or preset say otherwise."""
        return f".{self.format or preset.output.format or 'wav'}"

    def _format(self) -> Format | None:
        """The format that -o or --format names."""
        if self.output is None:
            return self.format
        from vocolab.files.formats import container_of

        named: Any = container_of(self.output).suffix[1:]
        if self.format not in (None, named):
            raise CallError(f"-o {self.output} and --format {self.format} contradict each other; give one of them")
        return named  # type: ignore[no-any-return]


_NOT_DECIDING = {"audio", "mels", "output", "out_dir", "report", "resume", "n_jobs", "as_json"}


def finishing_options(seed_help: str) -> Callable[[F], F]:
    """Every option of `FinishCall` but --preset."""
    options = [
        set_option,
        output_options("audio file"),
        click.option(
            "--format", type=click.Choice(["wav", "flac", "ogg", "opus", "mp3"]),
            help="Of files that -o does not name. Default: the preset's, else wav.",
        ),
        audio_format_options,
        *_CODING,
        allow_miss_option,
        *_BATCH,
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=seed_help),
        jobs_option,
        json_option,
    ]

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


_CODING: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--dither", type=click.Choice(["none", "tpdf", "shaped"]),
        help="Before 16 and 24 bit; shaped: less noise from 1 to 5 kHz. Default: the preset's, else tpdf.",
    ),
    click.option("--bitrate-kbps", type=int, metavar="KBPS", help="Of MP3 (constant) and Opus. Default: 192 and 128."),
    click.option(
        "--quality", type=float, metavar="0..10", help="Of Ogg Vorbis and MP3: a variable bitrate. 10 is best.",
    ),
    click.option(
        "--tag", "tags", multiple=True, metavar="NAME=TEXT",
        help="title, artist, album, track or comment. May be repeated.",
    ),
    click.option(
        "--codec-check/--no-codec-check", default=True,
        help="Measure lossy files decoded, and lower the ceiling until it holds. On unless switched off.",
    ),
)

_BATCH: tuple[Callable[[Any], Any], ...] = (
    click.option("--album", is_flag=True, help="One gain for all files, as the chapters of a book need."),
    click.option("--resume", is_flag=True, help="Note what is done, and skip what was noted and has not changed."),
    click.option("--report", type=PATH, metavar="FILE", help="Write a report: .json, or .html with loudness curves."),
)
