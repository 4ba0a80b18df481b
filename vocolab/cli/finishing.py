"""What `render`, `master` and `say` can be told about the files that they write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import click

from vocolab.cli.inputs import STANDARD
from vocolab.cli.output_options import form_options
from vocolab.cli.parameters import (
    PATH,
    allow_miss_option,
    cluster_options,
    jobs_option,
    json_option,
    level_options,
    output_options,
    plan_options,
    set_option,
)
from vocolab.cli.pipes import stdin_pcm_option, stdout_pcm_option
from vocolab.errors import CallError

if TYPE_CHECKING:
    from typing_extensions import Self

    from vocolab.chain.presets import Preset
    from vocolab.delivery.output import Output
    from vocolab.files.formats import Form
    from vocolab.files.pcm import PcmForm
    from vocolab.files.tags import Tags

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class FinishCall:
    """What was asked for, as far as both commands know it."""

    is_rendering: ClassVar[bool] = False
    """Whether a vocoder makes the audio."""
    preset: str | tuple[str, ...]
    """Several are joined."""
    settings: tuple[str, ...]
    output: Path | None
    out_dir: Path | None
    stated: Output
    """The form of the file, as far as options state it; they win over the preset's."""
    tags: tuple[str, ...]
    cover: Path | None = None
    number_tracks: bool = False
    keeps_tags: bool = True
    seed: int
    allow_miss: bool
    codec_check: bool
    album: bool
    resume: bool
    report: Path | None
    n_jobs: int
    as_json: bool
    no_clobber: bool = False
    dry_run: bool = False
    stdin_pcm: PcmForm | None = None
    stdout_pcm: str | None = None
    lufs: float | None = None
    true_peak: float | None = None
    linear: bool = False
    cluster: str | None = None
    cluster_files: str = "auto"
    to_stdout: bool = False
    """Whether the result leaves through standard output."""

    @classmethod
    def of(cls, options: dict[str, Any]) -> Self:
        """The call that click's options make up."""
        from vocolab.delivery.output import Output

        stated = Output(**{field.name: options.pop(field.name) for field in fields(Output)})
        call = cls(**options, stated=stated)
        return replace(call, **piped(call))

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What was named to be worked on; none where that is no file."""
        return ()

    @property
    def promised(self) -> dict[str, float]:
        """What options demand of the finished file, by the fields of `Target`."""
        wanted = {"integrated_lufs": self.lufs, "true_peak_dbtp": self.true_peak}
        return {name: value for name, value in wanted.items() if value is not None}

    @property
    def output_form(self) -> Output:
        """What is stated, with the format that -o names.

        Raises:
            CallError: if -o and --format contradict each other.
        """
        return self.stated if self.output is None else self.stated.of_file(self.output)

    @property
    def preset_names(self) -> tuple[str, ...]:
        """Each preset, in order."""
        return self.preset if isinstance(self.preset, tuple) else (self.preset,)

    def deciding(self) -> dict[str, Any]:
        """What of the call decides what a file is, in types that JSON knows."""
        return {name: value for name, value in vars(self).items() if name not in _NOT_DECIDING}

    def form(self, preset: Preset) -> Form:
        """How files are written: as options say, then as the preset does, as far as that goes with the format.

        Raises:
            CallError: if a tag is none.
            InputError: if the cover can't be one.
        """
        from vocolab.files.tags import Tags, parse_tags, read_cover

        tags = parse_tags(self.tags)
        if self.number_tracks and tags.get("track"):
            raise CallError("--number-tracks and --tag track= exclude each other; give one of them")
        stated = tags | Tags(cover=read_cover(self.cover) if self.cover is not None else None)
        form = preset.output.form(self.output_form, seed=self.seed, tags=stated)
        return replace(form, keeps_tags=self.keeps_tags)

    def tracks(self, outputs: Sequence[Path]) -> dict[Path, Tags]:
        """What each file of the call states alone: which track of how many it is."""
        from vocolab.files.tags import Tags

        numbered = enumerate(outputs, start=1) if self.number_tracks else ()
        return {output: Tags(track=f"{number}/{len(outputs)}") for number, output in numbered}

    def suffix(self, preset: Preset) -> str:
        """That of files which are not named: `.wav` unless options or preset say otherwise."""
        return (preset.output | self.stated).container.suffix


_NOT_DECIDING = {
    "audio", "mels", "cover", "output", "out_dir", "report", "resume", "n_jobs", "as_json", "no_clobber", "dry_run",
    "stdin_pcm", "stdout_pcm", "to_stdout", "engine", "cluster", "cluster_files",
}


def piped(call: FinishCall) -> dict[str, Any]:
    """What is another way in a call whose input or output is `-`.

    Raises:
        CallError: if something was asked for that does not go with a pipe.
    """
    reads = STANDARD in call.inputs
    writes = call.output == STANDARD or (reads and call.output is None and call.out_dir is None)
    if call.stdin_pcm is not None and not reads:
        raise CallError("--stdin-pcm says what comes through standard input: name - as the input")
    if call.stdout_pcm is not None and not writes:
        raise CallError("--stdout-pcm says what leaves through standard output: write -o -")
    if reads and call.resume:
        raise CallError("--resume knows files by their names; what comes through - has none")
    if not writes:
        return {}
    if call.as_json:
        raise CallError("the audio and --json would both go to standard output; name a file with -o")
    if call.album or len(call.inputs) > 1:
        raise CallError("-o - takes one file to standard output; use --out-dir for several, and for --album")
    changes: dict[str, Any] = {"to_stdout": True, "output": None}
    return changes | ({"stated": _of_pcm(call.stated, call.stdout_pcm)} if call.stdout_pcm else {})


def _of_pcm(stated: Output, encoding: str) -> Output:
    """A WAV of this encoding, of which the samples are sent."""
    from vocolab.files.pcm import BIT_DEPTHS

    bit_depth = BIT_DEPTHS[encoding]
    if stated.format not in (None, "wav") or stated.bit_depth not in (None, bit_depth):
        raise CallError(f"--stdout-pcm {encoding} has a format and a bit depth of its own: leave out --format and "
                        "--bit-depth")
    return replace(stated, format="wav", bit_depth=bit_depth)


def finishing_options(seed_help: str) -> Callable[[F], F]:
    """Every option of `FinishCall` but --preset."""
    options = [
        set_option,
        *level_options,
        output_options("audio file"),
        form_options,
        *_CODING,
        allow_miss_option,
        *_BATCH,
        click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help=seed_help),
        jobs_option,
        cluster_options,
        json_option,
    ]

    def add(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def coding_options(function: F) -> F:
    """--tag, --cover and --codec-check."""
    for option in reversed(_CODING):
        function = option(function)
    return function


_CODING: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--tag", "tags", multiple=True, metavar="NAME=TEXT",
        help="title, artist, album, date, genre ... (any usual name). May be repeated.",
    ),
    click.option("--cover", type=PATH, metavar="PICTURE", help="A cover to put into each file: JPEG or PNG."),
    click.option(
        "--codec-check/--no-codec-check", default=True,
        help="Measure lossy files decoded, and lower the ceiling until it holds. On unless switched off.",
    ),
)

_BATCH: tuple[Callable[[Any], Any], ...] = (
    click.option("--album", is_flag=True, help="One gain for all files, as the chapters of a book need."),
    click.option("--number-tracks", is_flag=True, help="Tag the files as tracks 1, 2, 3 ... of how many there are."),
    click.option("--no-tags", "keeps_tags", is_flag=True, flag_value=False, default=True,
                 help="Leave out what an input says of itself: its tags, cover and chapters. Default: they are kept."),
    click.option("--resume", is_flag=True, help="Note what is done, and skip what was noted and has not changed."),
    *plan_options,
    stdin_pcm_option,
    stdout_pcm_option,
    click.option("--report", type=PATH, metavar="FILE", help="Write a report: .json, or .html with loudness curves."),
)
