"""`vocolab vocoders` and `vocolab effects`: what there is, and what it can be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.option_table import HEADER, described_options, option_rows
from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.table import table

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.host import Entry
    from vocolab.specs import EffectSpec, VocoderSpec


@click.command()
@click.argument("name", required=False)
@json_option
@pass_session
def vocoders(session: Session, name: str | None, as_json: bool) -> None:
    """List vocoders; with NAME, describe one: its voices and options."""
    catalog = session.catalog
    chosen = [catalog.vocoders.get(name)] if name else catalog.vocoders.entries()
    _print(session, chosen, [_described(entry, as_json) | _vocoder_facts(entry, catalog) for entry in chosen],
           detail=bool(name), as_json=as_json)


@click.command()
@click.argument("name", required=False)
@json_option
@pass_session
def effects(session: Session, name: str | None, as_json: bool) -> None:
    """List effects; with NAME, describe one: its options with types, defaults, ranges and meanings."""
    catalog = session.catalog
    chosen = [catalog.effects.get(name)] if name else catalog.effects.entries()
    _print(session, chosen, [_described(entry, as_json) for entry in chosen], detail=bool(name), as_json=as_json)


def _print(
    session: Session, chosen: list[Entry[VocoderSpec]] | list[Entry[EffectSpec]], facts: list[dict[str, Any]], *,
    detail: bool, as_json: bool,
) -> None:
    if as_json:
        print_json(facts[0] if detail else facts)
    elif detail:
        _print_detail(chosen[0], facts[0])
    else:
        click.echo(table([(fact["name"], f"{fact['dist']} {fact['version']}", fact["summary"]) for fact in facts]))
    session.warn_of_broken_plugins()


def _print_detail(entry: Entry[VocoderSpec] | Entry[EffectSpec], facts: dict[str, Any]) -> None:
    click.echo(f"{facts['name']}: {facts['summary']}")
    click.echo(f"from {facts['dist']} {facts['version']}")
    if "voices" in facts:
        click.echo(f"voices: {', '.join(facts['voices']) or 'none'}"
                   + ("" if facts["needs_voice"] else " (needs none)"))
    rows = option_rows(entry.spec.options)
    click.echo(table(rows, HEADER) if rows else "no options")


def _described(entry: Entry[Any], with_options: bool) -> dict[str, Any]:
    facts = {"name": entry.name, "dist": entry.dist, "version": entry.version, "summary": entry.spec.summary}
    return facts | {"options": described_options(entry.spec.options)} if with_options else facts


def _vocoder_facts(entry: Entry[VocoderSpec], catalog: Catalog) -> dict[str, Any]:
    return {
        "needs_voice": entry.spec.needs_voice,
        "voices": [voice.name for voice in catalog.voices.of(entry.qualified)],
        "converts": bool(entry.spec.converter),
        "trains": bool(entry.spec.trainer),
    }
