"""`vocolab master`: audio files through the effects of a preset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.finishing import FinishCall, finishing_options
from vocolab.cli.inputs import INPUT, audio_inputs
from vocolab.cli.session import Session, pass_session
from vocolab.cli.settings import SettingsCommand
from vocolab.cli.short_form import names_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vocolab.chain.presets import Preset
    from vocolab.cli.mastering import Open
    from vocolab.delivery.job import Job

_MADE_AS = ".mastered"


@dataclass(frozen=True, kw_only=True)
class Call(FinishCall):
    """What was asked for."""

    audio: tuple[Path, ...]

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What was named to be worked on."""
        return self.audio


@click.command(cls=SettingsCommand)
@click.argument("audio", nargs=-1, required=True, type=INPUT)
@click.option("--preset", metavar="NAME|FILE", multiple=True, shell_complete=names_of("presets"),
              help="See 'vocolab presets'; several run in order. Needed, unless the configuration has one or --lufs is "
                   "given.")
@finishing_options(seed_help="Seed of the dither.")
@pass_session
def master(session: Session, /, **options: Any) -> None:
    """Run AUDIO files, or all in folders, through a preset's effects.

    Writes NAME.mastered.wav (or another --format) beside each input, or what -o or --out-dir say. The suffix of -o is
    the format: .wav .flac .ogg .opus .mp3. As AUDIO and behind -o, - is standard input and output.
    """
    from vocolab.cli.elsewhere import check_cluster
    from vocolab.cli.mastering import chosen_preset, prepare, preset_name, run_finishing

    options["preset"] = preset_name(session, options)
    if options["preset"] is None:
        raise click.UsageError("Missing option '--preset', or '--lufs' for the loudness alone.")
    call = Call.of(options)
    check_cluster(call)
    from vocolab.cli.pipes import open_source
    from vocolab.cli.planning import plan_files

    preset = chosen_preset(session, call)
    suffix = call.suffix(preset)
    found = audio_inputs(session, call.audio, out_dir=call.out_dir, made_as=_MADE_AS)
    jobs = plan_files(session, call, found, lambda source: f"{source.stem}{_MADE_AS}{suffix}")
    if not jobs:
        return
    prepare(call, preset, jobs)
    session.warn_of_broken_plugins()
    from vocolab.cli.flowing import flows

    if flows(session, call, preset):
        _send(session, call, preset, jobs)
        return
    run_finishing(session, call, preset, jobs, lambda path, _: open_source(path, call.stdin_pcm), {}, AudioOpener())


@dataclass(frozen=True)
class AudioOpener:
    """Opens audio files in another process. An `Opener`."""

    threads: int | None = None
    reads: tuple[Path, ...] = ()

    def begin(self, session: Session, preset: Preset) -> Open:
        """Nothing has to be made ready."""
        from vocolab.files.reader import open_audio

        return lambda path, _: open_audio(path)


def _send(session: Session, call: Call, preset: Preset, jobs: Sequence[Job]) -> None:
    """The one file of the call to standard output, as it is read; raw PCM through standard input as it comes.

    A WAV that has tags or a layout to keep is made whole, and then sent.
    """
    from vocolab.chain.one_pass import Coming
    from vocolab.cli.flowing import send_flowing
    from vocolab.cli.inputs import STANDARD, STDIN
    from vocolab.cli.mastering import run_finishing
    from vocolab.cli.pipes import open_source, standard_input
    from vocolab.files.pcm import coming_pcm
    from vocolab.files.writer import stated_layout
    from vocolab.tags import origin_of

    (path,) = call.audio
    name = STDIN if path == STANDARD else str(path)
    if path == STANDARD and call.stdin_pcm is not None:
        form = call.stdin_pcm
        blocks = coming_pcm(standard_input(), form, STDIN)
        send_flowing(session, call, preset, Coming(blocks, form.sample_rate, form.channels), name)
        return
    audio = open_source(path, call.stdin_pcm)
    has_tags = call.keeps_tags and origin_of(audio) is not None
    if call.stdout_pcm is None and (has_tags or stated_layout(audio) is not None):
        run_finishing(session, call, preset, jobs, lambda _path, _report: audio, {})
        return
    for note in audio.notes:
        session.say(note)
    send_flowing(session, call, preset, audio, name, audio.n_samples)
