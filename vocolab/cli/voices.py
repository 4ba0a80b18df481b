"""`vocolab voices`: the trained weights that are installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import ShortFormGroup, list_or_show, names_of
from vocolab.cli.table import table
from vocolab.cli.voice_keeping import add, pack, remove
from vocolab.errors import CallError, CheckpointError, UnknownName

if TYPE_CHECKING:
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import VoiceSource


@click.group(
    cls=ShortFormGroup, short=list_or_show,
    forms=[("vocolab voices", "vocolab voices list"), ("vocolab voices NAME", "vocolab voices show NAME")],
)
def voices() -> None:
    """List trained voices, or describe one."""


@voices.command("list")
@json_option
@pass_session
def list_voices(session: Session, as_json: bool) -> None:
    """List the trained voices that are installed."""
    entries = session.catalog.voices.entries()
    facts = [_facts(entry) | _stated(entry) for entry in entries]
    if as_json:
        print_json(facts)
    else:
        rows = [(one["name"], one["model"], f"{one['dist']} {one['version']}", one["licence"] or "not stated",
                 f"{one['summary']}; trained on {one['trained_on'] or 'what is not stated'}") for one in facts]
        click.echo(table(rows, ("voice", "model", "from", "licence", "")) if rows else "no voices are installed")
    session.warn_of_broken_plugins()


voices.add_command(add)
voices.add_command(remove)
voices.add_command(pack)


@voices.command("show")
@click.argument("name", shell_complete=names_of("voices"))
@json_option
@pass_session
def show_voice(session: Session, name: str, as_json: bool) -> None:
    """Describe the voice NAME: what it was trained on, its licence, its figures."""
    _detail(_installed(session, name), as_json)
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


def _stated(entry: Entry[VoiceSource]) -> dict[str, str | None]:
    """The licence of a voice and what it was trained on, by its file."""
    from importlib.resources import as_file

    from vocolab.voice import read_header

    try:
        with as_file(entry.spec.file) as path:
            said = read_header(path)["provenance"]
    except (CheckpointError, OSError):
        said = {}
    return {key: str(said[key]) if said.get(key) else None for key in ("licence", "trained_on")}


def _facts(entry: Entry[VoiceSource]) -> dict[str, Any]:
    return {
        "name": entry.name, "model": entry.spec.model, "dist": entry.dist, "version": entry.version,
        "summary": entry.spec.summary, "rank": entry.spec.rank,
    }
