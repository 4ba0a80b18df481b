"""`vocolab bench quality`: how close the voices come to the recordings, in one command."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import PATH, device_option, json_option
from vocolab.cli.session import Session, add_global_options, pass_session, print_json
from vocolab.cli.settings import SettingsCommand

if TYPE_CHECKING:
    from vocolab.bench.results import Results, SpeakerResult


@click.group(no_args_is_help=True)
def bench() -> None:
    """Measure how good the installed voices are."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What was asked for."""

    data: Path
    second: Path | None
    voices: tuple[str, ...]
    vocoders: tuple[str, ...]
    refine: tuple[int, ...]
    denoise_db: float | None
    settings: tuple[str, ...]
    n_clips: int | None
    with_dnsmos: bool
    n_jobs: int
    device: str
    as_json: bool
    output: Path | None


@bench.command(cls=SettingsCommand)
@click.option("--data", type=PATH, required=True, help="Corpus with validation prompts: metadata.csv, validation.txt.")
@click.option("--second", type=PATH, help="Clips of another speaker, as a corpus.")
@click.option("--voice", "voices", multiple=True, metavar="NAME|FILE", help="May be repeated. Default: all voices.")
@click.option("--vocoder", "vocoders", multiple=True, metavar="NAME",
              help="Its voices, or itself where it needs none. May be repeated.")
@click.option("--refine", type=click.IntRange(1, 1000), multiple=True, metavar="N",
              help="A row with N rounds of refinement for each voice, besides. May be repeated.")
@click.option("--denoise", "denoise_db", type=click.FloatRange(-40, 40), metavar="DB",
              help="Denoise all rows.")
@click.option("--set", "settings", multiple=True, metavar="vocoder.OPTION=VALUE...",
              help="An option of the vocoders in all rows; name them with --vocoder or --voice.")
@click.option("--clips", "n_clips", type=click.IntRange(min=1), metavar="N", help="The first N clips only.")
@click.option("--dnsmos", "with_dnsmos", is_flag=True, help="Predict opinions too; needs vocolab[dnsmos].")
@click.option("--jobs", "n_jobs", type=click.IntRange(1, 64), default=1, show_default=True,
              help="How many processes. RTF is the most comparable with one.")
@device_option
@json_option
@click.option("-o", "--output", type=PATH, metavar="FILE.md", help="Write the tables here as Markdown.")
@pass_session
def quality(session: Session, /, **options: Any) -> None:
    """Render the validation prompts of a corpus by every voice and compare them with their recordings.

    A row each for the recordings, for vocoders that need no voice, and for every voice: PESQ-WB, STOI, distances of
    spectra, pitch, levels by third octaves up to 16 kHz, and CPU seconds a second of audio on one thread. A voice that
    recommends refinement has a row without and one with it. Tables are printed on stdout.
    """
    call = Call(**options | {"device": session.device(options["device"])})
    from vocolab.files.atomic import check_place

    if call.output is not None:
        check_place(call.output)
    results = _measure(session, call)
    text = results.to_markdown()
    if call.output is not None:
        _write(call.output, text)
    if call.as_json:
        print_json(results.to_dict())
    elif call.output is None:
        click.echo(text, nl=False)


add_global_options(quality)


def _measure(session: Session, call: Call) -> Results:
    from vocolab.bench.clips import all_clips, validation_clips
    from vocolab.bench.measures import check_measures
    from vocolab.bench.results import Results
    from vocolab.bench.subjects import choose

    check_measures()
    if call.with_dnsmos:
        from vocolab.bench.dnsmos import check_dnsmos

        check_dnsmos()
    clips = validation_clips(call.data, call.n_clips)
    other = all_clips(call.second, call.n_clips) if call.second else []
    subjects = choose(session.catalog, call.voices, call.vocoders, refine=call.refine, denoise_db=call.denoise_db,
                      options=_options(call.settings), device=call.device)
    session.warn_of_broken_plugins()
    run = partial(_speaker, session, call, subjects)
    own = run(call.data, clips)
    return Results(own, run(call.second, other) if call.second else None)


def _options(settings: tuple[str, ...]) -> dict[str, Any]:
    """What `--set` says of the vocoders.

    Raises:
        CallError: if a setting is of another form, or for an effect: nothing is mastered here.
    """
    from vocolab.chain.overrides import VOCODER, parse_overrides, vocoder_values
    from vocolab.errors import CallError

    overrides, problems = parse_overrides(settings)
    problems += [f"{other.where}: only {VOCODER}.OPTION can be set here; no effects are run"
                 for other in overrides if other.target != VOCODER]
    if problems:
        raise CallError("; ".join(problems))
    return vocoder_values(overrides)


def _speaker(session: Session, call: Call, subjects: Any, folder: Path, clips: list[Path]) -> SpeakerResult:
    from vocolab.bench.quality import measure_quality
    from vocolab.bench.results import SpeakerResult
    from vocolab.cli.progress import Progress

    progress = Progress((len(subjects) + 1) * len(clips), quiet=session.quiet)

    def done(number: int, label: str) -> None:
        progress.reach(number - 1, 1.0, label)

    try:
        rows = measure_quality(
            session.catalog, subjects, clips, with_dnsmos=call.with_dnsmos, n_jobs=call.n_jobs,
            no_plugins=session.no_plugins, done=done,
        )
    finally:
        progress.close()
    return SpeakerResult(folder, len(clips), rows)


def _write(path: Path, text: str) -> None:
    from vocolab.files.atomic import whole_file

    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
