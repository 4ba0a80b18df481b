"""`vocolab models`: everything with trained weights, of whatever kind, and what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.components import component_facts, entries_of, origin, print_component
from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import names_of
from vocolab.cli.table import table

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import ModelSpec

_HEADER = ("model", "kind", "from", "voices", "can", "")
ABILITIES = {
    "converter": ("convert", "takes published checkpoints (vocolab convert)"),
    "trainer": ("train", "can be trained (vocolab train)"),
    "exporter": ("export", "can be exported as ONNX (vocolab export)"),
}
"""The functions of a spec that users can call: the command, and what it means."""


@click.command()
@click.argument("name", required=False, shell_complete=names_of("models"))
@json_option
@pass_session
def models(session: Session, name: str | None, as_json: bool) -> None:
    """List vocoders, acoustic models, synthesizers and all else with weights; with NAME, describe one."""
    chosen = entries_of(session.catalog.models, name)
    if as_json:
        facts = [_facts(session.catalog, entry) for entry in chosen]
        print_json(facts[0] if name else facts)
    elif name:
        print_component(chosen[0], *_detail(session.catalog, chosen[0]))
    else:
        click.echo(table([_row(session.catalog, entry) for entry in chosen], _HEADER) if chosen else "no models")
    session.warn_of_broken_plugins()


def able_to(entry: Entry[ModelSpec]) -> list[str]:
    """What can be done with a model, in sentences."""
    return [text for which, (_, text) in ABILITIES.items() if entry.fact(which)]


def without_voices(entry: Entry[ModelSpec], needing: str) -> str:
    """What stands for the voices of a model that has none: `needing` where it needs one, "?" where nobody has said."""
    return {True: needing, False: "needs none"}.get(entry.fact("needs_voice"), "?")


def model_facts(catalog: Catalog, entry: Entry[ModelSpec]) -> dict[str, Any]:
    """What programs are told of any model."""
    return component_facts(entry) | {
        "needs_voice": entry.fact("needs_voice"), "voices": _voices(catalog, entry),
        "converts": bool(entry.fact("converter")), "trains": bool(entry.fact("trainer")),
        "exports": bool(entry.fact("exporter")),
    }


def _voices(catalog: Catalog, entry: Entry[ModelSpec]) -> list[str]:
    return [voice.name for voice in catalog.voices.of(entry.qualified)]


def _row(catalog: Catalog, entry: Entry[ModelSpec]) -> tuple[str, ...]:
    voices = ", ".join(_voices(catalog, entry)) or without_voices(entry, "none")
    commands = ", ".join(command for which, (command, _) in ABILITIES.items() if entry.fact(which))
    return entry.name, _kind(entry), origin(entry), voices, commands, entry.summary


def _kind(entry: Entry[ModelSpec]) -> str:
    from vocolab.catalog.models import kind_of

    return kind_of(entry)


def _facts(catalog: Catalog, entry: Entry[ModelSpec]) -> dict[str, Any]:
    return {"kind": _kind(entry), **model_facts(catalog, entry)}


def _detail(catalog: Catalog, entry: Entry[ModelSpec]) -> list[tuple[str, str]]:
    voices = ", ".join(_voices(catalog, entry)) or ("none" if entry.spec.needs_voice else "none; it needs none")
    able = able_to(entry)
    return [("kind", entry.spec.kind), ("voices", voices), *([("also", "; ".join(able))] if able else [])]
