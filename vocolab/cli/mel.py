"""`vocolab mel`: audio files to mel files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocolab.cli.batch import Report
from vocolab.cli.inputs import INPUT, STANDARD, audio_inputs
from vocolab.cli.parameters import jobs_option, mel_spec_option, output_options
from vocolab.cli.pipes import stdin_pcm_option
from vocolab.cli.session import Session, pass_session
from vocolab.delivery.job import Job

if TYPE_CHECKING:
    from vocolab.files.pcm import PcmForm
    from vocolab.mels.spec import MelSpec

_DEFAULT = "hifigan-22k"


@click.command()
@click.argument("audio", nargs=-1, required=True, type=INPUT)
@mel_spec_option("The convention to make.", default=_DEFAULT, show_default=True)
@output_options("mel file")
@click.option("--no-clobber", is_flag=True, help="Keep files that are there already, and leave out their inputs.")
@stdin_pcm_option
@jobs_option
@pass_session
def mel(  # noqa: PLR0913  an argument for each option
    session: Session, audio: tuple[Path, ...], mel_spec: str, output: Path | None, out_dir: Path | None,
    no_clobber: bool, stdin_pcm: PcmForm | None, n_jobs: int,
) -> None:
    """Turn AUDIO files, or all in folders, into mel files.

    Writes NAME.safetensors, which states its convention, beside each input or where -o or --out-dir say. With a
    suffix of .npy, -o makes a bare array of (n_mels, frames); with .npz an archive that states its convention. As
    AUDIO, - is standard input; -o - writes a .npy array to standard output.
    """
    from vocolab.cli.batch import end_batch, run_batch
    from vocolab.cli.outputs import make_folders, plan_outputs, source_name, without_existing
    from vocolab.errors import CallError

    spec = session.mel_spec(mel_spec)
    assert spec is not None
    if STANDARD in audio and output is None and out_dir is None:
        output = STANDARD
    if output not in (None, STANDARD) and output.suffix not in (".npy", ".npz", ".safetensors"):
        raise CallError("a mel is written as .npz, .npy or .safetensors", about=output)
    if stdin_pcm is not None and STANDARD not in audio:
        raise CallError("--stdin-pcm says what comes through standard input: name - as the input")
    found = audio_inputs(session, audio, out_dir=out_dir)
    jobs = plan_outputs(found, lambda source: f"{source.stem}.safetensors", output=output, out_dir=out_dir)
    jobs = without_existing(session, jobs) if no_clobber and output != STANDARD else jobs
    make_folders(jobs, out_dir)
    outcomes = run_batch(session, jobs, lambda job, report: _extract(job, report, spec, stdin_pcm), n_jobs=n_jobs,
                         label=source_name)
    end_batch(session, outcomes, source_name)


def _extract(job: Job, report: Report, spec: MelSpec, pcm: PcmForm | None) -> str:
    from vocolab.audio import Audio
    from vocolab.cli.outputs import source_name
    from vocolab.cli.pipes import STDOUT, open_source, standard_output
    from vocolab.mels.extract import extract

    file = open_source(job.source, pcm)
    report.notes.extend(file.notes)
    audio = Audio.mixed_down(file, spec.sample_rate)
    report.reach(0.3)
    made = extract(audio, spec)
    if job.output == STANDARD:
        from vocolab.mels.storage import npy_bytes

        stream = standard_output()
        stream.write(npy_bytes(made.values))
        stream.flush()
    else:
        made.save(job.output)
    place = STDOUT if job.output == STANDARD else job.output
    return f"{source_name(job)} -> {place}: {spec.n_mels} bands, {made.frames} frames, {made.seconds:.2f} s"
