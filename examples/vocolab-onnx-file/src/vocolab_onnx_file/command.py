"""The command: what is in an ONNX file of a vocoder."""

from __future__ import annotations

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def command(file: str) -> None:
    """Say which model the ONNX file FILE holds, and which mels it takes."""
    from vocolab_onnx_file.graph import Graph

    graph = Graph(file)
    spec = graph.mel_spec
    mels = f"{spec.n_mels} bands at {spec.sample_rate} Hz"
    click.echo(f"{graph.facts['model']}: {mels}, {graph.context_frames} frames of context")
