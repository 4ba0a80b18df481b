"""pedalboard is for two effects; everything else works where it is left out."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import vocolab
from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.chain.presets import read_preset
from vocolab.cli.main import run
from vocolab.errors import DependencyMissing
from vocolab.plugins.host import PluginHost

BUILTIN = Catalog(PluginHost(allow=frozenset()))
ITS_OWN = {"reverb", "vst3"}
OF_A_FILE = {"match"}
"""Effects that do nothing without a recording."""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def no_pedalboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """No import of it succeeds, and what has imported it before is imported again."""
    for name in [name for name in sys.modules if name.partition(".")[0] in ("pedalboard", "pedalboard_native")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pedalboard", None)
    for name in ITS_OWN:
        monkeypatch.delitem(sys.modules, f"vocolab_mastering.{name}", raising=False)


def noise() -> Audio:
    return Audio.mono(0.1 * np.random.default_rng(0).standard_normal(48_000), 48_000)


@pytest.mark.parametrize("name", [name for name in BUILTIN.effects.names() if name not in ITS_OWN | OF_A_FILE])
def test_every_other_effect_works(name: str) -> None:
    assert np.isfinite(BUILTIN.effects.create(name)(noise()).samples).all()


@pytest.mark.parametrize("name", sorted(ITS_OWN))
def test_its_own_say_what_is_missing(name: str) -> None:
    with pytest.raises(DependencyMissing, match="pedalboard"):
        BUILTIN.effects.create(name, {"path": "a.vst3"} if name == "vst3" else {})


@pytest.mark.parametrize("name", BUILTIN.presets.names())
def test_every_preset_is_built(name: str) -> None:
    assert read_preset(name, BUILTIN).summary


def test_the_commands_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    noise().save("a.wav")
    assert run(["mel", "a.wav", "--mel-spec", "hifigan-22k", "-o", "a.safetensors"]) == 0
    assert run(["render", "a.safetensors", "--vocoder", "griffinlim", "-o", "b.wav"]) == 0
    assert run(["master", "a.wav", "--preset", "broadcast", "-o", "c.mp3"]) == 0
    assert run(["measure", "c.mp3", "--preset", "broadcast"]) == 0
    assert run(["plugins"]) == 0


def test_importing_vocolab_does_not_try() -> None:
    assert vocolab.preset("broadcast").effects


def test_only_its_own_modules_import_it() -> None:
    files = [*ROOT.glob("vocolab/**/*.py"), *ROOT.glob("plugins/**/*.py")]
    importing = {file.stem for file in files if "import pedalboard" in file.read_text(encoding="utf-8")}
    assert importing == ITS_OWN
