"""`vocolab convert`: a published checkpoint to a voice file."""

from __future__ import annotations

from pathlib import Path

import click

from vocolab.cli.parameters import PATH
from vocolab.cli.session import Session, pass_session


@click.command()
@click.argument("checkpoint", type=PATH)
@click.option("--vocoder", required=True, metavar="NAME", help="What the checkpoint is of; see 'vocolab vocoders'.")
@click.option("--config", type=PATH, help="Its configuration. Default: config.json beside it.")
@click.option("--mel-spec", metavar="NAME", help="The convention of its mels, where the configuration leaves it open.")
@click.option("--half", is_flag=True, help="Store float16: half the size.")
@click.option("-o", "--output", required=True, type=PATH, help="The voice file to write, .safetensors.")
@pass_session
def convert(
    session: Session, checkpoint: Path, vocoder: str, config: Path | None, mel_spec: str | None, half: bool,
    output: Path,
) -> None:
    """Turn CHECKPOINT into a self-describing voice file. Nothing in the checkpoint is executed."""
    from vocolab.cli.outputs import plan_outputs
    from vocolab.cli.voice_facts import voice_facts, voice_text
    from vocolab.errors import CallError
    from vocolab.mels.conventions import convention
    from vocolab.targets import load_target

    if output.suffix != ".safetensors":
        raise CallError(f"{output}: a voice is written as .safetensors")
    plan_outputs([checkpoint], lambda source: source.name, output=output, out_dir=None)
    entry = session.catalog.vocoders.get(vocoder)
    if not entry.spec.converter:
        raise CallError(f"{vocoder} reads no published checkpoints: its plugin names no converter")
    converter = load_target(entry, "converter")
    voice = converter(checkpoint, config, convention(mel_spec) if mel_spec else None)
    voice.save(output, half=half)
    session.say(f"{checkpoint} -> {output}")
    session.say(voice_text(voice_facts(output)))
