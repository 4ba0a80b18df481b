"""A voice's graph on an engine: compiled and compared with torch once, taken from the cache after that."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from vocolab.catalog.components import build
from vocolab.engines import cache, graphs
from vocolab.engines.choice import Running
from vocolab.engines.covering import Covered, should_cover
from vocolab.engines.fidelity import LEAST_SNR_DB, TOLERANCE, largest_difference, seam_difference, snr_db
from vocolab.engines.interfaces import GraphEngine, Program, Settings
from vocolab.engines.processor import processor
from vocolab.errors import PluginError
from vocolab.guarding.calls import running
from vocolab.networks.interfaces import Execution
from vocolab.onnx_export.exportable import Exportable
from vocolab.options import make_options
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import EngineSpec, ModelSpec
from vocolab.voice import Voice

Say = Callable[[str], None]


class Compiler:
    """Compiles one voice for one engine.

    Args:
        engine: The engine.
        model: What the voice is for.
        voice: The weights.
        say: Called with a line on what takes long, and on what could not be had.
    """

    def __init__(self, engine: Entry[EngineSpec], model: Entry[ModelSpec], voice: Voice, say: Say) -> None:
        self._entry, self._model, self._voice, self._say = engine, model, voice, say
        self._engine: GraphEngine = build(engine, make_options(engine.spec.options, {}, owner=engine.name))

    def program(self, settings: Settings) -> tuple[Program, Running]:
        """The graph, ready to run, and what runs it.

        "fast" becomes fp32 where the engine has nothing faster, or is too far from fp32 with this voice.

        Raises:
            VocolabError: PluginError if the engine can't run it, or gives something else than torch.
        """
        if settings.precision == "fast" and not self._engine.has_fast:
            self._say(f"the engine {self._entry.name} has no faster precision on this machine than fp32")
            settings = replace(settings, precision="fp32")
        identity = self._identity(settings)
        name = f"{self._model.name}-{self._entry.name}-{settings.precision}-{cache.digest(identity)}.bin"
        kept = cache.read(name, identity)
        execution = self._loaded(kept.data, settings) if kept and kept.data else None
        if kept is None or (kept.data and execution is None):
            kept, execution = self._made(settings)
            if problem := cache.keep(name, identity, kept):
                self._say(f"what was compiled for {self._entry.name} can't be kept ({problem}); it serves this run")
        if execution is None:
            self._say(f"fast is {kept.facts['snr_db']:.1f} dB from fp32 with this voice on {self._entry.name}, and "
                      f"{LEAST_SNR_DB:g} are kept: it runs in fp32")
            return self.program(replace(settings, precision="fp32"))
        what_runs = Running(
            self._entry.name, self._engine.version, settings.precision, settings.threads, kept.facts.get("snr_db"),
            kept.facts.get("seam"),
        )
        return Program(_covered(execution, kept.facts), kept.facts, settings.precision), what_runs

    def _identity(self, settings: Settings) -> dict[str, Any]:
        return {
            **graphs.identity(self._model, self._voice), "engine": self._entry.qualified,
            "engine_version": self._engine.version, "precision": settings.precision,
            "processor": hashlib.sha256(processor().encode()).hexdigest(),
        }

    def _loaded(self, data: bytes, settings: Settings) -> Execution | None:
        """None where the engine can't make anything of the bytes: they are compiled again."""
        try:
            return self._engine.load(data, settings)
        except Exception:  # runtimes' exceptions have no common class
            return None

    def _made(self, settings: Settings) -> tuple[cache.Kept, Execution | None]:
        """What is kept, and its execution; without bytes and execution where "fast" is too far from fp32."""
        self._say(f"compiling {self._model.name} for {self._entry.name}, once")
        exportable = graphs.exportable_of(self._model, self._voice)
        facts: dict[str, Any] = {
            "context_frames": exportable.context_frames, "least_frames": exportable.least_frames, **exportable.facts,
        }
        with running(self._model.origin, "torch's trace of its network"):
            graph = graphs.traced(exportable)
        with running(self._entry.origin, f"the graph of {self._model.name}"):
            data = self._engine.compile(graph, settings)
            execution = self._engine.load(data, settings)
            if settings.precision == "fast":
                facts |= {"snr_db": snr_db(execution, exportable), "seam": seam_difference(execution, exportable)}
                if facts["snr_db"] < LEAST_SNR_DB:
                    return cache.Kept(facts, b""), None
            else:
                self._check(execution, exportable)
            facts |= {
                "is_covered": should_cover(execution, exportable), "inputs": [port.shape for port in exportable.inputs],
                "outputs": [port.shape for port in exportable.outputs],
            }
        return cache.Kept(facts, data), execution

    def _check(self, execution: Execution, exportable: Exportable) -> None:
        worst = largest_difference(execution, exportable)
        if not worst <= TOLERANCE:
            raise PluginError(f"the engine {self._entry.name!r} is {worst:.2g} away from torch with "
                              f"{self._model.name}, and {TOLERANCE:g} is allowed")


def _covered(execution: Execution, facts: Mapping[str, Any]) -> Execution:
    """What meets few lengths, where the engine was found to be slow with new ones as the voice was compiled."""
    if not facts.get("is_covered"):
        return execution
    return Covered(execution, facts["inputs"], facts["outputs"], int(facts["context_frames"]))
