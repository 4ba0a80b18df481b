"""`vocolab plugins`: where everything comes from, and what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from vocolab.cli.parameters import json_option
from vocolab.cli.plugin_making import manifest, new
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import ShortFormGroup, list_or_show
from vocolab.cli.table import table
from vocolab.errors import UnknownName

if TYPE_CHECKING:
    from vocolab.plugins.host import PluginRecord


def _known_plugins(ctx: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    records = ctx.ensure_object(Session).catalog.host.records
    names = sorted({name for record in records for name in (record.name, record.dist)})
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _choose(arguments: Sequence[str]) -> str:
    for flag in ("--check", "--time"):
        if flag in arguments:
            return flag.removeprefix("--")
    return list_or_show(arguments)


@click.group(
    cls=ShortFormGroup, short=_choose,
    forms=[
        ("vocolab plugins", "vocolab plugins list"), ("vocolab plugins NAME", "vocolab plugins show NAME"),
        ("vocolab plugins [NAME] --check", "vocolab plugins check [NAME]"),
        ("vocolab plugins [NAME] --time", "vocolab plugins time [NAME]"),
    ],
)
def plugins() -> None:
    """List plugins and what is wrong with them."""


@plugins.command("list")
@json_option
@pass_session
def list_plugins(session: Session, as_json: bool) -> None:
    """List plugins: where each is from, what it adds, and what is wrong with it."""
    session.catalog.collect_all()
    _print(session, None, as_json)


@plugins.command("show")
@click.argument("name", shell_complete=_known_plugins)
@json_option
@pass_session
def show_plugin(session: Session, name: str, as_json: bool) -> None:
    """List the plugins NAME: an entry point's, a package's, or package:entry-point."""
    session.catalog.collect_all()
    _print(session, name, as_json)


@plugins.command("check")
@click.argument("name", required=False, shell_complete=_known_plugins)
@click.option("--check", is_flag=True, hidden=True, expose_value=False)
@json_option
@pass_session
def check(session: Session, name: str | None, as_json: bool) -> None:
    """Import everything that plugins name, and exit 1 if something is broken; of NAME test every promise too."""
    from vocolab.plugins.check import check_plugins

    if name is None:
        check_plugins(session.catalog)
    else:
        from vocolab.testing.packages import check_contracts

        for dist in {record.dist for record in named_records(session.catalog.host.records, name)}:
            check_plugins(session.catalog, dist)
        check_contracts(session.catalog, name)
    records = _print(session, name, as_json)
    if any(record.status == "error" for record in records):
        click.get_current_context().exit(1)


@plugins.command("time")
@click.argument("name", required=False, shell_complete=_known_plugins)
@click.option("--time", is_flag=True, hidden=True, expose_value=False)
@json_option
@pass_session
def time_plugins(session: Session, name: str | None, as_json: bool) -> None:
    """Say how long each plugin takes to import, in a process of its own, and whether listing imports it."""
    from vocolab.plugins.import_times import import_report
    from vocolab.testing.packages import module_of

    records = [one for one in named_records(session.catalog.host.records, name) if one.status != "disabled"]
    timed = [(record, import_report([module_of(record)])) for record in records]
    if as_json:
        print_json([{"name": record.name, "dist": record.dist, "seconds": found.seconds,
                     "problem": found.problem or None, "manifest": record.has_manifest} for record, found in timed])
        return
    rows = [("?" if found.seconds is None else f"{found.seconds:.3f} s", record.name, record.dist,
             found.problem or ("when it is used" if record.has_manifest else "when plugins are listed"))
            for record, found in timed]
    click.echo(table(rows, ("import", "plugin", "from", "imported")))


plugins.add_command(new)
plugins.add_command(manifest)


def _print(session: Session, name: str | None, as_json: bool) -> list[PluginRecord]:
    records = named_records(session.catalog.host.records, name)
    if as_json:
        print_json([_facts(record) for record in records])
    else:
        click.echo(f"plugins installed in {sys.prefix}")
        click.echo(table([_row(record) for record in records], ("status", "plugin", "from", "hooks or error")))
    return records


def named_records(records: list[PluginRecord], name: str | None) -> list[PluginRecord]:
    """The records of a plugin, a package, or `package:plugin`; all where nothing is named.

    Raises:
        UnknownName: if there is none.
    """
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
    said = record.error or "; ".join(filter(None, (hooks, record.note)))
    return record.status, record.name, f"{record.dist} {record.version}", said


def _facts(record: PluginRecord) -> dict[str, Any]:
    return {
        "name": record.name, "dist": record.dist, "version": record.version, "status": record.status,
        "hooks": record.hooks, "error": record.error or None, "note": record.note or None,
    }
