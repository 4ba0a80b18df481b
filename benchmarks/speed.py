"""How fast vocoders render on one thread, beside the plain way of running the same network, with the difference.

    python benchmarks/speed.py [--seconds 5] [--runs 5] [--threads 1]

"plain" is the network as published and as torch runs it: one pass over the whole mel, 1-D convolutions, weight norm
folded. "vocolab" is what `vocolab render` does: chunks, and the layout that a CPU likes. Both render the same random
mel with the same weights, alternating; the best of the runs counts. Sizes without a shipped voice have random weights,
which take as long as trained ones and are used for nothing else.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from vocolab.catalog import Catalog
from vocolab.interfaces import Vocoder
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.networks import network_tensors
from vocolab.rendering import Renderer
from vocolab.voice import Voice
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.generator import HifiGanGenerator
from vocolab_hifigan.vocoder import HifiGan, build_generator

SPEC = convention("hifigan-22k")
PUBLISHED = {
    "HiFi-GAN V1": HifiGanConfig(),
    "HiFi-GAN V2": HifiGanConfig(upsample_initial_channel=128),
    "HiFi-GAN V3": HifiGanConfig(
        resblock="2", upsample_rates=[8, 8, 4], upsample_kernel_sizes=[16, 16, 8], upsample_initial_channel=256,
        resblock_kernel_sizes=[3, 5, 7], resblock_dilation_sizes=[[1, 2], [2, 6], [3, 12]],
    ),
}
Array = NDArray[np.float32]


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="of audio")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    frames = round(arguments.seconds * SPEC.frame_rate_hz)
    mel = np.random.default_rng(0).normal(-6, 2, (SPEC.n_mels, frames)).clip(-11.5, 2).astype(np.float32)
    audio_s = frames / SPEC.frame_rate_hz
    print(f"{audio_s:.1f} s of audio, {arguments.threads} thread(s), best of {arguments.runs}\n")
    print("| vocoder | RTF plain | RTF vocolab | times faster | largest difference |\n|---|---|---|---|---|")
    for name, voice in voices().items():
        plain, vocoder = contestants(voice)
        renderer = Renderer(vocoder)
        ours, theirs, error = alternate(
            lambda r=renderer: r(Mel(mel, SPEC)).samples[0], lambda p=plain: p(mel), arguments.runs
        )
        rtf = f"{theirs / audio_s:.4f} | {ours / audio_s:.4f}"
        print(f"| {name} | {rtf} | {theirs / ours:.2f} | {error:.1e} |", flush=True)


def voices() -> dict[str, Voice]:
    """The voices inside, then the published sizes with random weights."""
    catalog = Catalog.installed()
    inside = [entry for entry in catalog.voices.entries() if entry.builtin]
    found = {entry.spec.name: catalog.voices.load(entry.qualified) for entry in inside}
    for name, config in PUBLISHED.items():
        torch.manual_seed(0)
        found[name] = Voice("hifigan", config.model_dump(), SPEC, network_tensors(HifiGanGenerator(config, SPEC)))
    return found


def contestants(voice: Voice) -> tuple[Callable[[Array], Array], Vocoder]:
    """The plain network, and the vocoder."""
    vocoder = Catalog.installed().vocoders.create(voice.vocoder, {}, voice)
    if not isinstance(vocoder, HifiGan):
        return vocoder.render, vocoder
    network = build_generator(voice).eval()

    def plain(mel: Array) -> Array:
        with torch.inference_mode():
            return np.asarray(network(torch.from_numpy(mel)[None])[0])

    return plain, vocoder


def alternate(ours: Callable[[], Array], theirs: Callable[[], Array], runs: int) -> tuple[float, float, float]:
    """Best seconds of either, turn by turn after a warm-up, and the largest difference of what they gave."""
    error = float(np.abs(ours() - theirs()).max())
    seconds: Sequence[list[float]] = ([], [])
    for _ in range(runs):
        for call, taken in zip((ours, theirs), seconds, strict=True):
            started = time.perf_counter()
            call()
            taken.append(time.perf_counter() - started)
    return min(seconds[0]), min(seconds[1]), error


if __name__ == "__main__":
    main()
