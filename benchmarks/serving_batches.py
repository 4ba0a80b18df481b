"""Whether blocks of several requests in one pass of a network are faster than one pass each: a Markdown table.

    python benchmarks/serving_batches.py [--engines onnx torch] [--device cpu] [--batch 4]

A server renders blocks of one length, so they would fit without padding: what is measured is the best that batching
could bring. The networks of the default voice run on one thread, as in a worker; on a CPU its time is counted, not the
clock's, so that other work on the machine does not matter.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from vocolab.catalog import Catalog
from vocolab.engines.choice import EngineChoice
from vocolab.speaking.narrator import Narrator
from vocolab.speaking.opening import open_voice
from vocolab.texts.opening import open_speaker

TEXT = "The train comes back at noon, and nobody who waits there knows why it does so every day."
BLOCK_FRAMES = 128
ROUNDS = 7


class Recorded:
    """An execution that remembers the largest inputs that it was called with, and how long it took in all."""

    def __init__(self, execution, clock) -> None:
        self.execution, self.clock, self.inputs, self.seconds = execution, clock, (), 0.0

    def __call__(self, *inputs):
        if sum(one.size for one in inputs) > sum(one.size for one in self.inputs):
            self.inputs = tuple(one.copy() for one in inputs)
        started_s = self.clock()
        made = self.execution(*inputs)
        self.seconds += self.clock() - started_s
        return made


def holder(part) -> tuple[object, str] | None:
    """What holds the execution of a vocoder or an acoustic model, within what is around it, and under which name."""
    for name in ("execution", "_execution"):
        if hasattr(part, name):
            return part, name
    inner = getattr(part, "vocoder", None) or getattr(part, "speaking", None)
    return None if inner is None else holder(inner)


def ratio(execution, inputs, batch: int, clock) -> tuple[float, float]:
    """Milliseconds of one pass alone, and the time of one pass of `batch` by that of `batch` passes; medians."""
    several = [np.concatenate([one] * batch) for one in inputs]
    alone_s, together_s = [], []
    for _ in range(ROUNDS + 1):
        started_s = clock()
        for _ in range(batch):
            execution(*inputs)
        alone_s.append(clock() - started_s)
        started_s = clock()
        execution(*several)
        together_s.append(clock() - started_s)
    alone, together = np.median(alone_s[1:]), np.median(together_s[1:])
    return 1000 * float(alone) / batch, float(together / alone)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engines", nargs="+", default=["onnx", "torch"])
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--batch", type=int, default=4)
    arguments = parser.parse_args()
    import torch

    torch.set_num_threads(1)
    clock = time.process_time if arguments.device == "cpu" else time.perf_counter
    catalog = Catalog.installed()
    n = arguments.batch
    print(f"| network | engine | share of all work | one pass | {n} in one pass, by {n} passes |")
    print("| --- | --- | --- | --- | --- |")
    for engine in arguments.engines:
        voice = open_voice(catalog, device=arguments.device, engine=EngineChoice(engine, threads=1))
        voice.stages.renderer.chunk_frames = BLOCK_FRAMES
        narrator = Narrator(voice, open_speaker(catalog))
        narrator.say(TEXT)
        for name, part in (("vocoder", voice.stages.renderer.vocoder), ("acoustic model", voice.stages.model)):
            if (found := holder(part)) is None:
                continue  # it runs sentence by sentence, in parts
            owner, attribute = found
            recorded = Recorded(getattr(owner, attribute), clock)
            setattr(owner, attribute, recorded)
            started_s = clock()
            narrator.say(TEXT)
            share = recorded.seconds / (clock() - started_s)
            setattr(owner, attribute, recorded.execution)
            alone_ms, together = ratio(recorded.execution, recorded.inputs, n, clock)
            print(f"| {name} | {engine} | {share:.0%} | {alone_ms:.1f} ms | {together:.2f} |", flush=True)


if __name__ == "__main__":
    main()
