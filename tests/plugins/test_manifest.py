"""What a manifest says is listed without importing the plugin; what is used is imported then."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from plugin_fakes import effect, entry_point, module, voice

from vocolab.catalog import Catalog
from vocolab.errors import CallError, PluginError, UnknownName
from vocolab.plugins.host import PluginHost

MANIFEST = """
interface = 1
[[effects]]
name = "tape"
summary = "Tape saturation"
[[effects]]
name = "ghost"
summary = "Not in the hook"
[[presets]]
folder = "presets"
[[commands]]
name = "hiss"
summary = "Hiss"
target = "tape_package.commands:hiss"
"""
PLUGIN = """
from plugin_fakes import effect
from vocolab import hookimpl

@hookimpl
def vocolab_effects():
    return [effect("tape")]
"""


def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugin: str, manifest: str | None = MANIFEST) -> Any:
    folder = tmp_path / "tape_package"
    (folder / "presets").mkdir(parents=True)
    (folder / "presets" / "warm.toml").write_text('format = 1\nsummary = "Warm"\n[[effects]]\nuse = "gain"\n')
    (folder / "__init__.py").touch()
    (folder / "plugin.py").write_text(plugin)
    if manifest is not None:
        (folder / "plugin.toml").write_text(manifest)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("tape_package")]:
        monkeypatch.delitem(sys.modules, name)
    return entry_point("tape", "tape_package.plugin", "vocolab-tape")


def test_listing_imports_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = PluginHost([package(tmp_path, monkeypatch, PLUGIN)])
    catalog = Catalog(host)
    catalog.collect_all()
    assert [(entry.name, entry.summary) for entry in catalog.effects.entries()] == [
        ("tape", "Tape saturation"), ("ghost", "Not in the hook")
    ]
    assert catalog.presets.get("warm").dist == "vocolab-tape" and catalog.commands.get("hiss").summary == "Hiss"
    assert "tape_package" not in sys.modules and host.records[0].error == ""
    assert catalog.effects.create("tape") is not None and "tape_package.plugin" in sys.modules


MODELS = """
interface = 1
[[vocoders]]
name = "hum"
summary = "Hums"
needs_voice = false
trainer = "tape_package.training:build"
recipes = "recipes"
[[models]]
name = "counter"
kind = "word counter"
summary = "Counts"
[[languages]]
name = "hummish"
summary = "Hummed"
tags = ["art-x-hum"]
[[engines]]
name = "crank"
summary = "Turned by hand"
packages = ["a_package_that_nobody_has"]
rank = 1000
"""


def test_listings_import_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Models, vocoders, languages, engines and recipes, though the plugin can't even be imported."""
    from vocolab.cli.main import run

    host = PluginHost([package(tmp_path, monkeypatch, "1 / 0\n", MODELS)])
    (tmp_path / "tape_package" / "recipes").mkdir()
    (tmp_path / "tape_package" / "recipes" / "hum-22k.toml").write_text("nothing")
    monkeypatch.setattr(Catalog, "installed", classmethod(lambda cls, **_: Catalog(host)))
    said = {}
    for name in ("models", "vocoders", "languages", "engines", "recipes"):
        for form in ([name], [name, "--json"]):
            assert run(form) == 0
            said[form[-1], name] = capsys.readouterr().out
    assert "tape_package" not in sys.modules and host.records[0].error == ""
    assert "word counter" in said["models", "models"] and "needs none" in said["vocoders", "vocoders"]
    assert "train" in said["models", "models"]
    assert "'vocolab vocoders NAME' asks it (hum)" in said["vocoders", "vocoders"]
    assert "art-x-hum" in said["languages", "languages"] and "hum-22k" in said["recipes", "recipes"]
    assert "not installed" in said["engines", "engines"] and '"options": null' in said["--json", "vocoders"]
    assert run(["vocoders", "hum"]) == 1 and "hum: can't be used: ZeroDivisionError" in capsys.readouterr().err


def test_what_the_hook_does_not_have_is_said_when_it_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(PluginHost([package(tmp_path, monkeypatch, PLUGIN)]))
    with pytest.raises(PluginError, match=r"^vocolab-tape 0\.3\.0: ghost: can't be used: its manifest has it"):
        catalog.effects.create("ghost")


