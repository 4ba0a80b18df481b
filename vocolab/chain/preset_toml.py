"""Chains as preset files: what `vocolab.preset` reads and gives back as the same chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from vocolab.catalog import Catalog
from vocolab.chain.preset_plan import FORMAT
from vocolab.delivery.target import Target
from vocolab.effects import effect_name
from vocolab.errors import CallError, PluginError
from vocolab.interfaces import Effect
from vocolab.options import Options
from vocolab.toml_writing import toml_lines, toml_value

if TYPE_CHECKING:
    from vocolab.chain.chain import Chain
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import EffectSpec


def chain_toml(chain: Chain, summary: str, catalog: Catalog) -> str:
    """The text of a preset file.

    Every option stands in it, whatever its default will be one day, but for those that are not set.

    Raises:
        CallError: if an effect is of no installed plugin, or the summary is not one line.
    """
    if not summary.strip() or "\n" in summary:
        raise CallError(f'{summary!r} is not one line of text; write summary="what the preset is for"')
    parts = [f"format = {FORMAT}\nsummary = {toml_value(summary)}"]
    parts += _table("output", chain.output.stated())
    parts += _table("target", _stated(chain.stated_target))
    vocoder: Mapping[str, Any] = getattr(chain, "vocoder", {})
    changes = getattr(chain, "vocoder_overrides", {}) if vocoder else {}
    parts += _table("vocoder", {**vocoder, **changes})
    parts += ["\n".join(_effect(effect, catalog)) for effect in chain.effects]
    return "\n\n".join(parts) + "\n"


def _stated(target: Target) -> dict[str, Any]:
    defaults = {field.name: field.default for field in fields(Target)}
    return {name: value for name, value in vars(target).items() if value is not None and value != defaults[name]}


def _table(name: str, values: Mapping[str, Any]) -> list[str]:
    return ["\n".join([f"[{name}]", *toml_lines(values)])] if values else []


def _target_of(entry: Entry[EffectSpec]) -> str:
    """Empty for what a broken plugin's manifest speaks of."""
    try:
        return entry.spec.target
    except PluginError:
        return ""


def _effect(effect: Effect, catalog: Catalog) -> Iterator[str]:
    options = getattr(effect, "options", None)
    target = f"{type(effect).__module__}:{type(effect).__qualname__}"
    entries = [entry for entry in catalog.effects.entries() if _target_of(entry) == target]
    if not entries or not isinstance(options, Options):
        raise CallError(f"{effect_name(effect)} is of no installed plugin, and a preset names installed effects; "
                        f"there is: {', '.join(catalog.effects.names())}")
    entry = entries[0]
    usual = {name: field.default for name, field in type(options).model_fields.items() if name in ("mix", "enabled")}
    is_bare = entry.name in catalog.effects.names() and catalog.effects.get(entry.name).spec.target == target
    yield f"[[effects]]\nuse = {toml_value(entry.name if is_bare else entry.qualified)}"
    values = options.model_dump()
    yield from toml_lines({name: value for name, value in values.items() if name not in usual or value != usual[name]})
