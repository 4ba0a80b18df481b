"""Tests that keep the plugin design true: light imports, documented hooks, targets that exist, presets that hold."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from plugin_fakes import effect, module, vocoder, voice

from vocolab import toml
from vocolab.catalog import Catalog
from vocolab.catalog.presets import PresetFile, builtin_folder
from vocolab.chain.presets import check_preset, read_preset
from vocolab.errors import DependencyMissing
from vocolab.plugins import hookspecs
from vocolab.plugins.check import check_plugins
from vocolab.plugins.declared import declared_commands
from vocolab.plugins.host import Entry, PluginHost
from vocolab.plugins.specs import CommandSpec
from vocolab.plugins.targets import load_target
from vocolab.testing import HEAVY, EffectContract
from vocolab.testing.packages import PackageContract

ROOT = Path(__file__).resolve().parents[2]
HOOKS = [name for name, value in vars(hookspecs).items() if name.startswith("vocolab_") and callable(value)]
BUILTIN = Catalog(PluginHost(allow=frozenset()))


def imported_by(code: str) -> set[str]:
    """Which heavy packages a fresh interpreter has loaded after `code`."""
    report = f"{code}\nimport sys\nprint(*sorted(set(sys.modules) & set({HEAVY!r})))"
    result = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=False, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split("\n")[-2].split())


@pytest.mark.parametrize(
    "code",
    [
        "import vocolab",
        "import vocolab.cli.main",
        "from vocolab.catalog import Catalog; c = Catalog.installed(); c.collect_all(); c.voices.best()",
        "from vocolab.cli.main import run; assert run(['--help']) == 0",
        "from vocolab.cli.main import run; assert run(['effects']) == 0",
        "from vocolab.cli.main import run; assert run(['presets']) == 0",
    ],
)
def test_listing_what_there_is_imports_nothing_heavy(code: str) -> None:
    assert imported_by(code) == set()


def headings() -> dict[str, str]:
    """The hooks that the page for authors has a heading for, with the signature that it gives them."""
    text = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    return {name: whole for whole, name in re.findall(r"^### `((\w+)\(.*)`$", text, re.MULTILINE)}


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_documented_with_its_signature(hook: str) -> None:
    signature = str(inspect.signature(getattr(hookspecs, hook))).replace("'", "")
    assert headings().get(hook) == f"{hook}{signature}"


def test_every_documented_hook_is_there() -> None:
    assert set(headings()) == set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_is_tested(hook: str) -> None:
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").glob("*/test_*.py")]
    assert any(f"{hook}=" in text for text in tests), f"no test of the host has a plugin with {hook}"


def components() -> list[Any]:
    registries = (BUILTIN.vocoders, BUILTIN.acoustic_models, BUILTIN.effects, BUILTIN.commands)
    entries: list[Entry[Any]] = [entry for registry in registries for entry in registry.entries()]
    return [pytest.param(entry, id=entry.qualified) for entry in entries]


def test_no_builtin_plugin_fails() -> None:
    BUILTIN.collect_all()
    assert [(record.name, record.error) for record in BUILTIN.host.records if record.builtin and record.error] == []


def test_what_built_in_manifests_say_is_what_their_hooks_give() -> None:
    """Commands stand in one all of them: `--help` knows them by nothing else."""
    host = PluginHost(allow=frozenset())
    for record in (record for record in host.records if record.builtin and record.has_manifest):
        made = type("Whole", (PackageContract,), {"host": host, "record": record})()
        made.test_its_manifest_says_what_its_hooks_give()
    given = [spec.name for record in host.records for spec in host.given_by(record, "vocolab_commands", CommandSpec)]
    assert set(declared_commands("vocolab")) == set(given) != set()
    assert declared_commands("vocolab", frozenset({"server"})) == {}


@pytest.mark.parametrize("entry", components())
def test_every_target_imports_and_meets_its_interface(entry: Entry[Any]) -> None:
    try:
        load_target(entry)
        for which in getattr(entry.spec, "FUNCTIONS", ()):
            if getattr(entry.spec, which):
                load_target(entry, which)
    except DependencyMissing as error:
        if not entry.spec.extra:
            raise
        pytest.skip(str(error))


@pytest.mark.parametrize("entry", components())
def test_every_option_is_described_and_has_a_default(entry: Entry[Any]) -> None:
    options = getattr(entry.spec, "options", None)
    if options is not None:
        options()
        assert [name for name, field in options.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("file", [pytest.param(file, id=file.name) for file in builtin_folder().iterdir()])
def test_every_shipped_preset_becomes_a_chain(file: Any) -> None:
    preset = read_preset(PresetFile(file.name.removesuffix(".toml"), file), BUILTIN)
    assert preset.summary


def test_the_builtin_presets_need_no_other_package() -> None:
    assert {"none", "broadcast", "podcast", "audiobook"} <= set(BUILTIN.presets.names())


# Examples in the documentation.

TEXTS = [path for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if path.is_file()]


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in TEXTS])
def test_examples_name_what_there_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for kind, registry in (("vocoder", BUILTIN.vocoders), ("preset", BUILTIN.presets), ("effect", BUILTIN.effects)):
        said = re.findall(rf"(?:--{kind} |{kind}=\"|vocolab\.{kind}\(\")([a-z][a-z0-9-]*)(?![\w./-])", text)
        assert set(said) <= set(registry.names()), f"{path.name}: {kind} {set(said) - set(registry.names())}"


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in TEXTS])
def test_example_presets_hold(path: Path, tmp_path: Path) -> None:
    """Every TOML block is TOML; presets are right but for what only the page's own example packages have."""
    for block in blocks(path, "toml"):
        assert toml.loads(block)
        if "format" not in toml.loads(block):
            continue
        block = re.sub(r"(?m)^requires = .*vocolab-saturate.*\n", "", block)
        block = re.sub(r'(?m)^use = "(?:vocolab-saturate/\w+|warm)"\n(?:\w+ = .*\n)*', 'use = "highpass"\n', block)
        file = tmp_path / "example.toml"
        file.write_text(block)
        check_preset(str(file), BUILTIN)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in TEXTS])
