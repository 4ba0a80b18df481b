"""`vocolab measure`: loudness, peaks and levels of audio files, and whether they meet a preset."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.batch import Report
from vocolab.cli.inputs import INPUT, STANDARD, audio_inputs
from vocolab.cli.parameters import PATH, jobs_option, json_option
from vocolab.cli.pipes import stdin_pcm_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import names_of
from vocolab.delivery.job import Job
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.chain.chain import Chain
    from vocolab.delivery.target import Requirement
    from vocolab.files.finding import Found
    from vocolab.files.pcm import PcmForm
    from vocolab.files.reader import AudioFile
    from vocolab.loudness import Loudness

_USUAL_RATES_HZ = (8_000, 192_000)
_drawing = threading.Lock()  # matplotlib is made for one thread


@dataclass(frozen=True)
class Measured:
    """What was read in a file, and how that stands to a preset."""

    facts: dict[str, Any]
    requirements: tuple[Requirement, ...] = ()
    allowed: frozenset[str] = frozenset()
    """Requirements that the preset itself may miss: it takes the nearest loudness where the ceiling allows no other."""

    @property
    def missed(self) -> list[Requirement]:
        """What keeps it from being delivered."""
        from vocolab.delivery.target import missed

        return missed(self.requirements, self.allowed)

    @property
    def passed(self) -> bool:
        """Whether it may be delivered."""
        return not self.missed


@click.command("measure")
@click.argument("audio", nargs=-1, required=True, type=INPUT)
@click.option("--preset", metavar="NAME", shell_complete=names_of("presets"),
              help="Check each file against what this preset (or TOML file) promises.")
@click.option("--plot", type=PATH, metavar="PICTURE",
              help="Draw waveform, loudness over time and spectrum, as in report.png; a folder for several files.")
@click.option("--cross-check", is_flag=True,
              help="Print what pyloudnorm reads as well, and why the two may differ. Needs the extra cross-check.")
@stdin_pcm_option
@jobs_option
@json_option
@pass_session
def measure_command(  # noqa: PLR0913  an argument for each option
    session: Session,
    /,
    audio: tuple[Path, ...],
    preset: str | None,
    plot: Path | None,
    cross_check: bool,
    stdin_pcm: PcmForm | None,
    n_jobs: int,
    as_json: bool,
) -> None:
    """Measure AUDIO files, or all in folders: loudness (BS.1770, EBU R 128), peaks, levels, noise floor, clipping.

    The result goes to stdout: all readings of a single file, a table of several; --json prints a list with one object
    a file, null where a value is undefined. With --preset every requirement passes or fails, and the exit code is 1
    if one fails.
    """
    from vocolab.cli.batch import end_batch, failure_facts, run_batch
    from vocolab.cli.outputs import source_name

    chain = _promising(session, preset) if preset else None
    if stdin_pcm is not None and STANDARD not in audio:
        raise CallError("--stdin-pcm says what comes through standard input: name - as the input")
    jobs = _jobs(audio_inputs(session, audio), plot)
    work = partial(_measured, pcm=stdin_pcm, chain=chain, draws=plot is not None, cross_checks=cross_check)
    outcomes = run_batch(session, jobs, work, n_jobs=n_jobs, describe=None, label=source_name,
                         raises=not as_json)
    results = [outcome.result for outcome in outcomes if outcome.result is not None]
    if as_json:
        print_json([*(_json(result, chain) for result in results), *failure_facts(outcomes, source_name)])
    elif results:
        click.echo(_text(results, chain))
    end_batch(session, outcomes, source_name)
    _end_check(results, chain)


def _promising(session: Session, preset: str) -> Chain:
    from vocolab.chain.presets import read_preset

    chain = read_preset(preset, session.catalog)
    if chain.target.is_empty:
        raise CallError(f"the preset {preset} has no target to check; 'vocolab presets' lists others")
    return chain


def _jobs(audio: Sequence[Found], plot: Path | None) -> list[Job]:
    """What to measure, each with the picture to draw of it, if any; the folder of several pictures is created."""
    if plot is None:
        return [Job(one.path, one.path) for one in audio]
    from vocolab.cli.outputs import make_folder, make_folders, plan_outputs
    from vocolab.pictures.figures import check_picture

    if plot.is_dir() or not plot.suffix:
        jobs = plan_outputs(audio, lambda source: f"{source.stem}.png", output=None, out_dir=plot)
        make_folders(jobs, plot)
        return jobs
    if len(audio) > 1:
        raise CallError(f"--plot {plot}: one picture and {len(audio)} files; name a folder")
    check_picture(plot)
    make_folder(plot.parent)
    return plan_outputs(audio, str, output=plot, out_dir=None)


def _measured(
    job: Job, report: Report, *, pcm: PcmForm | None, chain: Chain | None, draws: bool, cross_checks: bool
) -> Measured:
    from vocolab.cli.cross_check import cross_check_facts
    from vocolab.cli.figures import facts
    from vocolab.cli.pipes import open_source
    from vocolab.delivery.examined import Examined
    from vocolab.delivery.watching import Watched
    from vocolab.loudness import measure

    file = open_source(job.source, pcm)
    report.notes.extend(_oddities(file))
    signal = Examined(Watched(file, report.reach))
    loudness = _draw(job, signal, file, chain) if draws else measure(signal)
    if signal.broken:
        report.notes.append(f"{file.path}: {signal.broken}")
    read = facts(file, loudness)
    if cross_checks:
        read["cross_check"] = cross_check_facts(file, loudness.integrated_lufs)
    return Measured(read, tuple(chain.check(loudness)), _allowed(chain)) if chain else Measured(read)


def _allowed(chain: Chain) -> frozenset[str]:
    from vocolab.delivery.target import LOUDNESS

    return frozenset({LOUDNESS} if chain.settles else ())


def _oddities(file: AudioFile) -> list[str]:
    """What is unusual about a file that can be measured all the same."""
    notes = []
    lowest_hz, highest_hz = _USUAL_RATES_HZ
    if not lowest_hz <= file.sample_rate <= highest_hz:
        notes.append(f"{file.path}: measured at {file.sample_rate} Hz, which is outside the {lowest_hz} to "
                     f"{highest_hz} Hz that audio is delivered at")
    notes.extend(file.told("measured"))
    if file.layout is not None and file.channels > 2:
        notes.append(f"{file.path}: measured as {file.layout} ({' '.join(file.layout.speakers)})")
    return notes


def _draw(job: Job, signal: Any, file: AudioFile, chain: Chain | None) -> Loudness:
    from vocolab.cli.figures import facts, headline
    from vocolab.pictures.loudness import draw_loudness, walk_through

    walk = walk_through(signal)
    notes = headline(facts(file, walk.loudness))
    if chain is not None:
        notes.append(_verdict(Measured({}, tuple(chain.check(walk.loudness)), _allowed(chain)), chain))
    with _drawing:
        draw_loudness(walk, job.output, chain.target if chain else None, job.source.name, notes)
    return walk.loudness


def _json(result: Measured, chain: Chain | None) -> dict[str, Any]:
    if chain is None:
        return result.facts
    from vocolab.delivery.report import requirement_facts

    requirements = requirement_facts(result.requirements)
    return {**result.facts, "preset": chain.name, "passed": result.passed, "requirements": requirements}


def _text(results: Sequence[Measured], chain: Chain | None) -> str:
    from vocolab.cli.cross_check import cross_check_text
    from vocolab.cli.figures import figures_text
    from vocolab.cli.requirement_table import requirement_table

    parts = [figures_text([result.facts for result in results])]
    if "cross_check" in results[0].facts:
        parts.append(cross_check_text([result.facts for result in results]))
    if chain is not None:
        for result in results:
            parts.append(f"{result.facts['file']}, {_verdict(result, chain)}")
            parts.append(requirement_table(result.requirements, chain.target, missed="FAIL", allowed=result.allowed))
    return "\n".join(parts)


def _verdict(result: Measured, chain: Chain) -> str:
    """As in `broadcast: fails (true peak 0.20 dBTP)`."""
    from vocolab.delivery.wording import shortfall

    said = ", ".join(map(shortfall, result.missed))
    return f"{chain.name}: fails ({said})" if said else f"{chain.name}: passes"


def _end_check(results: Sequence[Measured], chain: Chain | None) -> None:
    """Raise MissedTarget if a file does not meet the preset."""
    from vocolab.errors import MissedTarget

    missed = [result for result in results if not result.passed]
    if chain is None or not missed:
        return
    what = "; ".join(f"{result.facts['file']}, {_verdict(result, chain)}" for result in missed)
    raise MissedTarget(what if len(results) == 1 else f"{len(missed)} of {len(results)} files: {what}")
