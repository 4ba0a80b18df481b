"""What DiffWave's rendering costs, on one thread: CPU seconds a second of audio, and memory.

    python benchmarks/diffwave.py speed [--seconds 1]
    python benchmarks/diffwave.py memory [--minutes 10] [--network published|small|narrow] [--chunks N] [--steps N]

"speed" compares vocolab with the network as published: everything in one pass, the mel upsampled and projected anew at
every step. Both have the same random weights and noise, and the largest difference of their audio is printed.

"memory" renders a mel of that length in a process of its own and prints the most that was resident. The published
network takes minutes for a second on a CPU; `--chunks` stops after as many, which is when the memory has peaked.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vocolab import toml
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import network_tensors
from vocolab.rendering import Renderer
from vocolab.voice import Voice
from vocolab_diffwave import denoiser as denoiser_module
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.network import DiffWave as Network
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.samplers.estimate import Estimate, parts
from vocolab_diffwave.sampling import sample, white_noise
from vocolab_diffwave.schedules import Level
from vocolab_diffwave.vocoder import DiffWave

RUNS = 2


def networks() -> dict[str, tuple[dict[str, Any], MelSpec]]:
    """Configs to measure, with their conventions."""
    recipe = toml.loads((files("vocolab_diffwave") / "recipes" / "diffwave-22k.toml").read_text())
    small = {key: value for key, value in recipe["model"].items() if key != "objective"}
    return {
        "published": ({}, convention("diffwave-22k")),
        "narrow": ({"residual_layers": 10, "residual_channels": 16}, convention("diffwave-22k")),
        "small": (small, convention(recipe["mel_spec"])),
    }


def voice(name: str) -> Voice:
    """Random weights of that network, which take as long as trained ones."""
    values, spec = networks()[name]
    torch.manual_seed(0)
    network = Network(DiffWaveConfig.model_validate(values), spec)
    torch.nn.init.normal_(network.output_projection.weight, std=0.05)
    return Voice("diffwave", values, spec, network_tensors(network))


def vocoder(name: str, **options: Any) -> DiffWave:
    """That network, ready to render."""
    return DiffWave(DiffWaveOptions.model_validate(options), voice(name))


def mel_of(spec: MelSpec, frames: int) -> np.ndarray:
    """Random values between silence and speech."""
    low, high = (0.1, 0.8) if spec.clip else (-9.0, -2.0)
    return np.random.default_rng(0).uniform(low, high, (spec.n_mels, frames)).astype(np.float32)


class PlainDenoiser:
    """The published forward pass: all of the audio at once, everything anew at every step."""

    def __init__(self, network: Network, mel: Tensor) -> None:
        self.network, self.mel = network, mel

    def __call__(self, noisy: Tensor, level: Level, spans: object = None) -> Estimate:
        conditions = self.network.condition(self.network.upsampled(self.mel))
        output = self.network(noisy, torch.tensor([level.step]), conditions)
        return parts(noisy, output, level, self.network.config.predict)


def plain(made: DiffWave, mel: np.ndarray) -> np.ndarray:
    """The whole mel by `PlainDenoiser`."""
    values = torch.from_numpy(mel)[None]
    noise = white_noise(made.mel_spec.hop_samples, made.latents.group, 0, mel.shape[1], 0)
    with torch.inference_mode():
        latent = sample(made.plan, PlainDenoiser(made.network, values), noise, (0, mel.shape[1]))
        audio: np.ndarray = made.latents.decode(latent, values)[0].numpy()
    return audio


def least_cpu_s(calls: Sequence[Callable[[], np.ndarray]]) -> list[float]:
    """Each call's least CPU time, taken in turns."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(RUNS):
        for call, taken in zip(calls, times, strict=True):
            begun = time.process_time()
            call()
            taken.append(time.process_time() - begun)
    return [min(taken) for taken in times]


def forgetful(made: DiffWave, mel: np.ndarray) -> np.ndarray:
    """A rendering that keeps nothing of the mel from step to step."""
    kept = denoiser_module.CONDITION_BYTES
    denoiser_module.CONDITION_BYTES = 0
    try:
        return made.render(mel)
    finally:
        denoiser_module.CONDITION_BYTES = kept


def speed(seconds: float) -> None:
    """Print the table."""
    print("CPU seconds a second of audio, one thread:\n")
    print("| network | sampler | plain | vocolab | the same, conditions anew at every step | largest difference |")
    print("|---|---|---|---|---|---|")
    for name, sampler in (("published", "fast"), ("narrow", "fast"), ("small", None), ("small", "dpm-solver")):
        made = vocoder(name, sampler=sampler)
        spec = made.mel_spec
        length_s = seconds if name == "published" else 10 * seconds
        mel = mel_of(spec, round(length_s * spec.frame_rate_hz))
        audio_s = mel.shape[1] / spec.frame_rate_hz
        whole, ours = plain(made, mel), made.render(mel)
        calls = [partial(plain, made, mel), partial(made.render, mel), partial(forgetful, made, mel)]
        published, rendered, anew = least_cpu_s(calls)
        steps = f"{made.plan.sampler}, {len(made.plan.levels)} steps"
        costs = " | ".join(f"{cost_s / audio_s:.4f}" for cost_s in (published, rendered, anew))
        print(f"| {name} | {steps} | {costs} | {np.abs(whole - ours).max():.1e} |", flush=True)


def memory(name: str, minutes: float, chunks: int | None, steps: int | None) -> None:
    """Render and print the peak."""
    sampler = "ddim" if steps else None
    made = vocoder(name, sampler=sampler, steps=steps)
    if steps:  # the chunks of the voice's own number of steps, whatever is computed of them
        made.context_frames = max(made.context_frames, vocoder(name).context_frames)
    spec = made.mel_spec
    mel = Mel(mel_of(spec, round(minutes * 60 * spec.frame_rate_hz)), spec)
    renderer = Renderer(made)
    begun, samples = time.process_time(), 0
    for index, chunk in enumerate(renderer.signal(mel).chunks()):
        samples += chunk.size
        if chunks is not None and index + 1 >= chunks:
            break
    seconds = samples / spec.sample_rate
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {minutes:g} min of mel, {seconds:.1f} s rendered in chunks of {renderer.chunk_frames} frames and "
          f"{made.context_frames} of context; {peak_mb:.0f} MB resident at most, "
          f"{(time.process_time() - begun) / seconds:.3f} CPU s a second")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["speed", "memory"])
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--network", choices=list(networks()), default="small")
    parser.add_argument("--chunks", type=int, default=None)
    parser.add_argument("--steps", type=int, default=None)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.what == "speed":
        speed(given.seconds)
    else:
        memory(given.network, given.minutes, given.chunks, given.steps)


if __name__ == "__main__":
    main()
