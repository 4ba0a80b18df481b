"""What a stream costs against a rendering of the whole, by the size of its blocks, and how far the two are apart.

    python benchmarks/streaming.py [--voice NAME ...] [--engine NAME] [--runs 5] [--seconds 5] [--unrefined]

Both happen turn about in one process, on one thread, in CPU time; the ratio is the median of the turns'. A stream gets
blocks of the size that it renders in, so that each block waits for none.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from vocolab.bench.speed.clock import ratio, turn_about_s
from vocolab.catalog import Catalog
from vocolab.engines.choice import EngineChoice
from vocolab.interfaces import ahead_frames_of
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.rendering import Renderer, open_vocoder

BLOCKS_S = (0.75, 0.19)


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voice", action="append")
    parser.add_argument("--engine", default="torch")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--unrefined", action="store_true", help="leave out what the voices recommend")
    arguments = parser.parse_args()
    print("| voice | look-ahead ms | " + " | ".join(f"{block_s:g} s blocks" for block_s in BLOCKS_S) + " | apart |")
    print("| --- " * (3 + len(BLOCKS_S)) + "|")
    for voice in arguments.voice or ["harmonic-22k", "vocos-22k", "hifigan-22k"]:
        renderer = opened(voice, arguments.engine, arguments.unrefined)
        print(row(voice, renderer, arguments.seconds, arguments.runs), flush=True)


def opened(voice: str, engine: str, unrefined: bool) -> Renderer:
    """The voice on one thread."""
    catalog = Catalog.installed()
    vocoder = catalog.voices.reader(catalog.voices.get(voice))
    return open_vocoder(
        catalog, vocoder, catalog.voices.load(voice), refine=0 if unrefined else None,
        engine=EngineChoice(engine, "fp32", 1),
    )


def row(voice: str, renderer: Renderer, seconds: float, runs: int) -> str:
    """One row of the table."""
    spec = renderer.mel_spec
    mel = Mel(plausible_mel(spec, round(seconds * spec.frame_rate_hz), np.random.default_rng(0)), spec)
    sizes = {block_s: max(1, round(block_s * spec.frame_rate_hz)) for block_s in BLOCKS_S}
    calls = {"whole": lambda: whole(renderer, mel)}
    calls |= {str(block_s): lambda size=size: streamed(renderer, mel, size) for block_s, size in sizes.items()}
    taken = turn_about_s(calls, runs, "cpu")
    ratios = (ratio(taken[str(block_s)], taken["whole"]).value for block_s in BLOCKS_S)
    expected = whole(renderer, mel)
    apart = max(float(np.abs(streamed(renderer, mel, size) - expected).max()) for size in sizes.values())
    lookahead_ms = 1e3 * ahead_frames_of(renderer.vocoder) / spec.frame_rate_hz
    costs = " | ".join(f"{value:.2f}" for value in ratios)
    return f"| {voice} | {lookahead_ms:.0f} | {costs} | {apart:.1e} |"


def whole(renderer: Renderer, mel: Mel) -> NDArray[np.float32]:
    """The rendering in its usual chunks."""
    return np.concatenate(list(renderer.signal(mel).chunks()))


def streamed(renderer: Renderer, mel: Mel, size: int) -> NDArray[np.float32]:
    """The same in blocks of `size` frames."""
    stream = renderer.open(first_frames=size, chunk_frames=size)
    starts = range(0, mel.frames, size)
    parts = [stream.push(Mel(mel.values[:, start : start + size], mel.spec)) for start in starts]
    return np.concatenate([*parts, stream.finish()])


if __name__ == "__main__":
    main()
