"""A closer look at plugins than loading them: do their targets import, and do their requirements hold."""

from __future__ import annotations

from typing import Any

from vocolab.catalog import Catalog
from vocolab.catalog.models import kind_of
from vocolab.catalog.recipes import recipes_of
from vocolab.catalog.registry import Named
from vocolab.errors import DependencyMissing, PluginError, VocolabError
from vocolab.plugins.host import Entry, PluginRecord
from vocolab.plugins.requirements import requirement_problems
from vocolab.plugins.targets import load_target
from vocolab.training.recipe import read_recipe


def check_plugins(catalog: Catalog, dist: str = "") -> None:
    """Import every target of every plugin, or of those of one distribution, and hold it against its interface; check
    voice files, recipes, mel conventions and requirements.

    What is wrong is added to the records of `catalog.host`. A package that only an extra installs may be missing.
    """
    catalog.host.load_all(dist)
    catalog.collect_all(dist)
    _check_targets(catalog, dist)
    _check_voices(catalog, dist)
    _check_recipes(catalog, dist)
    _check_conventions(catalog, dist)
    _check_requirements(catalog, dist)


def _check_requirements(catalog: Catalog, only: str) -> None:
    for dist in sorted({record.dist for record in catalog.host.records if record.status != "disabled"}):
        if only not in ("", dist):
            continue
        problems = requirement_problems(dist)
        for record in catalog.host.records:
            if problems and record.dist == dist:
                record.fail("requirements", PluginError("; ".join(problems)))


def _check_targets(catalog: Catalog, dist: str) -> None:
    records = _records(catalog)
    components: list[tuple[str, Entry[Any]]] = [(kind_of(entry), entry) for entry in catalog.models.entries(dist)]
    others: list[Named[Any]] = [
        catalog.languages, catalog.effects, catalog.detectors, catalog.engines, catalog.commands,
    ]
    components += [(registry.kind, entry) for registry in others for entry in registry.entries(dist)]
    for kind, entry in components:
        try:
            load_target(entry)
            for which in getattr(entry.spec, "FUNCTIONS", ()):
                if getattr(entry.spec, which):
                    load_target(entry, which)
        except DependencyMissing as error:
            if not getattr(entry.spec, "extra", ""):
                records[entry.dist, entry.plugin].fail(f"{kind} {entry.name}", error)
        except PluginError as error:
            records[entry.dist, entry.plugin].fail(f"{kind} {entry.name}", error)


def _check_voices(catalog: Catalog, dist: str) -> None:
    records = _records(catalog)
    for entry in catalog.voices.entries(dist):
        if not entry.spec.file.is_file():
            missing = PluginError(f"there is no file {entry.spec.file}")
            records[entry.dist, entry.plugin].fail(f"voice {entry.name}", missing)


def _check_recipes(catalog: Catalog, dist: str) -> None:
    """Read them; whether the trainer can build from them is for the plugin's own contract test."""
    records = _records(catalog)
    taken: dict[str, str] = {}
    for model in catalog.models.entries(dist):
        record, recipes = records[model.dist, model.plugin], recipes_of(model)
        if model.fact("recipes") is not None and not recipes:
            record.fail(f"recipes of {model.name}", PluginError(f"there are none in {model.fact('recipes')}"))
        for entry in recipes:
            try:
                read_recipe(entry.spec.file).convention()
                if taken.setdefault(entry.qualified, model.name) != model.name:
                    raise PluginError(f"the model {taken[entry.qualified]} has a recipe of that name too; rename one")
            except VocolabError as error:
                record.fail(f"recipe {entry.name}", error)


def _check_conventions(catalog: Catalog, dist: str) -> None:
    records = _records(catalog)
    for entry in catalog.mel_conventions.entries(dist):
        try:
            catalog.mel_conventions.read(entry.qualified)
        except VocolabError as error:
            records[entry.dist, entry.plugin].fail(f"mel convention {entry.name}", error)


def _records(catalog: Catalog) -> dict[tuple[str, str], PluginRecord]:
    return {(record.dist, record.name): record for record in catalog.host.records}
