"""Whether several mels of one length in one pass of a network are faster than a pass each: a Markdown table.

    python benchmarks/batches.py [--voice NAME...] [--engine NAME...] [--frames 43 431] [--batch 4]

One thread, CPU time, turn about; the network alone, with inputs as its plugin gives them for its graph. Mels of one
length are the best case: others would be padded, and what is padded is computed too. In brackets the quartiles of the
turns, and how far the results are apart at most.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from vocolab.bench.speed.clock import ratio, turn_about_s
from vocolab.catalog import Catalog
from vocolab.engines.choice import EngineChoice, is_installed
from vocolab.engines.graphs import exportable_of
from vocolab.networks.interfaces import Execution
from vocolab.onnx_export.exportable import Arrays
from vocolab.rendering import open_vocoder

RUNS, AT_MOST_S = 15, 30.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    catalog = Catalog.installed()
    installed = [entry.name for entry in catalog.engines.entries() if is_installed(entry)]
    parser.add_argument("--voice", nargs="+", default=["harmonic-22k", "vocos-22k", "hifigan-22k"])
    parser.add_argument("--engine", nargs="+", default=installed)
    parser.add_argument("--frames", nargs="+", type=int, default=[43, 431])
    parser.add_argument("--batch", type=int, default=4)
    arguments = parser.parse_args()
    n = arguments.batch
    print(f"| voice | engine | frames | {n} passes, ms | {n} in one pass: times as fast | apart |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in arguments.voice:
        voice = catalog.voices.load(name)
        exportable = exportable_of(catalog.models.get(voice.model), voice)
        for engine in arguments.engine:
            renderer = open_vocoder(catalog, voice=voice, engine=EngineChoice(engine, threads=1))
            execution = execution_of(renderer.vocoder)
            for frames in arguments.frames:
                inputs = exportable.example(n, frames, np.random.default_rng(0))
                print(f"| {name} | {engine} | {frames} | {compared(execution, inputs, n)} |", flush=True)


def execution_of(vocoder: Any) -> Execution:
    """What runs the network, within what is done to the vocoder's output."""
    while not hasattr(vocoder, "execution"):
        vocoder = vocoder.vocoder
    execution: Execution = vocoder.execution
    return execution


def compared(execution: Execution, inputs: Arrays, n: int) -> str:
    """The cells of a row."""
    singles = [tuple(one[number : number + 1] for one in inputs) for number in range(n)]

    def alone() -> list[Any]:
        return [execution(*one)[0] for one in singles]

    apart = float(np.abs(np.concatenate(alone()) - execution(*inputs)[0]).max())
    taken = turn_about_s({"alone": alone, "together": lambda: execution(*inputs)}, RUNS, "cpu", AT_MOST_S)
    found = ratio(taken["alone"], taken["together"])
    milliseconds = 1000 * float(np.median(taken["alone"]))
    return f"{milliseconds:.1f} | {found.value:.2f} [{found.low:.2f}, {found.high:.2f}] | {apart:.0e}"


if __name__ == "__main__":
    main()
