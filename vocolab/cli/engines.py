"""`vocolab engines`: what executes networks, and whether it is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.components import component_facts, entries_of, origin, print_component
from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import names_of
from vocolab.cli.table import table

if TYPE_CHECKING:
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import EngineSpec


@click.command()
@click.argument("name", required=False, shell_complete=names_of("engines"))
@json_option
@pass_session
def engines(session: Session, name: str | None, as_json: bool) -> None:
    """List engines, that which is taken first at the top; with NAME, describe one."""
    from vocolab.engines.choice import first_taken

    catalog = session.catalog
    chosen = sorted(entries_of(catalog.engines, name), key=lambda entry: first_taken(catalog, entry))
    if as_json:
        facts = [_facts(entry) for entry in chosen]
        print_json(facts[0] if name else facts)
    elif name:
        print_component(chosen[0], ("state", _state(chosen[0])), ("devices", ", ".join(chosen[0].fact("devices"))))
    else:
        rows = [(entry.name, _state(entry), origin(entry), entry.summary) for entry in chosen]
        click.echo(table(rows, ("engine", "state", "from", "")))
    session.warn_of_broken_plugins()


def _state(entry: Entry[EngineSpec]) -> str:
    from vocolab.engines.choice import is_installed, to_install

    return "installed" if is_installed(entry) else f"not installed: {to_install(entry)}"


def _facts(entry: Entry[EngineSpec]) -> dict[str, Any]:
    from vocolab.engines.choice import is_installed

    runs = entry.spec.runs if entry.is_loaded else None
    more = {"installed": is_installed(entry), "runs": runs, "devices": list(entry.fact("devices")),
            "rank": entry.fact("rank")}
    return component_facts(entry) | more
