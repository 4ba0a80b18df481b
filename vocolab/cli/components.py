"""`vocolab effects` and `vocolab detectors`: what there is and what it can be told; and what others share with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.option_table import HEADER, described_options, option_rows
from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import names_of
from vocolab.cli.table import table

if TYPE_CHECKING:
    from vocolab.catalog.registry import Named
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import ComponentSpec


@click.command()
@click.argument("name", required=False, shell_complete=names_of("effects"))
@json_option
@pass_session
def effects(session: Session, name: str | None, as_json: bool) -> None:
    """List effects; with NAME, describe one: its options with types, defaults, ranges and meanings."""
    _list_or_describe(session, session.catalog.effects, name, as_json=as_json)


@click.command()
@click.argument("name", required=False, shell_complete=names_of("detectors"))
@json_option
@pass_session
def detectors(session: Session, name: str | None, as_json: bool) -> None:
    """List what 'vocolab inspect' looks for in a recording; with NAME, describe one detector."""
    _list_or_describe(session, session.catalog.detectors, name, as_json=as_json)


def _list_or_describe(session: Session, registry: Named[Any], name: str | None, *, as_json: bool) -> None:
    chosen = entries_of(registry, name)
    if as_json:
        facts = [component_facts(entry) for entry in chosen]
        print_json(facts[0] if name else facts)
    elif name:
        print_component(chosen[0])
    else:
        click.echo(table([(entry.name, origin(entry), entry.summary) for entry in chosen]))
    session.warn_of_broken_plugins()


def entries_of(registry: Named[Any], name: str | None) -> list[Entry[Any]]:
    """All entries, of which some may be known by a manifest alone; or the one of that name, with its plugin imported.

    Raises:
        UnknownName, CallError: as `Named.get`.
        PluginError: if the plugin of the one that is named is broken.
    """
    if name is None:
        return registry.entries()
    entry = registry.get(name)
    entry.load()
    return [entry]


def component_facts(entry: Entry[Any]) -> dict[str, Any]:
    """What programs are told of any component: name, dist, version, summary, options.

    The options of what is only listed by a manifest are null: they are in the plugin's module.
    """
    return {
        "name": entry.name, "dist": entry.dist, "version": entry.version, "summary": entry.summary,
        "options": described_options(entry.spec.options) if entry.is_loaded else None,
    }


def print_component(entry: Entry[Any], *more: tuple[str, str]) -> None:
    """A component in detail: its summary, where it is from, `more` as rows, its options."""
    spec: ComponentSpec = entry.spec
    click.echo(f"{entry.name}: {spec.summary}\nfrom {origin(entry)}")
    if more:
        click.echo(table(more))
    rows = option_rows(spec.options)
    click.echo(table(rows, HEADER) if rows else "no options")


def origin(entry: Entry[Any]) -> str:
    """The package that a component came with, and its version."""
    return f"{entry.dist} {entry.version}"
