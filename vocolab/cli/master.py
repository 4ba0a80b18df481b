"""`vocolab master`: audio files through the effects of a preset."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import (
    PATH,
    allow_miss_option,
    audio_format_options,
    jobs_option,
    json_option,
    output_options,
    set_option,
)
from vocolab.cli.session import Session, pass_session, print_json

if TYPE_CHECKING:
    from vocolab.files.formats import BitDepth


@dataclass(frozen=True)
class Call:
    """What was asked for."""

    audio: tuple[Path, ...]
    preset: str
    settings: tuple[str, ...]
    output: Path | None
    out_dir: Path | None
    sample_rate: int | None
    bit_depth: BitDepth | None
    seed: int
    allow_miss: bool
    n_jobs: int
    as_json: bool


@click.command()
@click.argument("audio", nargs=-1, required=True, type=PATH)
@click.option("--preset", required=True, metavar="NAME|FILE", help="See 'vocolab presets'.")
@set_option
@output_options("audio file")
@allow_miss_option
@audio_format_options
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the dither.")
@jobs_option
@json_option
@pass_session
def master(session: Session, /, **options: Any) -> None:
    """Run AUDIO files through a preset's effects.

    Writes NAME.mastered.wav beside each input, or what -o or --out-dir say; WAV or FLAC by the suffix of -o.
    """
    call = Call(**options)
    from vocolab.chain.presets import read_preset
    from vocolab.cli.batch import end_batch, run_batch
    from vocolab.cli.mastering import finish_with
    from vocolab.cli.outputs import plan_outputs, source_name
    from vocolab.cli.report import check_deliveries, delivery_json, delivery_text
    from vocolab.files.formats import check_output
    from vocolab.files.reader import open_audio

    jobs = plan_outputs(
        call.audio, lambda source: f"{source.stem}.mastered.wav", output=call.output, out_dir=call.out_dir
    )
    preset = read_preset(call.preset, session.catalog, call.settings)
    if call.allow_miss:
        preset.allow_misses()
    session.warn_of_broken_plugins()
    finish = finish_with(preset, sample_rate=call.sample_rate, bit_depth=call.bit_depth, seed=call.seed)
    for job in jobs:
        check_output(job.output, finish.form)
    work = partial(finish, lambda path, _: open_audio(path))
    outcomes = run_batch(session, jobs, work, n_jobs=call.n_jobs, describe=delivery_text, label=source_name)
    deliveries = [outcome.result for outcome in outcomes if outcome.result is not None]
    if call.as_json:
        print_json([delivery_json(delivery) for delivery in deliveries])
    end_batch(session, outcomes, source_name)
    check_deliveries(deliveries)
