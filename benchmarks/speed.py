"""How fast vocoders render on one thread, beside the plain way of running the same network, with the difference.

    python benchmarks/speed.py [--seconds 5] [--runs 5] [--threads 1] [--only NAME]

"plain" is the network as published and as torch runs it: one pass over the whole mel, 1-D convolutions, weight norm
folded. "vocolab" is what `vocolab render` does: chunks, and the layout that a CPU likes. Both render the same random
mel with the same weights, alternating; the least CPU time of the runs counts, divided by the threads. Sizes without a
shipped voice have random weights, which take as long as trained ones and are used for nothing else.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from vocolab.catalog import Catalog
from vocolab.interfaces import Vocoder
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.networks.weights import network_tensors
from vocolab.rendering import Renderer
from vocolab.voice import Voice
from vocolab_bigvgan import vocoder as bigvgan
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.generator import BigVganGenerator
from vocolab_hifigan import vocoder as hifigan
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.generator import HifiGanGenerator

SPEC = convention("hifigan-22k")
PUBLISHED: dict[str, HifiGanConfig | BigVganConfig] = {
    "HiFi-GAN V1": HifiGanConfig(),
    "HiFi-GAN V2": HifiGanConfig(upsample_initial_channel=128),
    "HiFi-GAN V3": HifiGanConfig(
        resblock="2", upsample_rates=[8, 8, 4], upsample_kernel_sizes=[16, 16, 8], upsample_initial_channel=256,
        resblock_kernel_sizes=[3, 5, 7], resblock_dilation_sizes=[[1, 2], [2, 6], [3, 12]],
    ),
    "BigVGAN base (14 M)": BigVganConfig(
        upsample_rates=[8, 8, 2, 2], upsample_kernel_sizes=[16, 16, 4, 4], upsample_initial_channel=512,
    ),
}
BUILDERS: dict[str, Callable[[Voice], nn.Module]] = {
    "hifigan": hifigan.build_generator, "bigvgan": bigvgan.build_generator,
}
"""How the plain network of a vocoder is built, for those that render by another one."""
Array = NDArray[np.float32]


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="of audio")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    frames = round(arguments.seconds * SPEC.frame_rate_hz)
    mel = np.random.default_rng(0).normal(-6, 2, (SPEC.n_mels, frames)).clip(-11.5, 2).astype(np.float32)
    audio_s = frames / SPEC.frame_rate_hz
    print(f"{audio_s:.1f} s of audio, {arguments.threads} thread(s), best of {arguments.runs}\n")
    print("| vocoder | RTF plain | RTF vocolab | times faster | largest difference |\n|---|---|---|---|---|")
    for name, voice in voices(arguments.only).items():
        plain, vocoder = contestants(voice)
        renderer = Renderer(vocoder)
        ours, theirs, error = alternate(
            lambda r=renderer: r(Mel(mel, SPEC)).samples[0], lambda p=plain: p(mel), arguments.runs
        )
        rtf = f"{theirs / audio_s:.4f} | {ours / audio_s:.4f}"
        print(f"| {name} | {rtf} | {theirs / ours:.2f} | {error:.1e} |", flush=True)


def voices(only: str = "") -> dict[str, Voice]:
    """The voices inside, then the published sizes with random weights; those with `only` in their name."""
    catalog = Catalog.installed()
    inside = [entry for entry in catalog.voices.entries() if entry.builtin and only in entry.name]
    found = {entry.spec.name: catalog.voices.load(entry.qualified) for entry in inside}
    for name, config in PUBLISHED.items():
        torch.manual_seed(0)
        if only in name and isinstance(config, BigVganConfig):
            found[name] = Voice("bigvgan", config.model_dump(), SPEC, network_tensors(BigVganGenerator(config, SPEC)))
        elif only in name:
            found[name] = Voice("hifigan", config.model_dump(), SPEC, network_tensors(HifiGanGenerator(config, SPEC)))
    return found


def contestants(voice: Voice) -> tuple[Callable[[Array], Array], Vocoder]:
    """The plain network, and the vocoder."""
    vocoder = Catalog.installed().vocoders.create(voice.model, {}, voice)
    if voice.model not in BUILDERS:
        return vocoder.render, vocoder
    network = BUILDERS[voice.model](voice).eval()

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
            started = time.process_time()
            call()
            taken.append((time.process_time() - started) / torch.get_num_threads())
    return min(seconds[0]), min(seconds[1]), error


if __name__ == "__main__":
    main()
