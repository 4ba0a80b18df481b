"""Which of several engines runs a voice the fastest: measured once, when it is compiled for each, and kept."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from vocolab.engines import cache, graphs
from vocolab.engines.compiling import Compiler, Say
from vocolab.engines.interfaces import Settings
from vocolab.engines.processor import processor
from vocolab.errors import CallError, PluginError
from vocolab.networks.interfaces import Execution
from vocolab.onnx_export.exportable import Arrays
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import EngineSpec, ModelSpec
from vocolab.voice import Voice

_FRAMES, _RUNS = 400, 3
"""About five seconds at the usual hop. Of so many lengths from there on the best counts, each met for the first time as
lengths of sentences are, after one that warms up."""


def fastest_first(
    engines: Sequence[Entry[EngineSpec]], model: Entry[ModelSpec], voice: Voice, settings: Settings, say: Say
) -> list[Entry[EngineSpec]]:
    """The engines that can run this voice, in the order of what they were measured at.

    What is measured is kept with what was compiled, for these engines in their versions and this processor.
    """
    if len(engines) < 2:
        return list(engines)
    identity = {
        **graphs.identity(model, voice), "engines": {one.qualified: _versions(one) for one in engines},
        "precision": settings.precision, "threads": settings.threads,
        "processor": hashlib.sha256(processor().encode()).hexdigest(),
    }
    name = f"{model.name}-order-{settings.precision}-{cache.digest(identity)}.bin"
    kept = cache.read(name, identity)
    if kept is None:
        kept = cache.Kept({"seconds": _measured(engines, model, voice, settings, say)}, b"")
        cache.keep(name, identity, kept)  # where it can't be, that is told of what was compiled
    seconds = kept.facts["seconds"]
    return sorted((one for one in engines if one.qualified in seconds), key=lambda one: seconds[one.qualified])


def _measured(
    engines: Sequence[Entry[EngineSpec]], model: Entry[ModelSpec], voice: Voice, settings: Settings, say: Say
) -> dict[str, float]:
    examples: list[Arrays] = []
    found: dict[str, float] = {}
    for engine in engines:
        try:
            program, _ = Compiler(engine, model, voice, say).program(settings)
        except PluginError as error:
            say(f"{error}; another engine takes its place")
            continue
        except CallError:
            continue
        if not examples:
            exportable = graphs.exportable_of(model, voice)
            random, least = np.random.default_rng(0), _FRAMES + exportable.least_frames
            examples = [exportable.example(1, least + more, random) for more in range(_RUNS + 1)]
        found[engine.qualified] = _seconds(program.execution, examples, settings.threads)
    if found:
        told = ", ".join(f"{name.rpartition('/')[2]} {1e3 * one:.0f} ms" for name, one in found.items())
        say(f"{model.name}, {_FRAMES} frames: {told}")
    return found


def _seconds(execution: Execution, examples: Sequence[Arrays], threads: int) -> float:
    """The best of some passes: in CPU time on one thread, which others on the machine move less, else on the wall."""
    now = time.process_time if threads == 1 else time.perf_counter
    execution(*examples[0])
    return min(_timed(execution, arrays, now) for arrays in examples[1:])


def _timed(execution: Execution, arrays: Arrays, now: Callable[[], float]) -> float:
    began = now()
    execution(*arrays)
    return now() - began


def _versions(engine: Entry[Any]) -> list[str]:
    """Of the packages that it needs, which is known without importing them."""
    found = []
    for package in engine.spec.packages:
        try:
            found.append(version(package))
        except PackageNotFoundError:
            found.append("")
    return found