@pytest.mark.parametrize("plugin", ["1 / 0\n", "raise SystemExit(3)\n", "import time; time.sleep(60)\n"])
def test_a_broken_module_breaks_what_is_used_of_it(
    plugin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vocolab.plugins.host.IMPORT_LIMIT_S", 0.3)
    catalog = Catalog(PluginHost([package(tmp_path, monkeypatch, plugin)]))
    assert catalog.presets.get("warm").name == "warm" and "tape" in catalog.effects.names()
    with pytest.raises(PluginError, match=r"^vocolab-tape 0\.3\.0: tape: can't be used: "):
        catalog.effects.create("tape")


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("interface = ", "plugin.toml"), ("", "state the version"), ("interface = 2", "written for version 2"),
        ("interface = 1\n[[effect]]", "unknown: effect"), ("interface = 1\n[[effects]]\nname = 'x'", "lacks summary"),
        ("interface = 1\n[[presets]]\nfolder = '../..'", "not in the package"), ("interface = 1\neffects = 3", "list"),
        ("interface = true", "state the version"), ("interface = 1\n[[effects]]\nname='x'\nsummary='y'\nz=1", "has z"),
    ],
)
def test_a_manifest_that_can_t_be_used(
    manifest: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = PluginHost([package(tmp_path, monkeypatch, PLUGIN, manifest)])
    assert words in host.records[0].error and "tape_package" not in sys.modules


def test_a_later_interface_of_the_module_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = PluginHost([package(tmp_path, monkeypatch, PLUGIN + "vocolab_interface = 2\n", None)])
    host.load_all()
    assert "written for version 2 of the plugin interface" in host.records[0].error


def test_an_optional_hook_of_a_later_version_does_no_harm() -> None:
    import pluggy

    made = module("m", vocolab_effects=lambda: [effect("tape")])
    made.vocolab_codecs = pluggy.HookimplMarker("vocolab")(lambda: [], optionalhook=True)  # type: ignore[attr-defined]
    host = PluginHost([])
    assert host.register(made, "m").error == ""


# Names.


def claimed(first: tuple[str, ...] = ()) -> Catalog:
    host = PluginHost([], first=first)
    for dist in ("vocolab", "vocolab-b", "vocolab-a"):
        names = ["gain"] if dist == "vocolab" else ["gain", "tape"]
        made = module(dist, vocolab_effects=lambda names=names: [effect(name) for name in names])
        host.register(made, dist, dist=dist)
    return Catalog(host)


def test_built_in_names_win_unless_the_configuration_says_otherwise() -> None:
    assert claimed().effects.get("gain").dist == "vocolab"
    assert claimed(("vocolab-b",)).effects.get("gain").dist == "vocolab-b"
    assert claimed(("vocolab-b",)).effects.get("tape").dist == "vocolab-b"
    assert claimed().effects.get("vocolab-a/gain").dist == "vocolab-a"


def test_two_claimants_are_both_named() -> None:
    with pytest.raises(CallError, match="'vocolab-a/tape' or 'vocolab-b/tape'"):
        claimed().effects.get("tape")


def test_a_built_in_name_imports_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = PluginHost([package(tmp_path, monkeypatch, "1 / 0\n", None)])
    host.register(module("home", vocolab_effects=lambda: [effect("gain")]), "home", dist="vocolab")
    catalog = Catalog(host)
    assert catalog.effects.get("gain").builtin and "tape_package" not in sys.modules
    assert host.failed == []
    with pytest.raises(UnknownName, match="failed to load and may have had it"):
        catalog.effects.get("tape")


def test_where_the_best_voice_is_broken_the_next_is_taken(tmp_path: Path) -> None:
    import numpy as np
    from plugin_fakes import vocoder

    from vocolab.mels.spec import MelSpec
    from vocolab.rendering import open_vocoder
    from vocolab.voice import Voice

    good, torn = tmp_path / "good.safetensors", tmp_path / "torn.safetensors"
    Voice("env", {}, MelSpec(sample_rate=22050), {"w": np.ones(9, np.float32)}).save(good)
    torn.write_bytes(good.read_bytes()[:-5])
    host = PluginHost([])
    host.register(
        module("m", vocolab_vocoders=lambda: [vocoder("env")], vocolab_voices=lambda: [
            voice("gone", "env", tmp_path / "gone.safetensors", 9), voice("torn", "env", torn, 8),
            voice("good", "env", good, 1)]),
        "m", dist="vocolab-m",
    )
    notes: list[str] = []
    renderer = open_vocoder(Catalog(host), on_note=notes.append)
    assert renderer.voice_name == "vocolab-m/good"
    (note,) = notes
    assert "vocolab-m/gone can't be used" in note and note.endswith("vocolab-m/good takes its place")


@pytest.mark.parametrize(("manifest", "words"), [
    ("interface = 1\n" + "#" * 1_000_001, "larger than 1 MB"),
    ("interface = 1\n[[effects]]\nname = [1]\nsummary = 's'", "name: texts in quotes"),
    ("interface = 1\n[[effects]]\nname = 'a'\nsummary = {b = 1}", "summary: texts in quotes"),
    ("interface = 1\n[[effects]]\nname = 'a/b'\nsummary = 's'", "name: texts in quotes"),
    ('interface = 1\n[[effects]]\nname = "a"\nsummary = "s\\nfake  line"', "summary: texts in quotes"),
    ("interface = 1\n[[effects]]\nname = 'a'\nsummary = '" + "s" * 501 + "'", "summary: texts in quotes"),
    ("interface = 1" + "\n[[effects]]\nname = 'a'\nsummary = 's'" * 2, "more than once"),
    ("interface = 1\n[[languages]]\nname = 'a'\nsummary = 's'\ntags = 'en'", "tags: texts in quotes"),
    ("interface = 1\n[[voices]]\nname = 'a'\nsummary = 's'\nmodel = 'm'\nfile = 'f'\nrank = true", "rank: texts"),
    ("interface = 1\n[[presets]]\nfolder = '../..'", "not in the package's folder"),
    ("interface = 1\n" + "a." * 40 + "b = 1", "more than 32 parts"),
])
def test_a_manifest_that_means_harm_costs_its_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, manifest: str, words: str
) -> None:
    host = PluginHost([package(tmp_path, monkeypatch, PLUGIN, manifest)])
    Catalog(host).collect_all()
    assert words in host.records[0].error