def test_example_code_compiles(path: Path) -> None:
    for block in blocks(path, "python"):
        compile(block, path.name, "exec")


def test_the_authors_example_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package of docs/plugins.md, as it is printed, passes the contract that it is told to test with."""
    page = ROOT / "docs" / "plugins.md"
    plugin, saturator = (next(block for block in blocks(page, "python") if word in block) for word in
                         ("class SaturateOptions", "class Saturator"))
    folder = tmp_path / "vocolab_saturate"
    folder.mkdir()
    for name, text in (("__init__", ""), ("plugin", plugin), ("saturator", saturator)):
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    from vocolab_saturate.plugin import vocolab_effects  # type: ignore[import-not-found]

    contract = type("Saturate", (EffectContract,), {
        "spec": next(iter(vocolab_effects())), "options": {"drive_db": 3.0}, "module": "vocolab_saturate.plugin",
    })()
    for name in dir(contract):
        if name.startswith("test_"):
            getattr(contract, name)()


# The closer check.


def test_a_closer_check_blames_the_right_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "needs_more.py").write_text("import a_package_that_nobody_has\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    host = PluginHost([])
    host.register(module("fine", vocolab_effects=lambda: [effect("gain")]), "fine", dist="a")
    host.register(
        module(
            "bad",
            vocolab_effects=lambda: [
                effect("gone", "not_there_at_all:X"), effect("optional", "needs_more:X", extra="y"),
                effect("needy", "needs_more:X"),
            ],
            vocolab_vocoders=lambda: [vocoder("half", converter="plugin_fakes:nothing")],
            vocolab_voices=lambda: [voice("mute", "half", tmp_path / "mute.safetensors")],
        ),
        "bad", dist="b",
    )
    check_plugins(Catalog(host))
    fine, bad = host.records
    assert fine.error == ""
    assert set(bad.failures) == {"effect gone", "effect needy", "vocoder half", "voice mute"}


def test_requirements_are_read_as_they_are_meant() -> None:
    from vocolab.plugins.requirements import requirement_problem

    for met in ("numpy", "numpy>=1.0", "not-installed; python_version < '3'", "not-installed; extra == 'x'"):
        assert requirement_problem(met) == ""
    assert "numpy>=1000 is required and" in requirement_problem("numpy>=1000")
    assert requirement_problem("vocolab-nobody>=1") == (
        "vocolab-nobody is not installed: pip install 'vocolab-nobody>=1'"
    )

