"""`vocolab voices`: the trained weights that are installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.table import table
from vocolab.errors import CallError, CheckpointError, UnknownName

if TYPE_CHECKING:
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import VoiceSource


@click.command()
@click.argument("name", required=False)
@json_option
@pass_session
def voices(session: Session, name: str | None, as_json: bool) -> None:
    """List trained voices; with NAME, describe one: what it was trained on, its licence, its figures."""
    if name:
        _detail(_installed(session, name), as_json)
    else:
        entries = session.catalog.voices.entries()
        rows = [(entry.name, entry.spec.model, f"{entry.dist} {entry.version}", entry.spec.summary)
                for entry in entries]
        if as_json:
            print_json([_facts(entry) for entry in entries])
        else:
            click.echo(table(rows, ("voice", "model", "from", "")) if rows else "no voices are installed")
    session.warn_of_broken_plugins()


def _installed(session: Session, name: str) -> Entry[VoiceSource]:
    try:
        return session.catalog.voices.get(name)
    except UnknownName as error:
        if name.endswith(".safetensors") or Path(name).is_file():
            raise CallError(f"{name}: 'vocolab voices' describes installed voices by their names; 'vocolab inspect "
                            f"{name}' describes a file") from error
        raise


def _detail(entry: Entry[VoiceSource], as_json: bool) -> None:
    from importlib.resources import as_file

    from vocolab.cli.voice_facts import voice_facts, voice_text

    try:
        with as_file(entry.spec.file) as path:
            facts = voice_facts(Path(path))
    except FileNotFoundError as error:
        raise CheckpointError(f"the voice {entry.qualified} names a missing file: {error.filename}") from error
    if as_json:
        print_json(_facts(entry) | facts)
    else:
        click.echo(f"{entry.name}: {entry.spec.summary}\nfrom {entry.dist} {entry.version}\n{voice_text(facts)}")


def _facts(entry: Entry[VoiceSource]) -> dict[str, Any]:
    return {
        "name": entry.name, "model": entry.spec.model, "dist": entry.dist, "version": entry.version,
        "summary": entry.spec.summary, "rank": entry.spec.rank,
    }
