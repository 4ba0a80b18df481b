"""Three failures that users must not confuse: a package missing, a plugin broken, an interface not met."""

from __future__ import annotations

from pathlib import Path

import pytest
from plugin_fakes import Gain, effect, vocoder

from vocolab.errors import DependencyMissing, PluginError
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import CommandSpec
from vocolab.plugins.targets import load_target

MODULES = {
    "fine.py": "class Fine:\n    def __call__(self, audio): return audio\n",
    "needs.py": "import package_that_nobody_has.part\n",
    "own_typo.py": "import p_targets.not_there\n",
    "crashes.py": "1 / 0\n",
    "exits.py": "raise SystemExit(1)\n",
    "wrong_part.py": "import json.not_a_part_of_json\n",
    "renamed.py": "from json import gone\n",
    "by_hand.py": "raise ModuleNotFoundError('no accelerator')\n",
    "lacks.py": "class Lacks:\n    def __init__(self, options): pass\nvalue = 3\n",
    "abstract.py": (
        "from abc import ABC, abstractmethod\n"
        "class Half(ABC):\n"
        "    def __call__(self, audio): return audio\n"
        "    @abstractmethod\n"
        "    def open(self): ...\n"
    ),
}


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "p_targets"
    folder.mkdir()
    (folder / "__init__.py").touch()
    for name, text in MODULES.items():
        (folder / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))


def message(target: str, *, dist: str = "vocolab-x", extra: str = "") -> str:
    with pytest.raises(PluginError) as caught:
        load_target(Entry(effect("fine", target, extra=extra), dist))
    return f"{type(caught.value).__name__}: {caught.value}"


def test_a_class_in_order_is_given_back() -> None:
    assert load_target(effect("gain", "plugin_fakes:Gain")) is Gain


def test_a_missing_package_names_it_and_how_to_get_it() -> None:
    with pytest.raises(DependencyMissing, match=r"needs 'package_that_nobody_has'.*pip install 'vocolab-x.neural.'$"):
        load_target(Entry(effect("fine", "p_targets.needs:Fine", extra="neural"), "vocolab-x"))


def test_installing_again_what_is_installed_is_nobodys_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the package states and lacks is named; of what it forgot to state it is said whose fault that is."""
    needy = Entry(effect("fine", "p_targets.needs:Fine"), "vocolab-x")
    with pytest.raises(DependencyMissing, match=r"vocolab-x does not state it .* its author has to mend$"):
        load_target(needy)
    info = tmp_path / "vocolab_x-1.0.dist-info"
    info.mkdir()
    stated = "Requires-Dist: package-that-nobody-has>=2\nRequires-Dist: numpy\nRequires-Dist: other; extra == 'more'\n"
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: vocolab-x\nVersion: 1.0\n{stated}")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(DependencyMissing, match=r"not installed: pip install 'package-that-nobody-has>=2'$"):
        load_target(needy)


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("p_targets.nowhere:Fine", "p_targets.nowhere, which does not exist"),
        ("p_targets.own_typo:Fine", "p_targets.not_there, which does not exist"),
        ("p_targets.crashes:Fine", "ZeroDivisionError"),
        ("p_targets.exits:Fine", "SystemExit"),
        ("p_targets.wrong_part:Fine", "json.not_a_part_of_json"),
        ("p_targets.renamed:Fine", "ImportError"),
        ("p_targets.by_hand:Fine", "no accelerator"),
        ("p_targets.fine:Fin", "has no 'Fin'"),
        ("p_targets.lacks:Lacks", "no method '__call__'"),
        ("p_targets.lacks:value", "no class but int"),
        ("p_targets.abstract:Half", "does not define open"),
    ],
)
def test_a_broken_plugin_is_not_called_a_missing_package(target: str, words: str) -> None:
    text = message(target)
    assert text.startswith("PluginError: ") and words in text
    assert "vocolab-x" in text


def test_the_cause_is_kept_for_debugging() -> None:
    with pytest.raises(PluginError) as caught:
        load_target(effect("fine", "p_targets.crashes:Fine"))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_the_interface_of_a_vocoder_is_held() -> None:
    with pytest.raises(PluginError, match="no method 'render'"):
        load_target(vocoder("v", "plugin_fakes:Gain"))


def test_converters_and_trainers_load_too() -> None:
    spec = vocoder("v", converter="json:loads")
    assert callable(load_target(spec, "converter"))
    with pytest.raises(PluginError, match="has no trainer"):
        load_target(spec, "trainer")


def test_a_command_has_to_be_a_click_command() -> None:
    with pytest.raises(PluginError, match="no click command"):
        load_target(Entry(CommandSpec(name="x", summary="X", target="json:loads"), "vocolab-x"))
