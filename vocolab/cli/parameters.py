"""Options that several commands have, so that they read the same everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from vocolab.cli.inputs import INPUT

F = TypeVar("F", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)
"""Whether a file is there is for whoever opens it to say: in one line, with what is wrong."""


def output_options(what: str) -> Callable[[F], F]:
    """-o and --out-dir."""

    def add(function: F) -> F:
        function = click.option("--out-dir", type=PATH, help=f"Folder for {what}s named after their inputs.")(function)
        return click.option("-o", "--output", type=INPUT,
                                help=f"The {what} to write, for a single input; - is standard output.")(function)

    return add


def mel_spec_option(text: str, **more: Any) -> Callable[[F], F]:
    """--mel-spec; `text` says what the convention is of, `more` is for click."""
    return click.option("--mel-spec", metavar="NAME|FILE.toml", help=f"{text} See 'vocolab conventions'.", **more)


def force_option(what: str) -> Callable[[F], F]:
    """--force: a statement on a mel wins over its numbers."""
    return click.option("--force", is_flag=True,
                        help=f"Take {what} as what is stated, though their numbers speak against that.")


device_option = click.option(
    "--device", metavar="cpu|cuda|mps|auto",
    help="Where networks run; auto is the fastest that is here, cuda:N one of several GPUs. Default: the "
         "configuration's, else cpu.",
)
_ENGINE = (
    click.option("--engine", metavar="NAME|auto",
                 help="What executes networks, see 'vocolab engines'. Default: VOCOLAB_ENGINE, the configuration's, "
                      "else auto: the fastest that is installed."),
    click.option("--precision", type=click.Choice(["fp32", "fast"]), default="fp32", show_default=True,
                 help="fast: products in 16 bits, where 45 dB of each voice are kept."),
    click.option("--threads", type=int, metavar="N", help="Of a network. Default: as many as there are processors."),
)
set_option = click.option(
    "--set", "settings", multiple=True, metavar="EFFECT.OPTION=VALUE...",
    help="Change options of the preset's effects, as in limiter.ceiling_dbtp=-2. May be repeated.",
)
level_options = (
    click.option("--lufs", type=click.FloatRange(-60, -5), metavar="LUFS",
                 help="Integrated loudness, instead of the preset's. Without --preset nothing else is done."),
    click.option("--true-peak", type=click.FloatRange(-30, 0), metavar="DBTP",
                 help="Ceiling of the true peak, instead of the preset's."),
    click.option("--linear", is_flag=True,
                 help="With --lufs, without --preset: one gain; a file is turned down rather than limited."),
)
allow_miss_option = click.option(
    "--allow-miss", is_flag=True,
    help="Write the nearest loudness where the target is out of reach. Default: write nothing, exit 1.",
)
plan_options = (
    click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing."),
    click.option("--no-clobber", is_flag=True, help="Keep files that are there already, and leave out their inputs."),
)
jobs_option = click.option(
    "--jobs", "n_jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="How many files at a time.",
)
_CLUSTER = (
    click.option("--cluster", metavar="ADDRESS",
                 help="Let the nodes of a Ray cluster do the work: HOST:PORT, ray://HOST:PORT or auto. Needs the "
                      "extra 'cluster'."),
    click.option("--cluster-files", type=click.Choice(["auto", "path", "value"]), default="auto", show_default=True,
                 help="How files get to the nodes; auto: by path where all nodes see the same files."),
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the result on stdout as JSON.")


def engine_options(function: F) -> F:
    """--engine, --precision and --threads; `Session.engine` reads them."""
    for option in reversed(_ENGINE):
        function = option(function)
    return function


def cluster_options(function: F) -> F:
    """--cluster and --cluster-files."""
    for option in reversed(_CLUSTER):
        function = option(function)
    return function


def no_cluster_option(why: str) -> Callable[[F], F]:
    """--cluster where nothing can be handed out: refused with `why`, which the help says as well."""

    def refuse(_context: click.Context, _parameter: click.Parameter, address: str | None) -> None:
        if address is not None:
            from vocolab.errors import CallError

            raise CallError(f"--cluster {address}: {why}; leave it out")

    return click.option("--cluster", metavar="ADDRESS", expose_value=False, callback=refuse, help=f"Refused: {why}.")
