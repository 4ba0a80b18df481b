"""`vocolab plugins new` and `vocolab plugins manifest`: what authors start from, and what they ship."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocolab.cli.session import Session, pass_session
from vocolab.errors import CallError, PluginError

if TYPE_CHECKING:
    from vocolab.plugins.host import PluginRecord

KIND_NAMES = ("effect", "vocoder", "acoustic-model", "synthesizer", "voice", "preset", "command", "convention",
              "language", "engine", "detector")


@click.command("new")
@click.argument("name")
@click.option("--kind", type=click.Choice(KIND_NAMES), required=True, help="What it brings.")
@click.option("--in", "parent", type=click.Path(file_okay=False, path_type=Path), default=".", help="Where its folder "
              "is made; default: here.")
@click.option("--voice", metavar="VOICE", help="With --kind voice: a voice's name or file, which the package ships.")
@click.option("--license", "licence", metavar="SPDX", help="With --kind voice: what the voice may be used under.")
@pass_session
def new(session: Session, name: str, kind: str, parent: Path, voice: str | None, licence: str | None) -> None:
    """Write a package that brings one thing of a kind: it installs, tests, lints and types as it is."""
    if kind == "voice":
        if voice is None or licence is None:
            raise CallError("a package of a voice ships a trained one: say which with --voice NAME|FILE and --license")
        from vocolab.voices.packing import write_package

        folder = write_package(session.catalog, voice, parent, licence=licence, name=name)
    elif voice is not None or licence is not None:
        raise CallError("--voice and --license are for --kind voice")
    else:
        from vocolab.plugins.scaffold import new_package

        folder = new_package(name, kind, parent)
    click.echo(folder)
    session.say(f"next: cd {folder} && pip install -e '.[test]' && pytest --vocolab {folder.name}")


@click.command("manifest")
@click.argument("name")
@pass_session
def manifest(session: Session, name: str) -> None:
    """Print the manifest of the plugin NAME, from its hooks: listing it then imports nothing of it."""
    from vocolab.cli.plugins import named_records
    from vocolab.plugins.manifest import TABLES, module_file
    from vocolab.plugins.manifest_writing import manifest_text
    from vocolab.testing.packages import module_of

    host = session.catalog.host
    (record, *others) = named_records(host.records, name)
    if others:
        keys = ", ".join(one.key for one in (record, *others))
        raise CallError(f"{name} has several plugins, each with a manifest of its own: name one of {keys}")
    given = {table: host.given_by(record, f"vocolab_{table}", object) for table in TABLES}
    _check(record)
    file = module_file(module_of(record))
    if file is None:
        raise CallError(f"{record.key}: its module can't be found")
    try:
        click.echo(manifest_text(given, file.parent), nl=False)
    except ValueError as error:
        raise PluginError(f"{record.key}: {error}") from error
    session.say(f"keep this as {file.with_suffix('.toml')}")


def _check(record: PluginRecord) -> None:
    failures = {where: error for where, error in record.failures.items() if where != "manifest"}
    if failures:
        raise PluginError(f"{record.key} is broken: {record.error}")
