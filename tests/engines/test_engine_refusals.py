"""Engines that are not there, that fail, or are asked for what they can't do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from tiny_engine_voices import hifigan

from vocolab.catalog import Catalog
from vocolab.engines import EngineChoice
from vocolab.engines.choice import candidates, engine_choice, usable_threads, usual_engine
from vocolab.engines.interfaces import Settings
from vocolab.errors import CallError, DependencyMissing, PluginError, UnknownName
from vocolab.options import Options
from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import EngineSpec
from vocolab.rendering import open_vocoder


class Failing:
    """An engine that can't compile anything."""

    version, has_fast = "1", False

    def __init__(self, options: Options) -> None:
        pass

    def compile(self, graph: bytes, settings: Settings) -> bytes:
        raise RuntimeError("no kernel for Conv\nand a long story")

    def load(self, compiled: bytes, settings: Settings) -> object:
        raise NotImplementedError


class Wrong(Failing):
    """An engine that computes something else."""

    def compile(self, graph: bytes, settings: Settings) -> bytes:
        return b"-"

    def load(self, compiled: bytes, settings: Settings):  # type: ignore[no-untyped-def]
        import numpy as np

        return lambda mel: (np.zeros((1, mel.shape[2] * 256), np.float32),)


def with_engine(cls: type, **values: object) -> Catalog:
    """What is built in, and an engine of a package that the user puts before all others."""
    spec = EngineSpec(
        name="mine", summary="Mine", target=f"test_engine_refusals:{cls.__name__}", runs="graph",
        **{"packages": (), "rank": 99, **values},  # type: ignore[arg-type]
    )
    catalog = Catalog.installed(no_plugins=True)
    catalog.host.register(SimpleNamespace(vocolab_engines=hookimpl(lambda: [spec])), "mine")
    catalog.host.first = ("local",)
    return catalog


def test_no_package_takes_the_place_of_a_built_in_engine_by_its_rank() -> None:
    catalog = with_engine(Failing)
    catalog.host.first = ()
    assert [entry.name for entry in candidates(catalog, EngineChoice(), "cpu")][-1] == "mine"
    catalog.host.first = ("local",)
    assert candidates(catalog, EngineChoice(), "cpu")[0].name == "mine"


def test_an_engine_that_is_not_installed_names_what_installs_it(catalog: Catalog) -> None:
    catalog = with_engine(Failing, packages=("no_such_runtime",), extra="mine")
    with pytest.raises(DependencyMissing, match=r"'no_such_runtime'.*pip install '.*\[mine\]'"):
        open_vocoder(catalog, voice=hifigan(), engine=EngineChoice("mine"))


@pytest.mark.parametrize("cls", [Failing, Wrong])
def test_one_that_fails_gives_way_with_one_line(cls: type) -> None:
    said: list[str] = []
    renderer = open_vocoder(with_engine(cls), voice=hifigan(), engine=EngineChoice("auto"), on_note=said.append)
    assert renderer.running.engine not in ("", "mine")
    assert len([line for line in said if "another engine takes its place" in line and "\n" not in line]) == 1


@pytest.mark.parametrize(("cls", "why"), [(Failing, "no kernel for Conv"), (Wrong, "away from torch")])
def test_one_that_fails_by_name_is_an_error(cls: type, why: str) -> None:
    with pytest.raises(PluginError, match=why):
        open_vocoder(with_engine(cls), voice=hifigan(), engine=EngineChoice("mine"))


def test_an_unknown_engine(catalog: Catalog) -> None:
    with pytest.raises(UnknownName, match="no engine named 'onx'"):
        open_vocoder(catalog, voice=hifigan(), engine=EngineChoice("onx"))


@pytest.mark.parametrize("threads", [0, -1, 5000])
def test_threads_that_can_not_be(threads: int) -> None:
    with pytest.raises(CallError, match=f"{threads} threads"):
        EngineChoice(threads=threads)


def test_a_precision_that_is_not_there() -> None:
    with pytest.raises(CallError, match="allowed are fp32, fast"):
        EngineChoice(precision="int8")  # type: ignore[arg-type]


def test_a_graph_engine_does_not_run_what_has_no_graph(catalog: Catalog) -> None:
    pytest.importorskip("onnxruntime")
    with pytest.raises(CallError, match="griffinlim can't run on the engine 'onnx'"):
        open_vocoder(catalog, "griffinlim", engine=EngineChoice("onnx"))


def test_a_device_that_the_engine_does_not_run_on(catalog: Catalog) -> None:
    pytest.importorskip("onnxruntime")
    with pytest.raises(CallError, match="runs on cpu and not on cuda"):
        open_vocoder(catalog, voice=hifigan(), engine=EngineChoice("onnx"), device="cuda")


def test_what_a_call_leaves_out_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCOLAB_ENGINE", "onnx")
    assert engine_choice("torch") == EngineChoice("torch")
    assert engine_choice(None, "fast", 2) == EngineChoice("onnx", "fast", 2, is_usual=True)
    monkeypatch.delenv("VOCOLAB_ENGINE")
    assert usual_engine().engine == "auto"


def test_what_can_not_run_on_the_usual_engine_takes_another(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOCOLAB_ENGINE", "onnx")
    assert open_vocoder(catalog, "griffinlim").running.engine == ""
    monkeypatch.setenv("VOCOLAB_ENGINE", "no-such-engine")
    assert open_vocoder(catalog, "griffinlim").running.engine == ""


def test_files_at_a_time_share_the_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    assert [EngineChoice().shared_by(jobs).threads for jobs in (1, 2, 3, 20)] == [None, 4, 2, 1]
    assert EngineChoice(threads=5).shared_by(4).threads == 5


def test_threads_are_those_that_the_environment_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert usable_threads() == 3
    monkeypatch.setenv("OMP_NUM_THREADS", "none")
    assert usable_threads() >= 1
