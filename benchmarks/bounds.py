"""What bounds BigVGAN and DiffWave on one thread, and how near to that they come.

    python benchmarks/bounds.py [--seconds 5] [--turns 5] [--only bigvgan|diffwave]

A rendering can't be faster than its pieces, each at the best rate that this machine was measured at for that kind of
work: multiplications of convolutions at the rate of a large matrix product, sines and gates at that of NumPy and torch
on arrays in the cache, and what has to pass through memory at the rate of a copy. Rates and renderings are measured
turn about, in CPU time. The share is the bound over the measured time.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np
import torch
from torch import nn

from vocolab.bench.speed.cases import Case, choose
from vocolab.bench.speed.clock import turn_about_s
from vocolab.bench.tables import table
from vocolab.catalog import Catalog
from vocolab.engines import EngineChoice
from vocolab.engines.choice import is_installed
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel
from vocolab.plugins.targets import load_target
from vocolab.rendering import Renderer, open_vocoder
from vocolab.voice import Voice
from vocolab_bigvgan.activation import AntiAliasedSnake
from vocolab_bigvgan.filters import RATIO, TAPS
from vocolab_diffwave.config import DiffWaveConfig
from vocolab_diffwave.network import ResidualLayer
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.plan import Plan
from vocolab_diffwave.sizes import every_step, once

PRODUCTS, SINES, GATES, BYTES = "multiplications", "sines", "gates, sigmoid times tanh", "bytes through memory"
_FLOAT_BYTES = 4
_COUNTED_FRAMES = 64
_SIDE, _IN_CACHE, _IN_MEMORY = 1024, 1 << 17, 1 << 23


@dataclass
class Work:
    """What one second of audio takes."""

    amounts: dict[str, float] = field(default_factory=lambda: {PRODUCTS: 0.0})

    def add(self, kind: str, amount: float) -> None:
        """So much more of a kind."""
        self.amounts[kind] = self.amounts.get(kind, 0.0) + amount


def rates() -> dict[str, tuple[Callable[[], Any], float]]:
    """Work of each kind at its best, and how much of it one call is."""
    random = np.random.default_rng(0)
    matrix = torch.from_numpy(random.standard_normal((_SIDE, _SIDE), dtype=np.float32))
    angles = random.standard_normal(_IN_CACHE, dtype=np.float32)
    sines, gate, memory = np.empty_like(angles), torch.from_numpy(angles), np.ones(_IN_MEMORY, dtype=np.float32)
    copy = np.empty_like(memory)
    return {
        PRODUCTS: (lambda: matrix @ matrix, float(_SIDE**3)),
        SINES: (lambda: np.sin(angles, out=sines), float(_IN_CACHE)),
        GATES: (lambda: gated(gate), float(_IN_CACHE)),
        BYTES: (lambda: np.copyto(copy, memory), 2.0 * memory.nbytes),
    }


def gated(both: torch.Tensor) -> torch.Tensor:
    """Sigmoid times tanh, of as many numbers: tanh b = 2 sigmoid(2 b) - 1, and a sigmoid takes a sixth of its time."""
    gate, signal = torch.sigmoid(both), torch.sigmoid(both)
    return torch.addcmul(gate, gate, signal, value=-2, out=gate)


def bigvgan_work(voice: Voice, network: nn.Module) -> Work:
    """Counted layer by layer in the published network: convolutions; filters, sines and memory of its activations.

    An activation reads its input and writes its output once, and takes a sine of everything between, at twice the rate.
    """
    work, spec = Work(), voice.mel_spec
    scale = spec.frame_rate_hz / _COUNTED_FRAMES

    def convolution(module: Any, given: Any, made: torch.Tensor) -> None:
        steps = given[0].shape[-1] if isinstance(module, nn.ConvTranspose1d) else made.shape[-1]
        work.add(PRODUCTS, module.weight.numel() * steps * scale)

    def activation(module: Any, given: Any, made: torch.Tensor) -> None:
        work.add(PRODUCTS, RATIO * TAPS * made.numel() * scale)
        work.add(SINES, RATIO * made.numel() * scale)
        work.add(BYTES, 2 * _FLOAT_BYTES * made.numel() * scale)

    hooks = {nn.Conv1d: convolution, nn.ConvTranspose1d: convolution, AntiAliasedSnake: activation}
    network = network.to("meta")
    for module in network.modules():
        if type(module) in hooks:
            module.register_forward_hook(hooks[type(module)])
    network(torch.empty(1, spec.n_mels, _COUNTED_FRAMES, device="meta"))
    return work


def diffwave_work(voice: Voice, network: nn.Module) -> Work:
    """By the published sizes: convolutions, gates, and what has to be read and written at every step and layer.

    A layer reads its input, what it is told of the mel, and the sum that goes to the end, and writes both again; what
    is between its two convolutions can stay in the cache.
    """
    config, spec, work = DiffWaveConfig.model_validate(voice.config), voice.mel_spec, Work()
    steps = len(Plan.of(DiffWaveOptions(), config).levels)
    layers = sum(isinstance(module, ResidualLayer) for module in network.modules())
    values = layers * steps * config.residual_channels * spec.sample_rate / config.samples_per_group
    work.add(PRODUCTS, once(config, spec).macs_per_second + steps * every_step(config, spec).macs_per_second)
    work.add(GATES, values)
    work.add(BYTES, (2 + 2 + 2) * _FLOAT_BYTES * values)
    return work


SUBJECTS: dict[str, tuple[str, Callable[[Voice, nn.Module], Work], float]] = {
    "bigvgan": ("bigvgan:base", bigvgan_work, 1.0), "diffwave": ("diffwave:base", diffwave_work, 0.2),
}
"""A published size, how its work is counted, and the share of the seconds that is rendered."""


def renderers(catalog: Catalog, case: Case, voice: Voice) -> dict[str, Renderer]:
    """One for each engine that can run it."""
    found = {}
    for entry in catalog.engines.entries():
        if is_installed(entry):
            try:
                found[entry.name] = open_vocoder(catalog, case.vocoder, voice, refine=0,
                                                 engine=EngineChoice(entry.name, threads=1))
            except Exception as error:  # told, and left out
                print(f"{case.label} on {entry.name}: {error}\n")
    return found


def measure(name: str, seconds: float, turns: int) -> None:
    """Print what a network's rendering is made of, and the share of the bound."""
    size, count, share = SUBJECTS[name]
    catalog = Catalog.installed(no_plugins=True)
    (case,) = choose(catalog, sizes=[size])
    voice = case.load(catalog)
    assert voice is not None
    plain = load_target(catalog.vocoders.get(case.vocoder), "plain")
    work = count(voice, plain(voice))
    mel_frames = max(1, round(seconds * share * voice.mel_spec.frame_rate_hz))
    mel = Mel(plausible_mel(voice.mel_spec, mel_frames, np.random.default_rng(0)), voice.mel_spec)
    audio_s = mel_frames / voice.mel_spec.frame_rate_hz
    best = {kind: one for kind, one in rates().items() if kind in work.amounts}
    calls: dict[str, Callable[[], Any]] = {kind: call for kind, (call, _) in best.items()}
    opened = renderers(catalog, case, voice)
    calls |= {engine: lambda renderer=renderer: renderer(mel) for engine, renderer in opened.items()}
    taken = turn_about_s(calls, turns, "cpu")
    seconds_of = {kind: work.amounts[kind] * median(taken[kind]) / amount for kind, (_, amount) in best.items()}
    bound = sum(seconds_of.values())
    print(f"{case.label}, {audio_s:.1f} s of audio; a second of audio takes\n")
    print(table(["work", "10^9", "10^9 a second, at best", "s"], [
        [kind, f"{amount / 1e9:.2f}", f"{amount / seconds_of[kind] / 1e9:.2f}", f"{seconds_of[kind]:.3f}"]
        for kind, amount in work.amounts.items()
    ] + [["bound", "", "", f"{bound:.3f}"]]))
    print()
    print(table(["engine", "s a second of audio", "share of the bound"], [
        [engine, f"{median(taken[engine]) / audio_s:.3f}", f"{bound / (median(taken[engine]) / audio_s):.0%}"]
        for engine in opened
    ]))
    print()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--only", choices=list(SUBJECTS))
    given = parser.parse_args()
    torch.set_num_threads(1)
    for name in [given.only] if given.only else SUBJECTS:
        measure(name, given.seconds, given.turns)


if __name__ == "__main__":
    main()
