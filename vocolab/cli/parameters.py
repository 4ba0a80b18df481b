"""Options that several commands have, so that they read the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)
"""Whether a file is there is for whoever opens it to say: in one line, with what is wrong."""


def _bit_depth(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    return None if value is None else int(value)


def output_options(what: str) -> Callable[[F], F]:
    """-o and --out-dir."""

    def add(function: F) -> F:
        function = click.option("--out-dir", type=PATH, help=f"Folder for {what}s named after their inputs.")(function)
        return click.option("-o", "--output", type=PATH, help=f"The {what} to write, for a single input.")(function)

    return add


def audio_format_options(function: F) -> F:
    """--sample-rate and --bit-depth."""
    function = click.option(
        "--bit-depth", type=click.Choice(["16", "24", "32"]), callback=_bit_depth,
        help="Bits a sample, 32 is float. Default: the preset's, else 24.",
    )(function)
    return click.option(
        "--sample-rate", type=click.IntRange(4_000, 768_000), metavar="HZ",
        help="Sample rate of what is written. Default: the preset's, else as it comes.",
    )(function)


def mel_spec_option(text: str, **more: Any) -> Callable[[F], F]:
    """--mel-spec; `text` says what the convention is of, `more` is for click."""
    return click.option("--mel-spec", metavar="NAME|FILE.toml", help=f"{text} See 'vocolab conventions'.", **more)


device_option = click.option(
    "--device", metavar="cpu|cuda|mps|auto",
    help="Where networks run; auto is the fastest that is here, cuda:N one of several GPUs. Default: the "
         "configuration's, else cpu.",
)
set_option = click.option(
    "--set", "settings", multiple=True, metavar="EFFECT.OPTION=VALUE...",
    help="Change options of the preset's effects, as in limiter.ceiling_dbtp=-2. May be repeated.",
)
allow_miss_option = click.option(
    "--allow-miss", is_flag=True,
    help="Write the nearest loudness where the target is out of reach. Default: write nothing, exit 1.",
)
jobs_option = click.option(
    "--jobs", "n_jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="How many files at a time.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result on stdout as JSON.")
