"""`vocolab mel`: audio files to mel files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocolab.cli.batch import Report
from vocolab.cli.parameters import PATH, jobs_option, mel_spec_option, output_options
from vocolab.cli.session import Session, pass_session
from vocolab.delivery.job import Job

if TYPE_CHECKING:
    from vocolab.mels.spec import MelSpec

_DEFAULT = "hifigan-22k"


@click.command()
@click.argument("audio", nargs=-1, required=True, type=PATH)
@mel_spec_option("The convention to make.", default=_DEFAULT, show_default=True)
@output_options("mel file")
@jobs_option
@pass_session
def mel(
    session: Session, audio: tuple[Path, ...], mel_spec: str, output: Path | None, out_dir: Path | None, n_jobs: int
) -> None:
    """Turn AUDIO files into mel files.

    Writes NAME.safetensors, which states its convention, beside each input or where -o or --out-dir say. With a
    suffix of .npy, -o makes a bare array of (n_mels, frames); with .npz an archive that states its convention.
    """
    from vocolab.cli.batch import end_batch, run_batch
    from vocolab.cli.outputs import make_folder, plan_outputs, source_name
    from vocolab.errors import CallError

    spec = session.mel_spec(mel_spec)
    assert spec is not None
    if output is not None and output.suffix not in (".npy", ".npz", ".safetensors"):
        raise CallError("a mel is written as .npz, .npy or .safetensors", about=output)
    jobs = plan_outputs(audio, lambda source: f"{source.stem}.safetensors", output=output, out_dir=out_dir)
    make_folder(out_dir)
    outcomes = run_batch(session, jobs, lambda job, report: _extract(job, report, spec), n_jobs=n_jobs,
                         label=source_name)
    end_batch(session, outcomes, source_name)


def _extract(job: Job, report: Report, spec: MelSpec) -> str:
    from vocolab.audio import Audio
    from vocolab.files.reader import open_audio
    from vocolab.mels.extract import extract

    file = open_audio(job.source)
    report.notes.extend(file.notes)
    audio = Audio.mixed_down(file, spec.sample_rate)
    report.reach(0.3)
    made = extract(audio, spec)
    made.save(job.output)
    return f"{job.source} -> {job.output}: {spec.n_mels} bands, {made.frames} frames, {made.seconds:.2f} s"
