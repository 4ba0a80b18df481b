"""`vocolab bench`, and `bench quality`: how close the voices come to the recordings, in one command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.bench_speech import speech
from vocolab.cli.bench_speed import effects, speed, tables
from vocolab.cli.parameters import PATH, cluster_options, device_option, json_option
from vocolab.cli.session import Session, add_global_options, pass_session, print_json
from vocolab.cli.settings import SettingsCommand

if TYPE_CHECKING:
    from vocolab.bench.measures import Extras
    from vocolab.bench.results import Results, SpeakerResult
    from vocolab.bench.subjects import Subject
    from vocolab.crews.errands import Crew


@click.group(no_args_is_help=True)
def bench() -> None:
    """Measure how good the installed voices are, and how fast."""


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
    n_second: int | None
    half: str
    speakers: str
    files: tuple[Path, ...]
    files_mel_spec: str
    against: str | None
    with_dnsmos: bool
    with_judges: bool
    n_jobs: int
    cluster: str | None
    cluster_files: str
    device: str
    as_json: bool
    output: Path | None


@bench.command(cls=SettingsCommand)
@click.option("--data", type=PATH, required=True, help="Corpus with validation prompts: metadata.csv, validation.txt.")
@click.option("--second", type=PATH, help="Clips of another speaker, as a corpus.")
@click.option("--speakers", default="", metavar="ID,ID...",
              help="Only these speakers of --second, whose clips are named ID-...")
@click.option("--half", type=click.Choice(["both", "choosing", "reporting"]), default="both", show_default=True,
              help="Of the validation prompts: checkpoints are chosen by the one half, figures reported of the other.")
@click.option("--voice", "voices", multiple=True, metavar="NAME|FILE", help="May be repeated. Default: all voices.")
@click.option("--vocoder", "vocoders", multiple=True, metavar="NAME",
              help="Its voices, or itself where it needs none. May be repeated.")
@click.option("--files", multiple=True, type=PATH, metavar="DIR",
              help="What something else rendered, NAME.wav or .flac for each clip of --data. May be repeated; alone, "
                   "no voice is measured.")
@click.option("--files-mel-spec", default="hifigan-22k", show_default=True, metavar="NAME",
              help="The convention whose rate, hop and mel --files are measured by.")
@click.option("--against", metavar="ROW", help="Differences of all rows to this one, besides those to the recordings.")
@click.option("--refine", type=click.IntRange(1, 1000), multiple=True, metavar="N",
              help="A row with N rounds of refinement for each voice, besides. May be repeated.")
@click.option("--denoise", "denoise_db", type=click.FloatRange(-40, 40), metavar="DB",
              help="Denoise all rows.")
@click.option("--set", "settings", multiple=True, metavar="vocoder.OPTION=VALUE...",
              help="An option of the vocoders in all rows; name them with --vocoder or --voice.")
@click.option("--clips", "n_clips", type=click.IntRange(min=1), metavar="N", help="The first N clips only.")
@click.option("--second-clips", "n_second", type=click.IntRange(min=1), metavar="N",
              help="The first N clips of --second, where they are not as many as --clips says.")
@click.option("--dnsmos", "with_dnsmos", is_flag=True, help="Predict opinions too; needs vocolab[dnsmos].")
@click.option("--judges", "with_judges", is_flag=True,
              help="DistillMOS and speaker similarity too; 'make judges' builds what they need.")
@click.option("--jobs", "n_jobs", type=click.IntRange(1, 64), default=1, show_default=True,
              help="How many processes. RTF is the most comparable with one.")
@cluster_options
@device_option
@json_option
@click.option("-o", "--output", type=PATH, metavar="FILE.md", help="Write the tables here as Markdown.")
@pass_session
def quality(session: Session, /, **options: Any) -> None:
    """Render the validation prompts of a corpus by every voice and compare them with their recordings.

    A row each for the recordings, for vocoders that need no voice, and for every voice: PESQ-WB, STOI, distances of
    spectra, pitch, whether noise repeats itself, levels by third octaves up to 16 kHz, and CPU seconds a second of
    audio on one thread, with 95 % intervals and differences on the same clips. A voice that recommends postfilters has
    a row without and one with them. Tables are printed on stdout.
    """
    call = Call(**options | {"device": session.device(options["device"])})
    from vocolab.cli.outputs import make_place

    _check_cluster(call)
    if call.output is not None:
        make_place(call.output)
    results = _measure(session, call)
    text = results.to_markdown()
    if call.output is not None:
        _write(call.output, text)
    if call.as_json:
        print_json(results.to_dict())
    elif call.output is None:
        click.echo(text, nl=False)


add_global_options(quality)
bench.add_command(speech)
bench.add_command(speed)
bench.add_command(effects)
bench.add_command(tables)


def _measure(session: Session, call: Call) -> Results:
    from vocolab.bench.clips import all_clips, validation_clips
    from vocolab.bench.measures import Extras, check_measures
    from vocolab.bench.results import Results
    from vocolab.bench.speakers import clips_of
    from vocolab.bench.subjects import choose, rendered_elsewhere
    from vocolab.corpora.splitting import choosing_half, reporting_half
    from vocolab.mels.conventions import convention

    extras = Extras(call.with_dnsmos, call.with_judges)
    check_measures(extras)
    clips = validation_clips(call.data)
    if call.half != "both":
        clips = (choosing_half if call.half == "choosing" else reporting_half)(clips)
    clips = clips[: call.n_clips]
    other = all_clips(call.second) if call.second else []
    if call.second and call.speakers:
        other = clips_of(call.second, other, call.speakers.split(","))
    only_files = call.files and not (call.voices or call.vocoders)
    subjects = [] if only_files else choose(session.catalog, call.voices, call.vocoders, refine=call.refine,
                                            denoise_db=call.denoise_db, options=_options(call.settings),
                                            device=call.device)
    files = [rendered_elsewhere(folder, clips, convention(call.files_mel_spec)) for folder in call.files]
    _check_against(call.against, [subject.label for subject in (*subjects, *files)])
    session.warn_of_broken_plugins()
    run = partial(_speaker, session, call, extras)
    own = run([*subjects, *files], call.data, clips, _what(call.half))
    if call.second is None:
        return Results(own, against=call.against)
    whose = f"clips of speakers {call.speakers}" if call.speakers else "clips of another speaker"
    return Results(own, run(subjects, call.second, other[: call.n_second or call.n_clips], whose), against=call.against)


def _check_cluster(call: Call) -> None:
    from vocolab.errors import CallError

    if call.cluster is None and call.cluster_files != "auto":
        raise CallError("--cluster-files goes with --cluster")
    if call.cluster is not None and (call.n_jobs > 1 or call.files):
        raise CallError("--jobs and --files are of this machine: leave them out, or leave out --cluster")


def _crew(session: Session, call: Call) -> Crew | None:
    if call.cluster is None and call.n_jobs == 1:
        return None
    from vocolab.cli.elsewhere import crew_for

    return crew_for(session, call.n_jobs, 1, call.cluster, call.cluster_files)


def _what(half: str) -> str:
    return "validation prompts" if half == "both" else f"validation prompts, the {half} half"


def _check_against(against: str | None, labels: list[str]) -> None:
    if against is not None and against not in labels:
        from vocolab.errors import CallError

        raise CallError(f"--against {against!r}: no such row; there will be {', '.join(map(repr, labels))}")


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


def _speaker(
    session: Session, call: Call, extras: Extras, subjects: Sequence[Subject], folder: Path, clips: list[Path],
    what: str,
) -> SpeakerResult:
    from vocolab.bench.quality import measure_quality
    from vocolab.bench.results import SpeakerResult
    from vocolab.bench.speakers import clips_by_group
    from vocolab.cli.progress import Progress

    by_group = clips_by_group(folder, clips)
    progress = Progress((len(subjects) + 1) * len(clips), quiet=session.quiet)

    def done(number: int, label: str) -> None:
        progress.reach(number - 1, 1.0, label)

    try:
        rows = measure_quality(session.catalog, subjects, clips, extras=extras, crew=_crew(session, call),
                               no_plugins=session.no_plugins, done=done)
    finally:
        progress.close()
    groups = {group: [row.of(names) for row in rows] for group, names in by_group.items()}
    return SpeakerResult(folder, len(clips), rows, what, groups)


def _write(path: Path, text: str) -> None:
    from vocolab.files.atomic import whole_file

    with whole_file(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
