"""`vocolab features`: F0, voicing and energy of recordings."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocolab.cli.batch import Report
from vocolab.cli.inputs import INPUT, audio_inputs
from vocolab.cli.parameters import jobs_option, mel_spec_option, output_options
from vocolab.cli.session import Session, pass_session
from vocolab.delivery.job import Job
from vocolab.errors import CallError

if TYPE_CHECKING:
    from vocolab.audio import Audio
    from vocolab.features import Features
    from vocolab.mels.spec import MelSpec
    from vocolab.pitch import Method, PitchOptions

_HERTZ = click.FloatRange(20, 4000)


@dataclass(frozen=True)
class _Wanted:
    """What is done with every file."""

    spec: MelSpec
    pitch: PitchOptions
    plots: bool


@click.command()
@click.argument("audio", nargs=-1, required=True, type=INPUT)
@mel_spec_option("The convention whose frames the values stand for.", default="hifigan-22k", show_default=True)
@click.option("--lowest-hz", type=_HERTZ, default=55.0, show_default=True, help="Of F0.")
@click.option("--highest-hz", type=_HERTZ, default=600.0, show_default=True, help="Of F0.")
@click.option("--method", type=click.Choice(["autocorrelation", "yin"]), default="autocorrelation", show_default=True,
              help="What finds the candidates for F0.")
@click.option("--format", "suffix", type=click.Choice(["npz", "json", "csv"]), default="npz", show_default=True,
              help="Of the files, where -o does not say.")
@click.option("--plot", is_flag=True, help="Draw a picture beside each file, NAME.png.")
@output_options("features file")
@jobs_option
@pass_session
def features(  # noqa: PLR0913 - one parameter an option
    session: Session, /, audio: tuple[Path, ...], mel_spec: str, lowest_hz: float, highest_hz: float, method: Method,
    suffix: str, plot: bool, output: Path | None, out_dir: Path | None, n_jobs: int,
) -> None:
    """Measure F0, voicing and energy of AUDIO files, a value for each frame of a mel.

    Writes NAME.features.npz beside each input or where -o or --out-dir say: time_s (the middle of a frame), f0_hz (0
    where unvoiced), energy (length of the magnitude spectrum), level_dbfs (RMS).
    """
    from vocolab.cli.batch import end_batch, run_batch
    from vocolab.cli.outputs import make_folders, plan_outputs, source_name
    from vocolab.features.storage import check_suffix
    from vocolab.pitch import PitchOptions

    if lowest_hz >= highest_hz:
        raise CallError(f"--lowest-hz {lowest_hz:g} is not below --highest-hz {highest_hz:g}")
    if output is not None:
        check_suffix(output)
    if plot:
        _check_drawing()
    spec = session.mel_spec(mel_spec)
    assert spec is not None
    wanted = _Wanted(spec, PitchOptions(lowest_hz=lowest_hz, highest_hz=highest_hz, method=method), plot)
    found = audio_inputs(session, audio, out_dir=out_dir)
    jobs = plan_outputs(found, lambda source: f"{source.stem}.features.{suffix}", output=output, out_dir=out_dir)
    make_folders(jobs, out_dir)
    outcomes = run_batch(session, jobs, lambda job, report: _measure(job, report, wanted), n_jobs=1 if plot else n_jobs,
                         label=source_name)  # matplotlib is made for one thread
    end_batch(session, outcomes, source_name)


def _check_drawing() -> None:
    from vocolab.pictures.figures import check_picture

    check_picture(Path("features.png"))


def _measure(job: Job, report: Report, wanted: _Wanted) -> str:
    from vocolab.audio import Audio
    from vocolab.features import measure_features
    from vocolab.features.storage import save_features
    from vocolab.files.reader import open_audio

    audio = Audio.mixed_down(open_audio(job.source), wanted.spec.sample_rate)
    found = measure_features(audio, wanted.spec, wanted.pitch)
    report.reach(0.7)
    save_features(found, job.output)
    if wanted.plots:
        _plot(audio, found, job.output.with_suffix(".png"), job.source.name)
    return f"{job.source} -> {job.output}: {_summary(found)}"


def _summary(found: Features) -> str:
    from vocolab.mels.pitch_track import pitch_facts

    return str(pitch_facts(found.f0_hz))


def _plot(audio: Audio, found: Features, picture: Path, title: str) -> None:
    from vocolab.mels.extract import extract
    from vocolab.pictures.features import plot_features

    plot_features(found, extract(audio, found.spec), picture, title)
