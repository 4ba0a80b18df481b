"""The training recipes that plugins offer with their models, by name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vocolab.catalog.models import ModelRegistry
from vocolab.catalog.registry import Named
from vocolab.catalog.toml_files import SUFFIX, toml_files
from vocolab.errors import CallError, UnknownName
from vocolab.plugins.host import Entry, PluginHost
from vocolab.plugins.specs import ModelSpec

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


@dataclass(frozen=True)
class RecipeFile:
    """A recipe that is there to be read."""

    name: str
    model: str
    """The bare name of the model that it trains, which is of the same package."""
    file: Traversable


def recipes_of(model: Entry[ModelSpec]) -> list[Entry[RecipeFile]]:
    """What is in a model's folder of recipes, sorted by name; none if it has no folder."""
    folder = model.fact("recipes")
    return [
        Entry(RecipeFile(name, model.name, file), model.dist, model.version, model.plugin)
        for name, file in (toml_files(folder) if folder is not None else ())
    ]


class RecipeRegistry(Named[RecipeFile]):
    """Recipes by name. Nothing is read before `vocolab.training.recipe.read_recipe`."""

    def __init__(self, host: PluginHost, models: ModelRegistry) -> None:
        super().__init__(host, "recipe", *models.hooks)
        self._models = models

    def entries(self, dist: str = "") -> list[Entry[RecipeFile]]:
        """All of them, built-in ones first; of two with one name in one package, the first."""
        found: dict[str, Entry[RecipeFile]] = {}
        for model in self._models.entries(dist):
            for entry in recipes_of(model):
                found.setdefault(entry.qualified, entry)
        return list(found.values())

    def file_for(self, model: str, name_or_path: str) -> Traversable:
        """The recipe in that file, else the one of that name for a model.

        What ends in `.toml` is a file, and whether it is there shows when it is read; all else is a name first.

        Raises:
            UnknownName: if there is no such model.
            CallError: if it is neither a file nor a name, or the recipe is another model's.
        """
        path = Path(name_or_path)
        if name_or_path.endswith(SUFFIX):
            return path
        wanted = self._models.get(model)
        own = next((entry for entry in recipes_of(wanted) if name_or_path in (entry.name, entry.qualified)), None)
        if own is not None:
            return own.spec.file
        if os.path.exists(path) and not os.path.isdir(path):  # a name first: no file replaces what is installed
            return path
        raise CallError(self._why_not(wanted, name_or_path))

    def _why_not(self, model: Entry[ModelSpec], name: str) -> str:
        try:
            other = self.get(name)
        except UnknownName as error:
            return f"{name}: there is no such file, and {error}"
        own = ", ".join(entry.name for entry in recipes_of(model))
        return (f"the recipe {name} trains {other.spec.model}, not {model.name}; "
                + (f"for {model.name} there is: {own}" if own else f"{model.name} comes with no recipe"))
