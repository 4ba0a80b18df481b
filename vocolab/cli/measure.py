"""`vocolab measure`: loudness and true peak of audio files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from vocolab.cli.parameters import PATH, jobs_option, json_option
from vocolab.cli.session import Session, pass_session, print_json

_COLUMNS = (("integrated_lufs", "LUFS"), ("true_peak_dbtp", "dBTP"), ("sample_peak_dbfs", "peak dBFS"))


@click.command("measure")
@click.argument("audio", nargs=-1, required=True, type=PATH)
@jobs_option
@json_option
@pass_session
def measure_command(session: Session, audio: tuple[Path, ...], n_jobs: int, as_json: bool) -> None:
    """Measure AUDIO files: integrated loudness (ITU-R BS.1770), true peak and sample peak.

    The table goes to stdout; --json prints a list with one object a file, null where a value is undefined.
    """
    from vocolab.cli.batch import end_batch, run_batch

    outcomes = run_batch(session, audio, lambda path, report: figures(path, report.reach), n_jobs=n_jobs, describe=None)
    rows = [outcome.result for outcome in outcomes if outcome.result is not None]
    if as_json:
        print_json(rows)
    elif rows:
        click.echo(figures_table(rows))
    end_batch(session, outcomes)


def figures(path: Path, tell: Callable[[float], None] = lambda _: None) -> dict[str, Any]:
    """What `measure --json` prints for a file."""
    from vocolab.cli.progress import Watched
    from vocolab.files.reader import open_audio
    from vocolab.loudness import measure

    file = open_audio(path)
    loudness = measure(Watched(file, tell))
    return {
        "file": str(path),
        "sample_rate": file.sample_rate,
        "channels": file.channels,
        "seconds": file.seconds,
        "integrated_lufs": loudness.integrated_lufs,
        "true_peak_dbtp": loudness.true_peak_dbtp,
        "sample_peak_dbfs": loudness.sample_peak_dbfs,
    }


def figures_table(rows: list[dict[str, Any]]) -> str:
    """The same as a table for people."""
    from vocolab.cli.table import table

    header = ["seconds", "Hz", "ch", *(title for _, title in _COLUMNS), "file"]
    cells = [
        [f"{row['seconds']:.2f}", str(row["sample_rate"]), str(row["channels"]),
         *("undefined" if row[key] is None else f"{row[key]:.2f}" for key, _ in _COLUMNS), row["file"]]
        for row in rows
    ]
    return table(cells, header)
