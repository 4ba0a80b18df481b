"""The languages that are installed, by name and by tag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vocolab.catalog.components import Registry, build
from vocolab.errors import CallError, UnknownName
from vocolab.options import make_options
from vocolab.plugins.host import HOME, Entry, PluginHost
from vocolab.plugins.specs import LanguageSpec

if TYPE_CHECKING:
    from vocolab.texts.language import Language


class LanguageRegistry(Registry[LanguageSpec]):
    """The languages."""

    def __init__(self, host: PluginHost) -> None:
        super().__init__(host, "language", "vocolab_languages", LanguageSpec)

    def create(self, name: str, values: dict[str, Any] | None = None) -> Language:
        """A language with the options `values`.

        Raises:
            UnknownName, OptionError: if there is no such language or option.
            PluginError: if the plugin is broken, DependencyMissing if a package is not installed.
        """
        entry = self.get(name)
        language: Language = build(entry, make_options(entry.spec.options, dict(values or {}), owner=entry.name))
        return language

    def get(self, name: str) -> Entry[LanguageSpec]:
        """The language of a name, "english", or of a tag, "en-US" or "en".

        Raises:
            UnknownName: if there is none; lists names and tags of those there are.
            CallError: if several packages have it.
        """
        if "/" not in name and (tagged := self._tagged(name, HOME)):  # before any other package is imported
            return tagged[0]
        try:
            return super().get(name)
        except UnknownName as error:
            tagged = self._tagged(name)
            if len(tagged) > 1:
                choices = " or ".join(repr(entry.qualified) for entry in tagged)
                raise CallError(f"several packages have a language for {name!r}: write {choices}") from error
            if tagged:
                return tagged[0]
            known = [f"{entry.name} ({', '.join(entry.fact('tags'))})" for entry in self.entries()]
            hint = error.hint or f"There is: {', '.join(known) or 'none'}"
            raise UnknownName(self.kind, name, error.available, hint=hint) from None

    def _tagged(self, tag: str, dist: str = "") -> list[Entry[LanguageSpec]]:
        return [entry for entry in self.entries(dist) if any(same_language(tag, one) for one in entry.fact("tags"))]

    def default(self) -> Entry[LanguageSpec]:
        """The language that is taken where nothing is said: the only one, else the built-in one.

        Raises:
            CallError: if there is none, or several and none of them is built in.
        """
        chosen = self.entries(HOME) or self.entries()
        if len(chosen) != 1:
            names = ", ".join(entry.qualified for entry in chosen)
            raise CallError(f"name a language; there is: {names}" if names else "no language is installed")
        return chosen[0]


def same_language(wanted: str, tag: str) -> bool:
    """Whether a tag is the wanted one, in any case: "en-us" and "en-US"."""
    return wanted.replace("_", "-").lower() == tag.lower()
