"""`vocolab bench speed` and `bench effects`: how fast, beside the published architectures."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import PATH, json_option, no_cluster_option
from vocolab.cli.session import Session, add_global_options, pass_session, print_json

if TYPE_CHECKING:
    from vocolab.bench.speed.results import SpeedResults

LENGTHS = "5"


@dataclass(frozen=True, kw_only=True)
class _Out:
    """Where results go."""

    output: Path | None
    compare: Path | None
    threshold: float
    as_json: bool


def _out_options(function: Any) -> Any:
    options = (
        no_cluster_option("times are compared with each other, and have to be of one machine"),
        click.option("-o", "--output", type=PATH, metavar="FILE.md|FILE.json", help="Write the result here."),
        click.option("--compare", type=PATH, metavar="OLD.json",
                     help="Say what moved beyond noise against an earlier result, and exit 1 if it got slower."),
        click.option("--threshold", type=click.FloatRange(0, 1), default=0.1, show_default=True,
                     help="Of --compare: how much slower is too slow."),
        json_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.command()
@click.option("--voice", "voices", multiple=True, metavar="NAME", help="May be repeated. Default: all voices.")
@click.option("--vocoder", "vocoders", multiple=True, metavar="NAME",
              help="Its voices, or itself where it needs none. May be repeated.")
@click.option("--size", "sizes", multiple=True, metavar="VOCODER[:SIZE]",
              help="Published sizes with random weights, as hifigan:v1: for speed only. May be repeated.")
@click.option("--engine", "engines", multiple=True, metavar="NAME", help="May be repeated. Default: all installed.")
@click.option("--precision", "precisions", multiple=True, type=click.Choice(["fp32", "fast"]), default=["fp32"],
              show_default=True, help="May be repeated.")
@click.option("--seconds", "lengths", default=LENGTHS, show_default=True, metavar="S,S...",
              help="Lengths of audio; all: 0.1,1,5,60,600.")
@click.option("--threads", default="1", show_default=True, metavar="N,N...", help="Numbers of threads.")
@click.option("--runs", type=click.IntRange(3), default=7, show_default=True, help="Turns at each length, at most.")
@click.option("--time", "at_most_s", type=click.FloatRange(1), default=60.0, show_default=True, metavar="S",
              help="After which the turns of a voice at a length end.")
@click.option("--refine", type=click.IntRange(0, 1000), default=0, show_default=True, metavar="N",
              help="Rounds of refinement; 0 measures the network alone.")
@click.option("--recommended", is_flag=True, help="With all that each voice recommends, in place of --refine.")
@click.option("--memory", "with_memory", is_flag=True, help="Peak memory too, in processes of their own.")
@click.option("--startup", "with_startup", is_flag=True, help="Where the time of one short command goes, too.")
@click.option("--plot", "plot_file", type=PATH, metavar="FILE.png", help="Draw quality against speed; needs --quality.")
@click.option("--quality", type=PATH, metavar="FILE.json", help="What 'vocolab bench quality --json' printed.")
@_out_options
@pass_session
def speed(session: Session, /, **options: Any) -> None:
    """Measure how fast vocoders render: RTF, first block, memory, start-up, by engine, precision, length and threads.

    The reference of each is its published architecture as plain torch modules, run turn about in a process of its own.
    """
    from vocolab.bench.speed.cases import choose, ways
    from vocolab.bench.speed.measuring import LENGTHS_S, Plan, measure_speed
    from vocolab.bench.speed.results import SpeedResults, SpeedRow

    out = _out(options)
    picture = _picture(options["plot_file"], options["quality"])
    if options["recommended"] and options["refine"]:
        raise click.UsageError("--recommended and --refine: give one of them.")
    lengths = LENGTHS_S if options["lengths"] == "all" else _numbers("--seconds", options["lengths"])
    threads = tuple(round(number) for number in _numbers("--threads", options["threads"]))
    catalog = session.catalog
    cases = choose(catalog, options["voices"], options["vocoders"], options["sizes"])
    plan = Plan(
        tuple(ways(catalog, options["engines"], options["precisions"])), lengths, threads, options["runs"],
        options["at_most_s"], None if options["recommended"] else options["refine"], options["with_memory"],
    )
    results = SpeedResults(_command())
    found = list(measure_speed(cases, plan, session.say))
    results.rows += [one for one in found if isinstance(one, SpeedRow)]
    results.problems += [one for one in found if isinstance(one, str)]
    if options["with_startup"]:
        _add_starts(session, results, [case.label for case in cases if case.trained], [way.engine for way in plan.ways])
    if picture is not None:
        picture(session, results)
    _end(session, out, results)


@click.command()
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="FILE.json...")
@click.option("-o", "--output", type=PATH, metavar="FILE.md", help="Write the page here.")
@click.option("--plot", "plot_file", type=PATH, metavar="FILE.png", help="Draw quality against speed; needs --quality.")
@click.option("--quality", type=PATH, metavar="FILE.json", help="What 'vocolab bench quality --json' printed.")
@pass_session
def tables(session: Session, /, files: tuple[Path, ...], output: Path | None, **options: Any) -> None:
    """Put what 'bench speed' and 'bench effects' wrote as JSON on one page, each under the call that made it."""
    from vocolab.bench.speed.comparing import read_results
    from vocolab.bench.speed.page import page
    from vocolab.cli.outputs import make_place

    picture = _picture(options["plot_file"], options["quality"])
    results = [read_results(file) for file in files]
    text = page(results)
    if output is None:
        click.echo(text, nl=False)
    else:
        make_place(output)
        _write(output, text)
    if picture is not None:
        picture(session, *results)


@click.command()
@click.option("--effect", "effects", multiple=True, metavar="NAME", help="May be repeated. Default: all of them.")
@click.option("--preset", "presets", multiple=True, metavar="NAME", help="May be repeated. Default: all of them.")
@click.option("--seconds", type=click.FloatRange(1, 3600), default=20.0, show_default=True, help="Of 48 kHz stereo.")
@click.option("--runs", type=click.IntRange(3), default=5, show_default=True, help="Turns.")
@_out_options
@pass_session
def effects(session: Session, /, **options: Any) -> None:
    """Measure how many times faster than real time every effect and preset is, on one thread."""
    from vocolab.bench.speed.effects import measure_effects
    from vocolab.bench.speed.results import EffectRow, SpeedResults

    out, results = _out(options), SpeedResults(_command())
    found = list(measure_effects(session.catalog, options["effects"], options["presets"], options["seconds"],
                                 options["runs"], session.say))
    results.effects += [one for one in found if isinstance(one, EffectRow)]
    results.problems += [one for one in found if isinstance(one, str)]
    _end(session, out, results)


add_global_options(speed)
add_global_options(effects)
add_global_options(tables)


def _picture(path: Path | None, quality: Path | None) -> Callable[..., None] | None:
    """What draws quality against speed of results, its files examined before anything is measured; None: not asked."""
    from vocolab.bench.speed.plot import plot, read_quality
    from vocolab.cli.outputs import make_place
    from vocolab.pictures.figures import check_picture

    if path is None and quality is None:
        return None
    if path is None or quality is None:
        raise click.UsageError("--plot and --quality go together.")
    check_picture(path)
    make_place(path)
    measure, values = read_quality(quality)

    def draw(session: Session, *results: SpeedResults) -> None:
        n_shown = plot([row for one in results for row in one.rows], measure, values, path)
        session.say(f"{path}: {n_shown} voices")

    return draw


def _out(options: dict[str, Any]) -> _Out:
    """The options of the result, examined before anything is measured."""
    from vocolab.bench.speed.comparing import read_results
    from vocolab.cli.outputs import make_place

    out = _Out(**{name: options[name] for name in _Out.__dataclass_fields__})
    if out.output is not None:
        if out.output.suffix not in (".md", ".json"):
            raise click.UsageError(f"{out.output}: the file has to end in .md or .json.")
        make_place(out.output)
    if out.compare is not None:
        read_results(out.compare)
    return out


def _numbers(option: str, text: str) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) <= 0:
        raise click.UsageError(f"{option} {text!r}: give numbers above 0 with commas between.")
    return numbers


def _add_starts(session: Session, results: SpeedResults, voices: list[str], engines: list[str]) -> None:
    from vocolab.bench.speed.startup import start_up
    from vocolab.errors import VocolabError

    for voice in (name for name in voices if name in session.catalog.voices.names()):
        spec = session.catalog.voices.load(voice).mel_spec
        for engine in dict.fromkeys(engines):
            session.say(f"start-up: {voice}, {engine}")
            try:
                assert spec is not None
                results.starts.append(start_up(voice, spec, engine))
            except VocolabError as error:
                results.problems.append(f"start-up of {voice} on {engine}: {error}")


def _end(session: Session, out: _Out, results: SpeedResults) -> None:
    """Write, print and compare."""
    told = results.to_dict()
    if out.output is not None:
        _write(out.output, told if out.output.suffix == ".json" else results.to_markdown())
    if out.as_json:
        print_json(told)
    elif out.output is None:
        click.echo(results.to_markdown(), nl=False)
    if out.compare is not None:
        _compare(session, out.compare, out.threshold, results)


def _compare(session: Session, path: Path, threshold: float, results: SpeedResults) -> None:
    """Say what moved, and exit 1 where something got slower than it may."""
    from vocolab.bench.speed.comparing import moves, not_compared, read_results, slower
    from vocolab.errors import InputError

    old = read_results(path)
    found = moves(old, results)
    for move in found:
        session.say(move.told())
    for label in not_compared(old, results):
        session.say(f"{label}: the earlier result has nothing to compare it with")
    if not found:
        raise InputError("has no row of what was measured now: nothing was compared", about=path)
    if worse := slower(found, threshold):
        click.echo(f"vocolab: {len(worse)} of {len(found)} rows are more than {threshold:.0%} slower", err=True)
        click.get_current_context().exit(1)
    session.say(f"none of {len(found)} rows is more than {threshold:.0%} slower")


def _write(path: Path, what: Any) -> None:
    import json

    from vocolab.files.atomic import whole_file

    text = what if isinstance(what, str) else json.dumps(what, indent=1) + "\n"
    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _command() -> str:
    """The call, as it can be repeated."""
    import shlex

    return shlex.join(["vocolab", *sys.argv[1:]])
