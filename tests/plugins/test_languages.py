"""Languages are plugins: found by their names and tags, built with options, and checked like all others."""

from __future__ import annotations

import pytest
from plugin_fakes import module

from vocolab.catalog import Catalog
from vocolab.errors import UnknownName
from vocolab.plugins.host import PluginHost
from vocolab.plugins.specs import LanguageSpec


def spec(name: str, *tags: str) -> LanguageSpec:
    return LanguageSpec(name=name, summary=f"The language {name}", target="plugin_fakes:Nowhere", tags=tags)


def test_languages_are_listed_and_found() -> None:
    host = PluginHost([])
    host.register(module("m", vocolab_languages=lambda: [spec("klingon", "tlh")]), "m", dist="vocolab-klingon")
    catalog = Catalog(host)
    assert catalog.languages.names() == ["klingon"]
    assert catalog.languages.get("klingon").spec.tags == ("tlh",)
    with pytest.raises(UnknownName, match=r"no language named 'klingen'\. There is: klingon \(tlh\)"):
        catalog.languages.get("klingen")


@pytest.mark.parametrize("tags", [(), ("not a tag",), ("en_US",)])
def test_a_language_states_its_tags(tags: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="give language tags such as"):
        spec("klingon", *tags)


def test_what_is_no_language_is_noted() -> None:
    host = PluginHost([])
    record = host.register(module("m", vocolab_languages=lambda: ["klingon"]), "m")
    assert Catalog(host).languages.entries() == []
    assert "not a LanguageSpec" in record.error
