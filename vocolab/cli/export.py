"""`vocolab export`: a voice to an ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocolab.cli.parameters import PATH, json_option
from vocolab.cli.session import Session, pass_session, print_json

if TYPE_CHECKING:
    from vocolab.onnx_export.exporting import Exported


@click.command()
@click.argument("voice")
@click.option("-o", "--output", required=True, type=PATH, help="The file to write, .onnx.")
@json_option
@pass_session
def export(session: Session, voice: str, output: Path, as_json: bool) -> None:
    """Write VOICE, a name or a .safetensors file, as ONNX: any length, its mel convention in the metadata.

    The graph is run by onnxruntime and compared with torch at several lengths before anything is written.
    """
    from vocolab.cli.outputs import make_place
    from vocolab.onnx_export.exporting import export_voice

    make_place(output)
    written = export_voice(session.catalog, voice, output)
    if as_json:
        print_json(written.to_dict())
    for line in _lines(written):
        session.say(line)


def _lines(written: Exported) -> list[str]:
    agreement = written.agreement
    ports = [
        f"{direction} {name} ({', '.join(map(str, shape)) or 'one number'})"
        for direction, named in (("input ", written.inputs), ("output", written.outputs))
        for name, shape in named.items()
    ]
    left_out = "the network alone: this voice recommends {} besides, which 'vocolab render' does and the graph does not"
    lengths = ", ".join(f"{batch} x {frames}" for batch, frames in agreement.sizes)
    return [
        f"{written.path}: {written.size_bytes / 1e6:.2f} MB. {written.computes}.",
        *ports,
        *([left_out.format(", ".join(written.left_out))] if written.left_out else []),
        f"largest difference from torch: {agreement.largest_difference:.2g} ({agreement.runtime}; "
        f"batch x frames: {lengths})",
    ]
