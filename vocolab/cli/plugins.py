"""`vocolab plugins`: where everything comes from, and what is wrong with it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.table import table
from vocolab.errors import UnknownName

if TYPE_CHECKING:
    from vocolab.plugins.host import PluginRecord


@click.command()
@click.argument("name", required=False)
@click.option("--check", "checking", is_flag=True, help="Import everything and exit 1 if a plugin is broken.")
@json_option
@pass_session
def plugins(session: Session, name: str | None, checking: bool, as_json: bool) -> None:
    """List plugins: where each is from, what it adds, and what is wrong with it; with NAME only those of that name."""
    if checking:
        from vocolab.plugins.check import check_plugins

        check_plugins(session.catalog)
    else:
        session.catalog.collect_all()
    records = _named(session.catalog.host.records, name)
    if as_json:
        print_json([_facts(record) for record in records])
    else:
        click.echo(f"plugins installed in {sys.prefix}")
        click.echo(table([_row(record) for record in records], ("status", "plugin", "from", "hooks or error")))
    if checking and any(record.status == "error" for record in records):
        click.get_current_context().exit(1)


def _named(records: list[PluginRecord], name: str | None) -> list[PluginRecord]:
    if name is None:
        return records
    found = [record for record in records if name in (record.name, record.dist, record.key)]
    if not found:
        names = [known for record in records for known in (record.name, record.dist)]
        error = UnknownName("plugin", name, names)
        near = f"Did you mean {error.suggestion!r}? " if error.suggestion else ""
        hint = f"{near}No installed package has such an entry point in the group 'vocolab'"
        raise UnknownName("plugin", name, names, hint=hint)
    return found


def _row(record: PluginRecord) -> tuple[str, str, str, str]:
    hooks = ", ".join(hook.removeprefix("vocolab_") for hook in record.hooks)
    return record.status, record.name, f"{record.dist} {record.version}", record.error or hooks


def _facts(record: PluginRecord) -> dict[str, Any]:
    return {
        "name": record.name, "dist": record.dist, "version": record.version, "status": record.status,
        "hooks": record.hooks, "error": record.error or None,
    }
