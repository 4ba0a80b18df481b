"""Whether several mels of one length in one pass of a network are faster than a pass each: Markdown tables.

    python benchmarks/batches.py [--voice NAME...] [--engine NAME...] [--frames 43 431] [--batch 4]
    python benchmarks/batches.py --renderer [--voice NAME...] [--engine NAME...]

The first is of the network alone, with inputs as its plugin gives them for its graph. The second is of `Renderer.batch`
and single calls: all that a rendering does, unrefined, for 24 mels of half a second, and for 24 of 0.35 to 0.65 s, of
which only those of one length share passes. One thread, CPU time, turn about; in brackets the quartiles of the turns,
and how far the results are apart at most.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

from vocolab.bench.speed.clock import ratio, turn_about_s
from vocolab.catalog import Catalog
from vocolab.engines.choice import EngineChoice, is_installed
from vocolab.engines.graphs import exportable_of
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.networks.interfaces import Execution
from vocolab.onnx_export.exportable import Arrays
from vocolab.rendering import Renderer, open_vocoder

RUNS, AT_MOST_S = 15, 30.0
MELS, FRAMES, MIXED_FRAMES = 24, 43, (30, 57)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    catalog = Catalog.installed()
    installed = [entry.name for entry in catalog.engines.entries() if is_installed(entry)]
    parser.add_argument("--voice", nargs="+", default=["harmonic-22k", "vocos-22k", "hifigan-22k"])
    parser.add_argument("--engine", nargs="+", default=installed)
    parser.add_argument("--frames", nargs="+", type=int, default=[43, 431])
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--renderer", action="store_true")
    arguments = parser.parse_args()
    if arguments.renderer:
        print_renderers(catalog, arguments.voice, arguments.engine)
        return
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


def print_renderers(catalog: Catalog, voices: list[str], engines: list[str]) -> None:
    """The table of `Renderer.batch`."""
    print(f"| voice | engine | {MELS} mels of | single calls, ms | `batch`: times as fast | apart |")
    print("| --- | --- | --- | --- | --- | --- |")
    random = np.random.default_rng(0)
    mixed = random.integers(*MIXED_FRAMES, MELS, endpoint=True)
    lengths = {f"{FRAMES} frames": [FRAMES] * MELS, f"{MIXED_FRAMES[0]} to {MIXED_FRAMES[1]} frames": list(mixed)}
    for voice in voices:
        for engine in engines:
            renderer = open_vocoder(catalog, voice=voice, values={"refine": 0}, engine=EngineChoice(engine, threads=1))
            for told, frames in lengths.items():
                mels = [Mel(plausible_mel(renderer.mel_spec, int(one), random), renderer.mel_spec) for one in frames]
                print(f"| {voice} | {engine} | {told} | {batched(renderer, mels)} |", flush=True)


def batched(renderer: Renderer, mels: list[Mel]) -> str:
    """The cells of a row: `batch` against a call for each mel."""
    pairs = zip(renderer.batch(mels), map(renderer, mels), strict=True)
    apart = max(float(np.abs(one.samples - other.samples).max()) for one, other in pairs)
    return _row(lambda: [renderer(mel) for mel in mels], lambda: renderer.batch(mels), apart)


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
    return _row(alone, lambda: execution(*inputs), apart)


def _row(alone: Callable[[], Any], together: Callable[[], Any], apart: float) -> str:
    taken = turn_about_s({"alone": alone, "together": together}, RUNS, "cpu", AT_MOST_S)
    found = ratio(taken["alone"], taken["together"])
    milliseconds = 1000 * float(np.median(taken["alone"]))
    return f"{milliseconds:.1f} | {found.value:.2f} [{found.low:.2f}, {found.high:.2f}] | {apart:.0e}"


if __name__ == "__main__":
    main()
