"""`vocolab languages`: what texts can be spoken in."""

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
    from vocolab.plugins.specs import LanguageSpec
    from vocolab.texts.symbols import SymbolSet


@click.command()
@click.argument("name", required=False, shell_complete=names_of("languages"))
@json_option
@pass_session
def languages(session: Session, name: str | None, as_json: bool) -> None:
    """List languages; with NAME or a tag such as en-US, describe one: its symbols and options."""
    chosen = entries_of(session.catalog.languages, name)
    if as_json:
        facts = [component_facts(entry) | {"tags": list(entry.fact("tags"))} for entry in chosen]
        print_json(facts[0] | _symbol_facts(_symbols(session, chosen[0])) if name else facts)
    elif name:
        symbols = _symbols(session, chosen[0])
        print_component(
            chosen[0], ("tags", ", ".join(chosen[0].spec.tags)),
            ("symbols", f"{symbols.name}, {len(symbols)} of them, checksum {symbols.checksum}"),
            ("phonemes", " ".join(symbols.phonemes)),
        )  # fmt: skip
    else:
        rows = [(entry.name, ", ".join(entry.fact("tags")), origin(entry), entry.summary) for entry in chosen]
        click.echo(table(rows, ("language", "tags", "from", "")) if rows else "no languages are installed")
    session.warn_of_broken_plugins()


def _symbols(session: Session, entry: Entry[LanguageSpec]) -> SymbolSet:
    return session.catalog.languages.create(entry.qualified).symbols


def _symbol_facts(symbols: SymbolSet) -> dict[str, Any]:
    return {"symbols": {"name": symbols.name, "checksum": symbols.checksum, "names": list(symbols.names)}}
