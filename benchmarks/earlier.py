"""How many times as fast this tree renders as an earlier one, turn about.

    git worktree add ../earlier COMMIT
    python benchmarks/earlier.py ../earlier [--voice NAME...] [--seconds 5] [--turns 7] [--threads 1] [--engine auto]

Each tree runs in a process of its own, on the voices inside that both have: as they come, with 16 rounds of refinement,
and with all that each tree recommends. The processes take turns, so that whatever else the machine does meets both. CPU
time on one thread counts, wall time on several; a ratio is the median of the turns', in brackets the quartiles.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from vocolab.bench.speed.clock import clock_for, ratio
from vocolab.bench.tables import table
from vocolab.catalog import Catalog

HERE = Path(__file__).resolve().parent.parent
WAYS: dict[str, int | None] = {"as it comes": 0, "refined 16": 16, "as recommended": None}

# Each tree executes this with its own packages. Engines have threads of their own, of which a tree without them knows
# nothing.
SERVANT = """
import json, sys, time
import numpy as np
from vocolab.catalog import Catalog
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.rendering import open_vocoder
try:
    from vocolab.engines import EngineChoice
except ImportError:
    EngineChoice = None

catalog, renderers, told = Catalog.installed(), {}, json.loads(sys.argv[1])
threads = {"engine": EngineChoice(told["engine"], threads=told["threads"])} if EngineChoice else {}
now = time.process_time if told["clock"] == "cpu" else time.perf_counter
for line in sys.stdin:
    voice, refine = json.loads(line)
    if (voice, refine) not in renderers:
        values = {"refine": refine, "fresh_noise": False, "band_gains": 0} if refine else {}
        renderer = open_vocoder(catalog, voice=voice, values=values, refine=refine if refine == 0 else None, **threads)
        spec = renderer.mel_spec
        frames = round(told["seconds"] * spec.frame_rate_hz)
        mel = Mel(plausible_mel(spec, frames, np.random.default_rng(0)), spec)
        renderer(mel)
        renderers[voice, refine] = renderer, mel
    renderer, mel = renderers[voice, refine]
    renderer(mel)  # the other tree had the processor's caches
    began = now()
    renderer(mel)
    print(json.dumps(now() - began), flush=True)
"""


class Tree:
    """A process that renders with the packages of a tree."""

    def __init__(self, folder: Path, told: dict[str, Any], threads: int) -> None:
        places = os.pathsep.join([str(folder), str(folder / "plugins")])
        environment = {**os.environ, "PYTHONPATH": places, "OMP_NUM_THREADS": str(threads),
                       "OPENBLAS_NUM_THREADS": str(threads)}  # fmt: skip
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVANT, json.dumps(told)], env=environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder,  # which Python looks into first
        )

    def seconds(self, voice: str, refine: int | None) -> float:
        """What one rendering takes."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        process.stdin.write(json.dumps([voice, refine]) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            raise SystemExit(f"{voice}: {process.stderr.read().strip()}")
        return float(answer)

    def close(self) -> None:
        """End it."""
        self._process.communicate()


def voices_of(names: list[str]) -> list[str]:
    """Those that are named, or the voices of vocoders that are installed."""
    catalog = Catalog.installed(no_plugins=True)
    vocoders = {entry.qualified for entry in catalog.vocoders.entries()}
    return names or [entry.name for entry in catalog.voices.entries() if catalog.voices.reader(entry) in vocoders]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tree", type=Path)
    parser.add_argument("--voice", action="append", default=[])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--engine", default="auto", help="Of this tree.")
    given = parser.parse_args()
    clock = clock_for(given.threads)
    told = {"clock": clock, "seconds": given.seconds, "threads": given.threads, "engine": given.engine}
    earlier, now = (Tree(folder.resolve(), told, given.threads) for folder in (given.tree, HERE))
    rows = []
    for voice in voices_of(given.voice):
        row = [f"`{voice}`"]
        for refine in WAYS.values():
            turns = [(earlier.seconds(voice, refine), now.seconds(voice, refine)) for _ in range(given.turns + 1)][1:]
            found = ratio(*(list(times) for times in zip(*turns, strict=True)))
            least_s = min(ours for _, ours in turns)
            row.append(f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}], RTF {least_s / given.seconds:.4f}")
        rows.append(row)
        print(" ".join(row), file=sys.stderr, flush=True)
    print(table(["voice", *WAYS], rows))
    for tree in (earlier, now):
        tree.close()


if __name__ == "__main__":
    main()
