"""Which engine `auto` takes: the one that was faster with the voice, measured once."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from tiny_engine_voices import hifigan

from vocolab.catalog import Catalog
from vocolab.engines import EngineChoice
from vocolab.engines.interfaces import Settings
from vocolab.options import Options
from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import EngineSpec
from vocolab.rendering import open_vocoder

pytest.importorskip("onnxruntime")
LOADED: list[str] = []


class Quick:
    """ONNX Runtime, which says when it is loaded."""

    wait_s = 0.0

    def __init__(self, options: Options) -> None:
        from vocolab_engines.onnx_engine import OnnxEngine

        self._inner = OnnxEngine(options)
        self.version, self.has_fast = self._inner.version, False

    def compile(self, graph: bytes, settings: Settings) -> bytes:
        return self._inner.compile(graph, settings)

    def load(self, compiled: bytes, settings: Settings):  # type: ignore[no-untyped-def]
        LOADED.append(type(self).__name__)
        execution = self._inner.load(compiled, settings)

        def run(*inputs):  # type: ignore[no-untyped-def]
            until = time.process_time() + self.wait_s  # work, which CPU time counts
            while time.process_time() < until:
                pass
            return execution(*inputs)

        return run


class Slow(Quick):
    """The same, later."""

    wait_s = 0.1


class Broken(Quick):
    """One that runs nothing."""

    def compile(self, graph: bytes, settings: Settings) -> bytes:
        raise RuntimeError("no kernel")


def with_engines(monkeypatch: pytest.MonkeyPatch, *classes: type) -> Catalog:
    """An engine of each class, the first of them with the highest rank, and no other."""
    specs = [
        EngineSpec(name=cls.__name__.lower(), summary="One", target=f"test_engine_ranking:{cls.__name__}",
                   runs="graph", packages=(), rank=99 - place)
        for place, cls in enumerate(classes)
    ]
    catalog = Catalog.installed(no_plugins=True)
    catalog.host.register(SimpleNamespace(vocolab_engines=hookimpl(lambda: specs)), "mine")
    names = {spec.name for spec in specs}
    mine = [one for one in catalog.engines.entries() if one.name in names]
    monkeypatch.setattr(catalog.engines, "entries", lambda *_: mine)
    return catalog


@pytest.mark.parametrize("classes", [(Slow, Quick), (Quick, Slow), (Broken, Slow, Quick)])
def test_auto_takes_the_faster_one_and_remembers(monkeypatch: pytest.MonkeyPatch, classes: tuple[type, ...]) -> None:
    catalog, said = with_engines(monkeypatch, *classes), list[str]()
    first = open_vocoder(catalog, voice=hifigan(), engine=EngineChoice(threads=1), on_note=said.append)
    assert first.running.engine == "quick", said
    assert sum("400 frames: " in line for line in said) == 1
    LOADED.clear()
    again = open_vocoder(catalog, voice=hifigan(), engine=EngineChoice(threads=1), on_note=said.append)
    assert again.running.engine == "quick"
    assert LOADED == ["Quick"]  # the other one is not even loaded
    assert sum("400 frames: " in line for line in said) == 1
