"""Which file each input becomes, settled before any work is done."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from vocolab.cli.inputs import STANDARD, STDIN
from vocolab.cli.session import Session
from vocolab.delivery.job import Job
from vocolab.errors import CallError, OutputError
from vocolab.files.finding import Found


def source_name(job: Job) -> str:
    """What messages call a job."""
    return STDIN if job.source == STANDARD else str(job.source)


def plan_outputs(
    sources: Sequence[Found], name: Callable[[Path], str], *, output: Path | None, out_dir: Path | None
) -> list[Job]:
    """A job for each source: to `output`, else into `out_dir`, else beside the source, as `name(source)`.

    In `out_dir` the files of a folder stand as they do in that folder.

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
    jobs = [Job(source.path, output or _place(source, out_dir) / name(source.below)) for source in sources]
    _check_distinct(jobs)
    return jobs


def without_existing(session: Session, jobs: Sequence[Job]) -> list[Job]:
    """Those jobs whose output is not there yet; the others are told."""
    missing = [job for job in jobs if not os.path.lexists(job.output)]
    for job in jobs:
        if job not in missing:
            session.say(f"{job.source}: {job.output} is there and stays (--no-clobber)")
    return missing


def make_folders(jobs: Sequence[Job], out_dir: Path | None) -> None:
    """Create the folders of outputs, that of `--out-dir` first, when all that can be refused has been.

    Raises:
        OutputError: if one can't be created.
    """
    named = [] if out_dir is None else [out_dir]
    for folder in dict.fromkeys([*named, *(job.output.parent for job in jobs if job.output != STANDARD)]):
        make_folder(folder)


def make_folder(folder: Path) -> None:
    """Create a folder, and those above it, where they are missing.

    Raises:
        OutputError: if it can't be created.
    """
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"the folder {folder} is not a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"the folder {folder} can't be created: {error.strerror or error}") from error


def make_place(path: Path) -> None:
    """Create the folder of a file, and find out whether the file can be put there, before long work begins.

    Raises:
        OutputError: if it can't.
    """
    from vocolab.files.atomic import check_place

    make_folder(path.parent)
    check_place(path)


def _place(source: Found, out_dir: Path | None) -> Path:
    return source.path.parent if out_dir is None else out_dir / source.below.parent


def _check_distinct(jobs: Sequence[Job]) -> None:
    """Refuse to write one file twice, or over an input."""
    inputs = {os.path.realpath(job.source): job.source for job in jobs}
    written: dict[str, Path] = {}
    for job in jobs:
        if job.output == STANDARD:
            continue
        place = os.path.realpath(job.output)
        if place in inputs:
            raise CallError("is an input; name another output with -o or --out-dir", about=job.output)
        if place in written:
            raise CallError(f"{written[place]} and {job.source} would both be written to {job.output}; give one of "
                            "them in a call of its own, with -o or another --out-dir")
        written[place] = job.source
