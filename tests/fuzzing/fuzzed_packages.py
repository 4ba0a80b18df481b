"""What plugins and packages of voices bring: manifests, and voices that are added and packed."""

from __future__ import annotations

import functools
import importlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from mutations import mutated_values
from target import Target, seed, text_of, variable

_MANIFEST = """interface = 1
[[effects]]
name = "tape"
summary = "Tape saturation"
[[presets]]
folder = "presets"
[[voices]]
name = "anna"
summary = "A voice"
model = "griffinlim"
file = "anna.safetensors"
rank = 2
[[languages]]
name = "klingon"
summary = "tlh"
tags = ["tlh"]
[[commands]]
name = "hiss"
summary = "Hiss"
target = "fuzzed_package.commands:hiss"
"""


def _manifest(path: Path) -> Any:
    """A plugin of that manifest, listed."""
    from plugin_fakes import entry_point

    from vocolab.catalog import Catalog
    from vocolab.plugins.host import PluginHost

    folder = path.parent / "fuzzed_package"
    (folder / "presets").mkdir(parents=True, exist_ok=True)
    for name in ("__init__.py", "plugin.py", "anna.safetensors"):
        (folder / name).touch()
    path.replace(folder / "plugin.toml")
    sys.path.insert(0, str(path.parent))
    importlib.invalidate_caches()
    try:
        host = PluginHost([entry_point("tape", "fuzzed_package.plugin", "vocolab-tape")])
        catalog = Catalog(host)
        catalog.collect_all()
        for one in (*catalog.effects.entries(), *catalog.languages.entries(), *catalog.voices.ranked()):
            assert f"{one.name} {one.summary}"
    finally:
        sys.path.remove(str(path.parent))
    return _told(host)


def _checked(path: Path) -> Any:
    """A plugin with a mel convention of its own, examined by `vocolab plugins check`."""
    from plugin_fakes import entry_point, module

    from vocolab.catalog import Catalog
    from vocolab.plugins.check import check_plugins
    from vocolab.plugins.host import PluginHost
    from vocolab.plugins.specs import MelConventionSource

    (path.parent / "conventions").mkdir(exist_ok=True)
    path.replace(path.parent / "conventions" / "own.toml")
    source = MelConventionSource(folder=path.parent / "conventions")
    sys.modules["fuzzed_conventions"] = module("fuzzed_conventions", vocolab_mel_conventions=lambda: [source])
    try:
        host = PluginHost([entry_point("own", "fuzzed_conventions", "vocolab-own")])
        check_plugins(Catalog(host))
    finally:
        del sys.modules["fuzzed_conventions"]
    return _told(host)


def _told(host: Any) -> str:
    """The record, or the problem that it holds."""
    from vocolab.errors import PluginError

    if said := host.records[0].error:
        raise PluginError(said)
    return str(host.records[0])


@functools.cache
def _catalog() -> Any:
    from vocolab.catalog import Catalog

    return Catalog.installed(no_plugins=True)


def _added(path: Path) -> Any:
    from vocolab.voices.adding import add_voice

    with variable("VOCOLAB_VOICES", str(path.parent / "voices")):
        return add_voice(str(path), replace=True).sha256


def _packed(path: Path) -> Any:
    from vocolab.voices.packing import voice_package, write_wheel

    return write_wheel(voice_package(_catalog(), str(path), licence="CC0-1.0", name="anna"), path.parent)


def _packed_description(path: Path) -> Any:
    """A voice of that description, packed: of its weights the checksum is right."""
    from safetensors.numpy import save

    place = path.with_name("anna.safetensors")
    place.write_bytes(save({"w": np.arange(4, dtype=np.float32)}, metadata={"vocolab": text_of(path)}))
    return _packed(place)


def _description() -> list[bytes]:
    header = _voice()[8 : 8 + int.from_bytes(_voice()[:8], "little")]
    return [json.loads(header)["__metadata__"]["vocolab"].encode()]


def _convention_seed() -> list[bytes]:
    folder = Path(importlib.import_module("vocolab_conventions").__file__ or "").parent
    return [next(iter(sorted((folder / "conventions").glob("*.toml")))).read_bytes()]


@functools.cache
def _voice() -> bytes:
    import tempfile

    from vocolab.mels.spec import MelSpec
    from vocolab.voice import Voice

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "a.safetensors")
        Voice("griffinlim", {}, MelSpec(sample_rate=22050), {"w": np.arange(4, dtype=np.float32)},
              {"licence": "CC0-1.0", "data": "a|b\nc"}).save(file)
        return file.read_bytes()


TARGETS: dict[str, Target] = {
    "manifest": Target("plugin.toml", _manifest, seed(_MANIFEST)),
    "plugins check": Target("own.toml", _checked, _convention_seed),
    "description that is packed": Target("description", _packed_description, _description, mutated_values, cost=2),
    "voice that is added": Target("anna.safetensors", _added, lambda: [_voice()]),
    "voice that is packed": Target("anna.safetensors", _packed, lambda: [_voice()], cost=2),
}
