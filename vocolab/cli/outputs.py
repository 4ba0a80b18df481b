"""Which file each input becomes, settled before any work is done."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from vocolab.delivery.job import Job
from vocolab.errors import CallError, OutputError


def source_name(job: Job) -> str:
    """What messages call a job."""
    return str(job.source)


def plan_outputs(
    sources: Sequence[Path], name: Callable[[Path], str], *, output: Path | None, out_dir: Path | None
) -> list[Job]:
    """A job for each source: to `output`, else into `out_dir`, else beside the source, as `name(source)`.

    Raises:
        CallError: if `output` is given for several sources, or together with `out_dir`; if two sources would write
            the same file; if an output is one of the sources.
        OutputError: if `out_dir` is something else than a folder.
    """
    if output is not None and out_dir is not None:
        raise CallError("-o and --out-dir exclude each other; give one of them")
    if output is not None and len(sources) > 1:
        raise CallError(f"-o names one file and there are {len(sources)} inputs; use --out-dir")
    if out_dir is not None and out_dir.exists() and not out_dir.is_dir():
        raise OutputError(f"the folder {out_dir} is not a folder")
    jobs = [Job(source, output or (out_dir or source.parent) / name(source)) for source in sources]
    _check_distinct(jobs)
    return jobs


def make_folder(out_dir: Path | None) -> None:
    """Create the folder of `--out-dir`, and those above it, when all that can be refused has been.

    Raises:
        OutputError: if it can't be created.
    """
    if out_dir is None:
        return
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"the folder {out_dir} can't be created: {error.strerror or error}") from error


def _check_distinct(jobs: Sequence[Job]) -> None:
    """Refuse to write one file twice, or over an input."""
    inputs = {os.path.realpath(job.source): job.source for job in jobs}
    written: dict[str, Path] = {}
    for job in jobs:
        place = os.path.realpath(job.output)
        if place in inputs:
            raise CallError("is an input; name another output with -o or --out-dir", about=job.output)
        if place in written:
            raise CallError(f"{written[place]} and {job.source} would both be written to {job.output}")
        written[place] = job.source
