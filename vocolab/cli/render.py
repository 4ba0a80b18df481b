"""`vocolab render`: mel files to audio files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from vocolab.cli.finishing import FinishCall, finishing_options
from vocolab.cli.inputs import INPUT, STANDARD, mel_inputs
from vocolab.cli.parameters import device_option, engine_options, force_option, mel_spec_option
from vocolab.cli.session import Session, pass_session
from vocolab.cli.settings import SettingsCommand
from vocolab.cli.short_form import names_of
from vocolab.cli.uncollected import uncollected
from vocolab.cli.voice_credit import credited
from vocolab.errors import naming

if TYPE_CHECKING:
    from collections.abc import Callable

    from vocolab.chain.presets import Preset
    from vocolab.cli.batch import Report
    from vocolab.engines import EngineChoice
    from vocolab.mels.pending import PendingMels
    from vocolab.mels.spec import MelSpec
    from vocolab.pitch.curve import PitchCurve
    from vocolab.rendering import Renderer
    from vocolab.signals import Signal


@dataclass(frozen=True, kw_only=True)
class Call(FinishCall):
    """What was asked for."""

    is_rendering: ClassVar[bool] = True
    mels: tuple[Path, ...]
    vocoder: str | None
    voice: str | None
    mel_spec: str | None
    force: bool
    denoise_db: float | None
    refine: int | None
    pitch: float | None
    f0: Path | None
    device: str
    engine: EngineChoice

    @property
    def inputs(self) -> tuple[Path, ...]:
        """What was named to be worked on."""
        return self.mels

    def options(self) -> dict[str, Any]:
        """Options of the vocoder that have an option of the command."""
        return {} if self.pitch is None else {"pitch_semitones": self.pitch}

    def deciding(self) -> dict[str, Any]:
        """What of the call decides how a file sounds, the state of a voice's and a convention's file included."""
        files = {
            "voice_file": _state(self.voice), "mel_spec_file": _state(self.mel_spec), "f0_file": _state(self.f0),
        }
        return {**super().deciding(), "precision": self.engine.precision, **files}


def _state(name: str | Path | None) -> list[int] | None:
    """Size and time of change of a file, None for what is none."""
    file = Path(name) if name else None
    state = file.stat() if file is not None and file.is_file() else None
    return [state.st_size, state.st_mtime_ns] if state else None


@click.command(cls=SettingsCommand)
@click.argument("mels", metavar="MEL...", nargs=-1, required=True, type=INPUT)
@click.option("--vocoder", metavar="NAME", shell_complete=names_of("vocoders"),
              help="See 'vocolab vocoders'. Default: that of the voice.")
@click.option("--voice", metavar="NAME|FILE", shell_complete=names_of("voices"),
              help="See 'vocolab voices'. Default: the vocoder's best; without one the configuration's, else the best.")
@mel_spec_option("The convention of bare arrays. Default: the vocoder's own.")
@force_option("mels")
@click.option("--preset", metavar="NAME|FILE", multiple=True, shell_complete=names_of("presets"),
              help="See 'vocolab presets'; several run in order. Default: the configuration's, else none.")
@click.option(
    "--denoise", "denoise_db", type=float, metavar="DB",
    help="Subtract what the vocoder makes of silence: 0 once, 6 twice. Default: the preset's, else it stays.",
)
@click.option(
    "--refine", type=int, metavar="N",
    help="Rounds that bring the rendering to its mel; 0: none. Default: the preset's, else what the voice recommends.",
)
@click.option(
    "--pitch", type=float, metavar="SEMITONES",
    help="Shift F0, of vocoders that can ('harmonic'); formants stay. 12 is an octave up.",
)
@click.option(
    "--f0", metavar="FILE", type=INPUT,
    help="Another pitch for one MEL: a .csv with time_s and f0_hz, or a .npy of one value a frame; 0 is unvoiced.",
)
@device_option
@engine_options
@finishing_options(seed_help="Of stochastic vocoders and dither.")
@pass_session
def render(session: Session, /, **options: Any) -> None:
    """Turn MEL files (.npy, .npz, .safetensors or .pt), or all in folders, into audio, mastered by a preset.

    Writes NAME.wav (or another --format) beside each input, or what -o or --out-dir say. The suffix of -o is the
    format: .wav .flac .ogg .opus .mp3. With --set vocoder.OPTION=VALUE an option of the vocoder is changed.

    For - one mel comes through standard input, as .npy arrays (n_mels, frames) one after the other; --mel-spec says
    what they are. Audio leaves through standard output as it is made, raw with --stdout-pcm or as a WAV, unless an
    effect has to know all of it.
    """
    from vocolab.cli.elsewhere import check_cluster
    from vocolab.cli.mastering import chosen_preset, prepare, preset_name, run_finishing
    from vocolab.cli.render_elsewhere import MelOpener

    options["preset"] = preset_name(session, options) or "none"
    options["device"], options["engine"] = session.device(options["device"]), session.engine(options)
    call = Call.of(options)
    check_cluster(call)
    from vocolab.cli.flowing import flows
    from vocolab.cli.planning import plan_files
    from vocolab.mels.pending import PendingMels

    stated = session.mel_spec(call.mel_spec)
    if STANDARD in call.mels and stated is None:
        raise click.UsageError("arrays that come through - state no convention: say it with --mel-spec.")
    curve = _curve(call)
    preset = chosen_preset(session, call)
    if call.voice is None and call.vocoder is None and preset.vocoder_name is None:
        call = replace(call, voice=session.usual("voice"))
    suffix = call.suffix(preset)
    found = mel_inputs(call.mels, out_dir=call.out_dir)
    jobs = plan_files(session, call, found, lambda source: f"{source.stem}{suffix}")
    if not jobs:
        return
    prepare(call, preset, jobs)
    session.warn_of_broken_plugins()
    mels = PendingMels([job.source for job in jobs])
    first_stated = stated or mels.first_stated()
    call = replace(call, engine=call.engine.shared_by(call.n_jobs))
    renderer = open_for(session, call, preset, first_stated, new_pitch=curve is not None)
    if call.voice is None and renderer.voice_name:
        session.say(f"voice: {renderer.voice_name} (vocoder {renderer.name})")
    if renderer.running.engine:
        session.say(f"engine: {renderer.running.told}")
    if curve is not None:
        session.say(f"f0: that of {call.f0}; what brings a rendering back to its mel is left out")
    _say_postfilters(session, call, renderer, preset)
    made_by = {
        "vocoder": renderer.name, "voice": renderer.voice_name or None, "preset": preset.name,
        "denoise_db": renderer.postfilters.denoise_db, "refine": renderer.postfilters.refine or 0,
        "fresh_noise": bool(renderer.postfilters.fresh_noise), "band_gains": renderer.postfilters.band_gains or 0,
    }
    if curve is None and flows(session, call, preset):  # before the credit: a stream that flows has no room for tags
        _send(session, call, preset, renderer, mels, stated)
        return
    call = replace(call, tags=credited(session.catalog, call.tags, renderer.voice_name))
    opener = MelOpener.of(call, renderer, stated, first_stated)
    made = _made(call, renderer, mels, stated, curve, [job.source for job in jobs])
    run_finishing(session, call, preset, jobs, made, made_by, opener)


def open_for(
    session: Session, call: Call, preset: Preset, mel_spec: MelSpec | None, *, new_pitch: bool = False
) -> Renderer:
    """The vocoder that a call renders with."""
    from vocolab.chain.preset_rendering import open_renderer

    with uncollected():
        return open_renderer(
            session.catalog, preset, call.vocoder, call.voice, call.options(), mel_spec,
            denoise_db=call.denoise_db, refine=call.refine, new_pitch=new_pitch, device=call.device,
            engine=call.engine, on_note=session.say,
        )


def _curve(call: Call) -> PitchCurve | None:
    if call.f0 is None:
        return None
    if len(call.mels) != 1 or call.mels[0].is_dir() or STANDARD in call.mels:
        raise click.UsageError("--f0 is the pitch of one mel: name one file.")
    from vocolab.pitch.curve import read_curve

    return read_curve(call.f0)


def _send(
    session: Session, call: Call, preset: Preset, renderer: Renderer, mels: PendingMels, stated: MelSpec | None
) -> None:
    """The one mel of the call to standard output, as it is rendered."""
    from vocolab.cli.render_pipe import stream_signal, stream_through

    (path,) = call.mels
    if path == STANDARD:
        stream_through(session, call, preset, renderer)
        return
    mel, notes = mels.read(path, renderer.mel_spec, stated, force=call.force)
    for note in notes:
        session.say(note)
    stream_signal(session, call, preset, renderer.signal_of(mel, seed=call.seed), str(path))


def _say_postfilters(session: Session, call: Call, renderer: Renderer, preset: Preset) -> None:
    filters = renderer.postfilters
    if filters.denoise_db is not None:
        session.say(f"denoise: {filters.denoise_db:+g} dB")
    if filters.refine:
        of_the_voice = call.refine is None and "refine" not in preset.vocoder_options(renderer.name)
        why = ", as the voice recommends; --refine 0 switches it off" if of_the_voice else ""
        session.say(f"refine: {filters.refine} round{'s'[: filters.refine != 1]}{why}")
    if filters.fresh_noise:
        session.say("noise: drawn anew where the mel says noise")
    if filters.band_gains:
        session.say(f"band gains: {filters.band_gains} round{'s'[: filters.band_gains != 1]}")


def _made(
    call: Call, renderer: Renderer, mels: PendingMels, stated: MelSpec | None, curve: PitchCurve | None,
    paths: list[Path],
) -> Callable[[Path, Report], Signal]:
    """What makes the rendering of a file: several short ones at once, where each is asked for once and in order."""
    if curve is not None or STANDARD in paths or call.n_jobs > 1 or call.album or call.dry_run:
        return partial(rendering, renderer, mels, stated, call, curve)
    from vocolab.rendering.ahead import RenderedAhead

    ahead = RenderedAhead(renderer, mels, paths, stated, force=call.force, seed=call.seed)

    def made(path: Path, report: Report) -> Signal:
        signal, notes = ahead.signal(path)
        report.notes.extend(notes)
        return signal

    return made


def rendering(
    renderer: Renderer, mels: PendingMels, stated: MelSpec | None, call: Call, curve: PitchCurve | None, path: Path,
    report: Report,
) -> Signal:
    """The rendering of a mel file, which happens while it is walked through."""
    if path == STANDARD:
        from vocolab.cli.render_pipe import piped_mel

        mel, notes = piped_mel(renderer.mel_spec, stated, force=call.force)
    else:
        mel, notes = mels.read(path, renderer.mel_spec, stated, force=call.force)
    report.notes.extend(notes)
    if curve is None:
        return renderer.signal_of(mel, seed=call.seed)
    with naming(call.f0):
        f0_hz = curve.at_frames(mel.frames, mel.spec.frame_rate_hz)
        return renderer.signal_of(mel, seed=call.seed, f0_hz=f0_hz)
