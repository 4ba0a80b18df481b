"""`vocolab master`: audio files through the effects of a preset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from vocolab.cli.finishing import FinishCall, finishing_options
from vocolab.cli.parameters import PATH
from vocolab.cli.session import Session, pass_session
from vocolab.cli.settings import SettingsCommand


@dataclass(frozen=True, kw_only=True)
class Call(FinishCall):
    """What was asked for."""

    audio: tuple[Path, ...]


@click.command(cls=SettingsCommand)
@click.argument("audio", nargs=-1, required=True, type=PATH)
@click.option("--preset", metavar="NAME|FILE", help="See 'vocolab presets'. Needed, unless the configuration has one.")
@finishing_options(seed_help="Seed of the dither.")
@pass_session
def master(session: Session, /, **options: Any) -> None:
    """Run AUDIO files through a preset's effects.

    Writes NAME.mastered.wav (or another --format) beside each input, or what -o or --out-dir say. The suffix of -o is
    the format: .wav .flac .ogg .opus .mp3.
    """
    options["preset"] = options["preset"] or session.usual("preset")
    if options["preset"] is None:
        raise click.UsageError("Missing option '--preset'.")
    call = Call.of(options)
    from vocolab.chain.presets import read_preset
    from vocolab.cli.mastering import prepare, run_finishing
    from vocolab.cli.outputs import plan_outputs
    from vocolab.files.reader import open_audio

    preset = read_preset(call.preset, session.catalog, call.settings)
    suffix = call.suffix(preset)
    jobs = plan_outputs(
        call.audio, lambda source: f"{source.stem}.mastered{suffix}", output=call.output, out_dir=call.out_dir
    )
    prepare(call, preset, jobs)
    session.warn_of_broken_plugins()
    run_finishing(session, call, preset, jobs, lambda path, _: open_audio(path), {})
