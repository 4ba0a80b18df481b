"""What a call is going to do: which files it writes, and for `--dry-run` how loud they would be.

The figures are those of one gain and a ceiling, which is all that can be known without running the effects.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from vocolab.cli.batch import Report, end_batch, failure_facts, run_batch
from vocolab.cli.outputs import plan_outputs, source_name, without_existing
from vocolab.cli.pipes import STDOUT, standard_output
from vocolab.cli.report import number
from vocolab.cli.session import Session, print_json
from vocolab.cli.table import table
from vocolab.delivery.job import Job
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.chain.presets import Preset
    from vocolab.cli.finishing import FinishCall
    from vocolab.files.finding import Found
    from vocolab.signals import Signal

Open: TypeAlias = "Callable[[Path, Report], Signal]"


@dataclass(frozen=True)
class Planned:
    """A file that would be made."""

    job: Job
    output: str
    replaces: bool
    """Whether a file of that name is there."""
    seconds: float
    integrated_lufs: float | None = None
    """Of the input; None where it has none, or can't be known before it is rendered."""
    true_peak_dbtp: float | None = None
    gain_db: float | None = None
    """That brings the input to the preset's loudness; None where there is nothing to bring or nowhere to."""
    limited_db: float | None = None
    """How far the true peak would be over the ceiling by that gain; None where nothing can be said."""


def plan_files(
    session: Session, call: FinishCall, found: Sequence[Found], name: Callable[[Path], str]
) -> list[Job]:
    """A job for each input, or those whose output is not there yet with `--no-clobber`.

    Raises:
        CallError, OutputError: as `plan_outputs` does; if standard output can't be written to; if a part of an album
            is there and may not be replaced.
    """
    if call.to_stdout:
        if len(found) > 1:
            raise CallError(f"-o - takes one file to standard output, and there are {len(found)}; use --out-dir")
        if not call.dry_run:
            standard_output()
        return [Job(found[0].path, Path(name(found[0].below)))]
    jobs = plan_outputs(found, name, output=call.output, out_dir=call.out_dir)
    if not call.no_clobber:
        return jobs
    missing = without_existing(session, jobs)
    if call.album and 0 < len(missing) < len(jobs):
        there = len(jobs) - len(missing)
        raise CallError(f"an album is made as a whole, and {there} of its {len(jobs)} files are there already: "
                        "leave out --no-clobber, or name another --out-dir")
    return missing


def tell_plan(
    session: Session, call: FinishCall, preset: Preset, jobs: Sequence[Job], open_signal: Open
) -> None:
    """Say what would be made: a table, or JSON.

    Ends the command with exit code 1 if an input can't be used.
    """
    work = partial(_planned, call, preset, open_signal)
    outcomes = run_batch(session, jobs, work, n_jobs=call.n_jobs, describe=None, label=source_name,
                         raises=not call.as_json)
    planned = [one.result for one in outcomes if one.result is not None]
    if call.album and planned and not call.is_rendering:
        planned = _of_album(call, preset, planned, open_signal)
    if call.as_json:
        print_json([*map(_facts, planned), *failure_facts(outcomes, source_name)])
    else:
        click.echo(_text(planned, preset), err=call.to_stdout)
    end_batch(session, outcomes, source_name)


def _planned(call: FinishCall, preset: Preset, open_signal: Open, job: Job, report: Report) -> Planned:
    from vocolab.delivery.watching import Watched
    from vocolab.loudness import measure

    signal = open_signal(job.source, report)
    output = STDOUT if call.to_stdout else str(job.output)
    replaces = not call.to_stdout and job.output.exists()
    seconds = signal.n_samples / signal.sample_rate
    if call.is_rendering:
        return Planned(job, output, replaces, seconds)
    read = measure(Watched(signal, report.reach))
    gain_db = _gain_db(call, preset, signal.channels, read.integrated_lufs)
    limited_db = _over(preset, read.true_peak_dbtp, gain_db)
    return Planned(job, output, replaces, seconds, read.integrated_lufs, read.true_peak_dbtp, gain_db, limited_db)


def _of_album(
    call: FinishCall, preset: Preset, planned: Sequence[Planned], open_signal: Open
) -> list[Planned]:
    """The same files with the gain of all of them, one after the other."""
    from vocolab.loudness.integrated import integrated_lufs
    from vocolab.signals import Joined

    whole = Joined([open_signal(one.job.source, Report()) for one in planned])
    gain_db = _gain_db(call, preset, whole.channels, integrated_lufs(whole))
    return [
        replace(one, gain_db=gain_db, limited_db=_over(preset, one.true_peak_dbtp, gain_db)) for one in planned
    ]


def _gain_db(call: FinishCall, preset: Preset, channels: int, lufs: float | None) -> float | None:
    """What brings audio of `lufs` to the loudness of the preset for so many channels."""
    given = preset.with_output(call.output_form).output_channels(channels)
    wanted = preset.target.loudness_for(given)
    return None if wanted is None or lufs is None else wanted - lufs


def _over(preset: Preset, peak_dbtp: float | None, gain_db: float | None) -> float | None:
    ceiling = preset.target.true_peak_dbtp
    if ceiling is None or peak_dbtp is None or gain_db is None:
        return None
    return max(0.0, peak_dbtp + gain_db - ceiling)


def _text(planned: Sequence[Planned], preset: Preset) -> str:
    rows = [_row(one) for one in planned]
    lines = [table(rows, ("seconds", "LUFS", "dBTP", "gain dB", "to limit dB", "file"))] if rows else []
    if len(preset.effects) > 2 and any(one.gain_db is not None for one in planned):
        lines.append("gain and limiting are those of the loudness alone; what other effects of the preset change comes "
                     "to that")
    return "\n".join([*lines, "nothing was written (--dry-run)"])


def _row(one: Planned) -> tuple[str, ...]:
    gain = "-" if one.gain_db is None else f"{one.gain_db:+.2f}"
    there = ", which is there and would be replaced" if one.replaces else ""
    return (f"{one.seconds:.2f}", number(one.integrated_lufs), number(one.true_peak_dbtp), gain, number(one.limited_db),
            f"{source_name(one.job)} -> {one.output}{there}")


def _facts(one: Planned) -> dict[str, Any]:
    return {
        "file": str(one.job.source), "output": one.output, "replaces": one.replaces, "seconds": one.seconds,
        "integrated_lufs": one.integrated_lufs, "true_peak_dbtp": one.true_peak_dbtp, "gain_db": one.gain_db,
        "limited_db": one.limited_db,
    }
