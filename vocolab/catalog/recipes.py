"""The training recipes that plugins offer with their vocoders, by name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vocolab.catalog.registry import Named
from vocolab.catalog.toml_files import SUFFIX, toml_files
from vocolab.errors import CallError, UnknownName
from vocolab.plugins.host import Entry, PluginHost, resolve
from vocolab.plugins.specs import VocoderSpec

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_HOOK = "vocolab_vocoders"


@dataclass(frozen=True)
class RecipeFile:
    """A recipe that is there to be read."""

    name: str
    vocoder: str
    """The bare name of the vocoder that it trains, which is of the same package."""
    file: Traversable


def recipes_of(vocoder: Entry[VocoderSpec]) -> list[Entry[RecipeFile]]:
    """What is in a vocoder's folder of recipes, sorted by name; none if it has no folder."""
    folder = vocoder.spec.recipes
    return [
        Entry(RecipeFile(name, vocoder.name, file), vocoder.dist, vocoder.version, vocoder.plugin)
        for name, file in (toml_files(folder) if folder is not None else ())
    ]


class RecipeRegistry(Named[RecipeFile]):
    """Recipes by name. Nothing is read before `vocolab.training.recipe.read_recipe`."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "recipe", _HOOK)

    def entries(self) -> list[Entry[RecipeFile]]:
        """All of them, built-in ones first; of two with one name in one package, the first."""
        found: dict[str, Entry[RecipeFile]] = {}
        for vocoder in self._host.collect(_HOOK, VocoderSpec):
            for entry in recipes_of(vocoder):
                found.setdefault(entry.qualified, entry)
        return list(found.values())

    def file_for(self, vocoder: str, name_or_path: str) -> Traversable:
        """The recipe in that file, else the one of that name for a vocoder.

        What ends in `.toml` is a file; whether it is there shows when it is read.

        Raises:
            UnknownName: if there is no such vocoder.
            CallError: if it is neither a file nor a name, or the recipe is another vocoder's.
        """
        path = Path(name_or_path)
        if name_or_path.endswith(SUFFIX) or (path.exists() and not path.is_dir()):
            return path
        vocoders = self._host.collect(_HOOK, VocoderSpec)
        wanted = resolve(vocoders, vocoder, kind="vocoder", hook=_HOOK, records=self._host.records)
        own = next((entry for entry in recipes_of(wanted) if name_or_path in (entry.name, entry.qualified)), None)
        if own is not None:
            return own.spec.file
        raise CallError(self._why_not(wanted, name_or_path))

    def _why_not(self, vocoder: Entry[VocoderSpec], name: str) -> str:
        try:
            other = self.get(name)
        except UnknownName as error:
            return f"{name}: there is no such file, and {error}"
        own = ", ".join(entry.name for entry in recipes_of(vocoder))
        return (f"the recipe {name} trains {other.spec.vocoder}, not {vocoder.name}; "
                + (f"for {vocoder.name} there is: {own}" if own else f"{vocoder.name} comes with no recipe"))
