"""Mel conventions that plugins bring: names, what is shared, what is broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from plugin_fakes import module

from vocolab.catalog import Catalog
from vocolab.errors import DocumentError, UnknownName
from vocolab.mels.conventions import convention
from vocolab.plugins.check import check_plugins
from vocolab.plugins.host import PluginHost
from vocolab.plugins.specs import MelConventionSource

HIFIGAN = convention("hifigan-22k")


def guest(folder: object) -> object:
    return module("guest", vocolab_mel_conventions=lambda: [MelConventionSource(folder=folder)])  # type: ignore[arg-type]


def test_a_plugins_conventions_have_names_and_never_replace_vocolabs(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(HIFIGAN.to_toml(), encoding="utf-8")
    (tmp_path / "pwg-22k.toml").write_text(HIFIGAN.to_toml(), encoding="utf-8")
    (tmp_path / "broken.toml").write_text("[mel_spec]\n", encoding="utf-8")
    host = PluginHost(allow=frozenset())
    host.register(guest(tmp_path), "own", dist="acme")
    registry = Catalog(host).mel_conventions
    assert registry.read("mine").name == "mine" and registry.read("acme/mine").spec == HIFIGAN
    assert registry.read("pwg-22k").spec == convention("pwg-22k")
    assert registry.read("acme/pwg-22k").spec == HIFIGAN
    assert registry.read("acme/pwg-22k").name == "acme/pwg-22k"
    assert "broken" not in [known.name for known in registry.usable()]
    with pytest.raises(DocumentError, match=r"broken.toml:1: the convention does not say clamp"):
        registry.read("broken")
    with pytest.raises(UnknownName, match="Did you mean 'mine'"):
        registry.read("mines")


def test_a_hook_that_gives_something_else_costs_only_its_plugin() -> None:
    host = PluginHost(allow=frozenset())
    record = host.register(guest("no folder"), "own", dist="acme")
    assert len(Catalog(host).mel_conventions.entries()) >= 20
    assert "folder is str" in record.error


def test_a_broken_file_is_found_by_plugins_check(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("[mel_spec]\n", encoding="utf-8")
    host = PluginHost(entries=[])
    record = host.register(guest(tmp_path), "own", dist="acme")
    check_plugins(Catalog(host))
    assert record.status == "error" and "mel convention broken" in record.error


def test_a_folder_that_is_not_there_brings_nothing(tmp_path: Path) -> None:
    host = PluginHost(entries=[])
    host.register(guest(tmp_path / "missing"), "own", dist="acme")
    assert Catalog(host).mel_conventions.names() == []
