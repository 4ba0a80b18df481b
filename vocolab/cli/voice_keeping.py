"""`vocolab voices add`, `remove` and `pack`."""

from __future__ import annotations

from pathlib import Path

import click

from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json


@click.command("add")
@click.argument("source", metavar="FILE|URL")
@click.option("--name", default="", help="What it is called; default: as the file.")
@click.option("--sha256", default="", metavar="HEX", help="What the file's SHA-256 has to be.")
@click.option("--replace", is_flag=True, help="Replace a voice of that name that was added before.")
@json_option
@pass_session
def add(session: Session, source: str, name: str, sha256: str, replace: bool, as_json: bool) -> None:
    """Put a voice into your own folder of voices: a file, or an address that begins with https://."""
    from vocolab.plugins.host import HOME
    from vocolab.voices.adding import add_voice

    own = frozenset(entry.name for entry in session.catalog.voices.entries(HOME))
    added = add_voice(source, name=name, sha256=sha256, replace=replace, taken=own)
    said = added.voice.provenance
    if as_json:
        print_json({"name": added.name, "file": str(added.file), "bytes": added.n_bytes, "sha256": added.sha256,
                    "model": added.voice.model, "licence": said.get("licence") or None,
                    "trained_on": said.get("trained_on") or None})
        return
    click.echo(f"{added.name}: {added.voice.kind} {added.voice.model}, {added.n_bytes:,} bytes, SHA-256 {added.sha256}")
    click.echo(f"licence: {said.get('licence') or 'not stated'}; trained on: {said.get('trained_on') or 'not stated'}")
    if not sha256:
        session.say("the file is whole by its own checksum; --sha256 also holds it to what its publisher says")


@click.command("remove")
@click.argument("name")
@pass_session
def remove(session: Session, name: str) -> None:
    """Remove the voice NAME from your own folder of voices."""
    from vocolab.voices.adding import remove_voice

    session.say(f"removed {remove_voice(name)}")


@click.command("pack")
@click.argument("voice")
@click.option("--license", "--licence", "licence", required=True, metavar="SPDX", help="What it may be used under: "
              "CC-BY-4.0, CC0-1.0.")
@click.option("--name", default="", help="What the voice is called; its package is vocolab-NAME. Default: as it is.")
@click.option("--package-version", "version", default="0.1.0", show_default=True, help="Of the package.")
@click.option("--in", "folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=".",
              help="Where the wheel is written; default: here.")
@pass_session
def pack(session: Session, voice: str, licence: str, name: str, version: str, folder: Path) -> None:
    """Make a package of the voice VOICE, a name or a file: a wheel for 'pip install', with its model card."""
    from vocolab.voices.packing import voice_package, write_wheel

    made = voice_package(session.catalog, voice, licence=licence, name=name, version=version)
    click.echo(write_wheel(made, folder))
    if not made.voice.provenance.get("trained_on"):
        session.say("the voice does not say what it was trained on: 'vocolab train export --trained-on' writes it")
