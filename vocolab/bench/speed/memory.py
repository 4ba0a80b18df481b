"""A process that measures how much memory a rendering takes: a question on standard input, MB on standard output."""

from __future__ import annotations

import json
import resource
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from vocolab.bench.speed.cases import Case, Way, postfilters_for
from vocolab.catalog import Catalog
from vocolab.files.writer import write_audio
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.rendering import Renderer, open_vocoder

_MB = 1e6
_ONE_BLOCK = 4096


def main() -> None:
    """The most that the process takes above what it has once the engine's packages are imported, file to file.

    For no seconds the voice is opened only, so that it is compiled: a process that has done so has taken more already.
    """
    told = json.loads(sys.stdin.read())
    case, way = Case(**told["case"]), Way(**told["way"])
    catalog, seconds = Catalog.installed(), told["seconds"]
    if seconds == 0:
        opened(catalog, case, way, told["threads"], told["refine"])
        return
    print(json.dumps({"memory_mb": taken_mb(catalog, case, way, seconds, told["threads"], told["refine"])}))


def opened(catalog: Catalog, case: Case, way: Way, threads: int, refine: int | None) -> Renderer:
    """What is measured."""
    return open_vocoder(
        catalog, case.vocoder, case.load(catalog), postfilters_for(refine), engine=way.choice(threads)
    )


def taken_mb(
    catalog: Catalog, case: Case, way: Way, seconds: float, threads: int, refine: int | None
) -> float:
    """From a mel in memory to a file, the mel itself not counted. The voice has to be compiled."""
    for package in catalog.engines.get(way.engine).spec.packages:
        import_module(package)
    before = _peak_mb()
    renderer = opened(catalog, case, way, threads, refine)
    spec = renderer.mel_spec
    frames = max(1, round(seconds * spec.frame_rate_hz))
    piece = plausible_mel(spec, min(frames, _ONE_BLOCK), np.random.default_rng(0))
    mel = Mel(np.tile(piece, -(-frames // piece.shape[1]))[:, :frames], spec)
    with TemporaryDirectory(prefix="vocolab-") as folder:
        write_audio(renderer.signal(mel), Path(folder, "out.wav"))
    return _peak_mb() - before - mel.values.nbytes / _MB


def _peak_mb() -> float:
    """The largest resident memory so far."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / _MB


def as_question(case: Case, way: Way, seconds: float, threads: int, refine: int | None) -> str:
    """What `main` reads."""
    facts: dict[str, Any] = {"case": vars(case), "way": vars(way), "seconds": seconds, "threads": threads}
    return json.dumps({**facts, "refine": refine})


if __name__ == "__main__":
    main()
