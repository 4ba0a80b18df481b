"""What is installed is looked for once, and again once something has been installed."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest

from vocolab.plugins.hookspecs import GROUP
from vocolab.plugins.host import PluginHost
from vocolab.plugins.installed import entry_points, package_of


def install(site: Path, name: str, version: str) -> None:
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {name}.plugin\n")


def test_the_second_look_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [package_of(entry) for entry in entry_points(group=GROUP)]

    def looked(**_: object) -> None:
        raise AssertionError("looked again")

    monkeypatch.setattr(importlib.metadata, "entry_points", looked)
    monkeypatch.setattr(importlib.metadata.PathDistribution, "read_text", looked)
    assert [package_of(entry) for entry in entry_points(group=GROUP)] == known


def test_what_comes_later_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry_points(group=GROUP)
    monkeypatch.syspath_prepend(str(tmp_path))
    install(tmp_path, "vocolab_one", "1.0")
    packages = {package_of(entry) for entry in entry_points(group=GROUP)}
    assert ("vocolab_one", "1.0") in packages
    install(tmp_path, "vocolab_two", "2.0")
    assert packages | {("vocolab_two", "2.0")} == {package_of(entry) for entry in entry_points(group=GROUP)}


def test_an_entry_without_a_package_is_local() -> None:
    entry = importlib.metadata.EntryPoint("loose", "nowhere.plugin", GROUP)
    assert package_of(entry) is None
    (record,) = PluginHost([entry]).records
    assert (record.dist, record.version) == ("local", "0")
