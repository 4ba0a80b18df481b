"""`vocolab convert`: a published checkpoint to a voice file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocolab.cli.parameters import PATH, json_option, mel_spec_option
from vocolab.cli.session import Session, pass_session, print_json

if TYPE_CHECKING:
    from vocolab.checkpoints import Conversion


@click.command()
@click.argument("checkpoint", type=PATH)
@click.option("--model", "--vocoder", metavar="NAME", help="What the checkpoint is of. Default: what recognises it.")
@click.option("--config", type=PATH, help="Its configuration. Default: what is in the file or beside it.")
@mel_spec_option("The convention of its mels, where the configuration leaves it open.")
@click.option("--key", metavar="PLACE", help="Where in the file the model is, model.generator, if it holds several.")
@click.option("--layout", metavar="NAME", help="Which of several layouts it is, if the file can't tell.")
@click.option("--half", is_flag=True, help="Store float16: half the size.")
@click.option("-o", "--output", required=True, type=PATH, help="The voice file to write, .safetensors.")
@json_option
@pass_session
def convert(  # noqa: PLR0913  an argument for each option
    session: Session, checkpoint: Path, model: str | None, config: Path | None, mel_spec: str | None,
    key: str | None, layout: str | None, half: bool, output: Path, as_json: bool,
) -> None:
    """Turn CHECKPOINT into a self-describing voice file. Nothing in the checkpoint is executed.

    CHECKPOINT is a file of weights or a folder with one, its configuration beside it.
    """
    from vocolab.checkpoints import convert_checkpoint
    from vocolab.cli.outputs import make_folder, plan_outputs
    from vocolab.cli.voice_facts import voice_facts
    from vocolab.errors import CallError
    from vocolab.files.finding import Found

    if output.suffix != ".safetensors":
        raise CallError("a voice is written as .safetensors", about=output)
    inputs = sorted(checkpoint.iterdir()) if checkpoint.is_dir() else [checkpoint]
    for source in inputs:
        plan_outputs([Found.itself(source)], lambda path: path.name, output=output, out_dir=None)
    spec = session.mel_spec(mel_spec)
    conversion = convert_checkpoint(
        session.catalog, checkpoint, model, config=config, mel_spec=spec, key=key, layout=layout
    )
    make_folder(output.parent)
    conversion.voice.save(output, half=half)
    facts = voice_facts(output)
    _say(session, checkpoint, output, conversion, facts)
    if as_json:
        print_json({**facts, "checkpoint": str(checkpoint), "layout": conversion.layout,
                    "assumptions": list(conversion.assumptions), "remarks": list(conversion.remarks)})


def _say(session: Session, checkpoint: Path, output: Path, conversion: Conversion, facts: dict[str, object]) -> None:
    from vocolab.cli.voice_facts import voice_text

    session.say(f"{checkpoint} -> {output}")
    session.say(f"recognised: {conversion.voice.model}, {conversion.layout}")
    for remark in conversion.remarks:
        session.say(f"note: {remark}")
    for assumption in conversion.assumptions:
        session.say(f"assumed: {assumption}")
    session.say(voice_text(facts))
