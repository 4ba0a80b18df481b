"""`vocolab render`: mel files to audio files."""

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
    from vocolab.catalog import Catalog
    from vocolab.chain.presets import Preset
    from vocolab.cli.batch import Report
    from vocolab.files.formats import BitDepth
    from vocolab.interfaces import Signal
    from vocolab.mels.spec import MelSpec
    from vocolab.rendering import Renderer


@dataclass(frozen=True)
class Call:
    """What was asked for."""

    mels: tuple[Path, ...]
    vocoder: str | None
    voice: str | None
    preset: str
    settings: tuple[str, ...]
    output: Path | None
    out_dir: Path | None
    mel_spec: str | None
    sample_rate: int | None
    bit_depth: BitDepth | None
    seed: int
    allow_miss: bool
    n_jobs: int
    as_json: bool


@click.command()
@click.argument("mels", metavar="MEL...", nargs=-1, required=True, type=PATH)
@click.option("--vocoder", metavar="NAME", help="See 'vocolab vocoders'. Default: that of the voice.")
@click.option("--voice", metavar="NAME|FILE", help="See 'vocolab voices'. Default: the vocoder's best.")
@click.option("--preset", metavar="NAME|FILE", default="none", show_default=True, help="See 'vocolab presets'.")
@set_option
@output_options("audio file")
@click.option("--mel-spec", metavar="NAME", help="The convention of bare arrays. Default: the vocoder's own.")
@allow_miss_option
@audio_format_options
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of stochastic vocoders and dither.")
@jobs_option
@json_option
@pass_session
def render(session: Session, /, **options: Any) -> None:
    """Turn MEL files (.npy or .safetensors) into audio, mastered by a preset.

    Writes NAME.wav beside each input, or what -o or --out-dir say; WAV or FLAC by the suffix of -o. With
    --set vocoder.OPTION=VALUE an option of the vocoder is changed.
    """
    call = Call(**options)
    from vocolab.chain.presets import read_preset
    from vocolab.cli.batch import end_batch, run_batch
    from vocolab.cli.mastering import finish_with
    from vocolab.cli.outputs import plan_outputs, source_name
    from vocolab.cli.report import check_deliveries, delivery_json, delivery_text
    from vocolab.files.formats import check_output
    from vocolab.mels.conventions import convention

    stated = convention(call.mel_spec) if call.mel_spec else None
    jobs = plan_outputs(call.mels, lambda source: f"{source.stem}.wav", output=call.output, out_dir=call.out_dir)
    preset = read_preset(call.preset, session.catalog, call.settings)
    if call.allow_miss:
        preset.allow_misses()
    finish = finish_with(preset, sample_rate=call.sample_rate, bit_depth=call.bit_depth, seed=call.seed)
    for job in jobs:
        check_output(job.output, finish.form)
    session.warn_of_broken_plugins()
    renderer = _open(call, session.catalog, preset, stated)
    if call.voice is None and renderer.voice_name:
        session.say(f"voice: {renderer.voice_name} (vocoder {renderer.name})")
    work = partial(finish, partial(_signal, renderer, stated, call.seed))
    outcomes = run_batch(session, jobs, work, n_jobs=call.n_jobs, describe=delivery_text, label=source_name)
    deliveries = [outcome.result for outcome in outcomes if outcome.result is not None]
    if call.as_json:
        made_by = {"vocoder": renderer.name, "voice": renderer.voice_name or None, "preset": preset.name}
        print_json([delivery_json(delivery) | made_by for delivery in deliveries])
    end_batch(session, outcomes, source_name)
    check_deliveries(deliveries)


def _open(call: Call, catalog: Catalog, preset: Preset, stated: MelSpec | None) -> Renderer:
    """The vocoder that was named; else that of the voice that was named; else the preset's; else the best."""
    from vocolab.rendering import open_vocoder

    name = call.vocoder or (None if call.voice else preset.vocoder_name)
    own = name is not None and name == preset.vocoder_name
    voice = call.voice or (preset.voice_name if own else None)
    if name is not None and stated is None and not catalog.vocoders.get(name).spec.needs_voice:
        stated = _first_stated(call.mels)
    return open_vocoder(catalog, name, voice, preset.vocoder_options(name or ""), stated)


def _first_stated(mels: tuple[Path, ...]) -> MelSpec | None:
    """The convention that the first file which states one has: what a vocoder without a voice is set up for."""
    from vocolab.errors import MelError
    from vocolab.mels.storage import read_array

    for path in mels:
        try:
            if spec := read_array(path).spec:
                return spec
        except MelError:  # is told when it is that file's turn
            continue
    return None


def _signal(renderer: Renderer, stated: MelSpec | None, seed: int, path: Path, report: Report) -> Signal:
    """The rendering of a mel file, which happens while it is walked through."""
    from vocolab.mels.reader import read_mel

    mel, notes = read_mel(path, renderer.mel_spec, stated)
    report.notes.extend(notes)
    return renderer.signal(mel, seed=seed)
