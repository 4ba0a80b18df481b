"""A model on the engine that was chosen: on its graph, or by the class that its plugin has for torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from vocolab.catalog import Catalog
from vocolab.catalog.components import build
from vocolab.catalog.models import check_voice
from vocolab.engines.choice import EngineChoice, Running, candidates, first_taken
from vocolab.engines.compiling import Compiler, Say
from vocolab.engines.interfaces import NetworkEngine, Program
from vocolab.engines.own_network import narrowed
from vocolab.engines.ranking import fastest_first
from vocolab.errors import CallError, PluginError
from vocolab.guarding.calls import running
from vocolab.networks.allocation import keep_freed_memory
from vocolab.networks.device import AUTO, CPU, choose_device
from vocolab.networks.products import hold_products
from vocolab.options import make_options
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import EngineSpec, ModelSpec
from vocolab.plugins.targets import load_target
from vocolab.voice import Voice


@dataclass(frozen=True)
class Wanted:
    """A model that is to be opened.

    Attributes:
        entry: The model.
        values: Its options.
        voice: Its weights, None for a model without.
        make: Builds the plugin's own class, for engines that run networks of torch.
    """

    entry: Entry[Any]
    values: dict[str, Any]
    voice: Voice | None
    make: Callable[[], Any]

    @property
    def has_graph(self) -> bool:
        """Whether its plugin says what runs on a graph, and the graph."""
        spec: ModelSpec = self.entry.spec
        return bool(self.voice is not None and spec.runner and (spec.engine_graph or spec.exporter))


def open_model(
    catalog: Catalog, wanted: Wanted, choice: EngineChoice, device: str, say: Say = lambda line: None
) -> tuple[Any, Running]:
    """The model, ready to use, and what runs it.

    An engine that is left open and fails gives way to the next one, with one line.

    Raises:
        UnknownName, DependencyMissing, CallError: if the engine that is named is not there, or can't run the model.
        PluginError: if the engine that is named fails.
        VocolabError: as the model's own class does.
    """
    keep_freed_memory()
    hold_products(1)
    if device == AUTO and wanted.has_graph:
        device = choose_device(device) if choice.is_open else CPU
    for engine in _in_turn(catalog, candidates(catalog, choice, device), wanted, choice, say):
        if engine.spec.runs == "network":
            return _by_its_class(engine, wanted, choice, say)
        try:
            return _on_graph(engine, wanted, choice, say)
        except (PluginError, CallError) as error:
            if not choice.is_open:
                raise
            if isinstance(error, PluginError):
                say(f"{error}; another engine takes its place")
    return wanted.make(), Running("")


def _in_turn(
    catalog: Catalog, engines: Sequence[Entry[EngineSpec]], wanted: Wanted, choice: EngineChoice, say: Say
) -> list[Entry[EngineSpec]]:
    """The engines in the order in which they are tried: those for graphs as they were measured with the voice.

    A model that says that its own class is faster has that first. What is built in still comes before what others have
    installed. What runs networks of torch stays where its rank has put it, and so does everything where an engine is
    named.
    """
    graphs = [one for one in engines if one.spec.runs == "graph"]
    voice = wanted.voice
    if choice.engine == AUTO and wanted.entry.spec.own_class_first:
        return sorted(engines, key=lambda one: one.spec.runs != "network")
    if choice.engine != AUTO or not wanted.has_graph or voice is None or len(graphs) < 2:
        return list(engines)
    check_voice(wanted.entry, voice)
    measured = fastest_first(graphs, wanted.entry, voice, choice.settings, say)
    ordered = iter(sorted(measured, key=lambda one: first_taken(catalog, one)[:-1]))
    turns = [next(ordered, None) if one.spec.runs == "graph" else one for one in engines]
    return [one for one in turns if one is not None]


def _on_graph(engine: Entry[EngineSpec], wanted: Wanted, choice: EngineChoice, say: Say) -> tuple[Any, Running]:
    entry, voice = wanted.entry, wanted.voice
    if voice is None or not wanted.has_graph:
        raise CallError(f"{entry.name} can't run on the engine {engine.name!r}: its plugin names no graph; take "
                        "another engine, or auto")
    check_voice(entry, voice)
    options = make_options(entry.spec.options, dict(wanted.values), owner=entry.name)
    program, what_runs = Compiler(engine, entry, voice, say).program(choice.settings)
    return _runner(entry, options, voice, program), what_runs


def _runner(entry: Entry[Any], options: Any, voice: Voice, program: Program) -> Any:
    made = load_target(entry, "runner")
    with running(entry.origin, "its runner"):
        return made(options, voice, program)


def _by_its_class(engine: Entry[EngineSpec], wanted: Wanted, choice: EngineChoice, say: Say) -> tuple[Any, Running]:
    model = wanted.make()
    if not hasattr(model, "network") and not hasattr(model, "speaking"):
        return model, Running("")
    runtime: NetworkEngine = build(engine, make_options(engine.spec.options, {}, owner=engine.name))
    settings = choice.settings
    if choice.threads is not None:
        runtime.settle(settings)
    snr = None
    if settings.precision == "fast":
        snr = narrowed(model, runtime, settings, wanted.voice, say)
    precision = "fp32" if snr is None else settings.precision
    return model, Running(engine.name, runtime.version, precision, settings.threads, snr)
