"""Languages are a kind of plugin: found by name and tag, built with options, refused where they are broken."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from vocolab.catalog import Catalog
from vocolab.errors import CallError, PluginError, UnknownName
from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.host import PluginHost
from vocolab.plugins.specs import LanguageSpec
from vocolab.texts.opening import open_speaker, speak

sys.path.insert(0, str(Path(__file__).parent.parent / "texts"))


def spec(name: str = "tiny", *, target: str = "tiny_language:TinyLanguage", **values: object) -> LanguageSpec:
    return LanguageSpec(name=name, summary="Letters", target=target, **{"tags": ("en-US", "en"), **values})  # type: ignore[arg-type]


def catalog(*plugins: tuple[str, LanguageSpec]) -> Catalog:
    host = PluginHost([])
    for dist, one in plugins:
        plugin = SimpleNamespace(vocolab_languages=hookimpl(lambda one=one: [one]))
        host.register(plugin, one.name, dist=dist)
    return Catalog(host)


@pytest.mark.parametrize("name", ["tiny", "en-US", "EN_us", "en", "vocolab-tiny/tiny"])
def test_a_language_is_found_by_name_and_tag(name: str) -> None:
    assert catalog(("vocolab-tiny", spec())).languages.get(name).name == "tiny"


def test_what_is_not_there_is_named_with_what_is() -> None:
    with pytest.raises(UnknownName, match=r"no language named 'fr'\. There is: tiny \(en-US, en\)"):
        catalog(("vocolab-tiny", spec())).languages.get("fr")


def test_the_default_is_the_only_one_or_the_built_in_one() -> None:
    both = (("vocolab-tiny", spec()), ("vocolab", spec("home")))
    assert catalog(both[0]).languages.default().name == "tiny"
    assert catalog(*both).languages.default().name == "home"
    with pytest.raises(CallError, match="name a language; there is: a/tiny, b/other"):
        catalog(("a", spec()), ("b", spec("other"))).languages.default()
    with pytest.raises(CallError, match="no language is installed"):
        catalog().languages.default()


def test_a_language_of_another_package_speaks() -> None:
    spoken = speak(open_speaker(catalog(("vocolab-tiny", spec()))), "Ab 1")
    assert [word.phonemes for word in spoken.words] == [("A", "B"), ("O", "N", "E")]


@pytest.mark.parametrize("tags", [(), ("e",), ("en US",), "en"])
def test_a_tag_has_to_be_one(tags: object) -> None:
    with pytest.raises(ValueError, match="give language tags"):
        spec(tags=tags)


def test_a_class_without_the_methods_is_a_broken_plugin() -> None:
    broken = catalog(("x", spec(target="collections:Counter")))
    with pytest.raises(PluginError, match="has no method 'normalise'"):
        broken.languages.create("tiny")
