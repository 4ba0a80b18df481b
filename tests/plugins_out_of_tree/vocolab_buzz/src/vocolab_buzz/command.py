"""A command that the plugin adds to the command line."""

from __future__ import annotations

import click


@click.command()
def note() -> None:
    """Print the note that buzz sings at 22.05 kHz with a hop of 256 samples."""
    click.echo(f"{22050 / 256:.1f} Hz")
