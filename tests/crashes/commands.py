"""The calls of the crash matrix: what they need, what they write, and what has to be the same in the end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

OLD = b"what was there before"

_RECIPE = """
[model]
dim = 16
intermediate_dim = 32
num_layers = 1
[optimizer]
steps = 6
batch = 1
segment_frames = 16
[validation]
every_steps = 3
clips = 1
[checkpoints]
every_steps = 1
[log]
every_steps = 1
tensorboard = false
"""


@dataclass(frozen=True)
class Command:
    """One call."""

    arguments: tuple[str, ...]
    outputs: tuple[str, ...]
    """Files that are replaced whole, or are as they were."""
    result: Callable[[Path], Any]
    """What a finished call leaves: equal for all that have come to their end, however often they were killed before."""
    begins: Callable[[Path], None] = lambda folder: None
    """Puts into the folder what the call works on."""


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(*names: str) -> Callable[[Path], Any]:
    return lambda folder: {name: _digest(folder / name) for name in names}


def _prepared(folder: Path) -> Any:
    kept = ("corpus.json", "metadata.csv", "validation.txt")
    root = folder / "prepared"
    return {path.name: _digest(path) for path in [*(root / name for name in kept), *(root / "flac").iterdir()]}


def _trained(folder: Path) -> Any:
    import torch

    state = torch.load(folder / "run" / "checkpoints" / "6.network.pt", weights_only=True)
    return {name: hashlib.sha256(value.numpy().tobytes()).hexdigest() for name, value in state["generator"].items()}


def _audio(n_samples: int, seed: int) -> Any:
    from vocolab.audio import Audio

    beats = np.sin(np.arange(n_samples) * 0.03) * (np.arange(n_samples) % 9_000 > 3_000)
    noise = np.random.default_rng(seed).standard_normal(n_samples)
    return Audio.mono((0.1 * beats + 0.001 * noise).astype(np.float32), 22_050)


def _mel(folder: Path) -> None:
    from vocolab.mels.conventions import convention
    from vocolab.mels.extract import extract

    extract(_audio(22_050, 0), convention("hifigan-22k")).save(folder / "m.safetensors")


def _wav(folder: Path) -> None:
    _audio(66_150, 0).save(folder / "a.wav")


def _corpus(folder: Path) -> None:
    (folder / "corpus" / "wavs").mkdir(parents=True)
    for number in range(5):
        _audio(30_000 + 1_000 * number, number).save(folder / "corpus" / "wavs" / f"c{number}.wav")
    (folder / "corpus" / "metadata.csv").write_text("".join(f"c{number}|text {number}\n" for number in range(5)))
    (folder / "r.toml").write_text(_RECIPE)


def _checkpoint(folder: Path) -> None:
    """A generator of HiFi-GAN's V2 as its authors save one, with random weights."""
    import torch

    sizes = {
        "resblock": "1", "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4],
        "upsample_initial_channel": 128, "resblock_kernel_sizes": [3, 7, 11],
        "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5], [1, 3, 5]], "num_mels": 80, "n_fft": 1024, "hop_size": 256,
        "win_size": 1024, "sampling_rate": 22050, "fmin": 0, "fmax": 8000,
    }
    (folder / "config.json").write_text(json.dumps(sizes))
    torch.save({"generator": _generator(sizes)}, folder / "g_1")


def _generator(sizes: dict[str, Any]) -> dict[str, Any]:
    import torch

    torch.manual_seed(0)
    shapes = {"conv_pre": (128, 80, 7), "conv_post": (1, 8, 7)}
    for stage, kernel in enumerate(sizes["upsample_kernel_sizes"]):
        width = 128 >> stage
        shapes[f"ups.{stage}"] = (width, width // 2, kernel)
        for branch, taps in enumerate(sizes["resblock_kernel_sizes"]):
            for part in ("convs1", "convs2"):
                for layer in range(3):
                    shapes[f"resblocks.{3 * stage + branch}.{part}.{layer}"] = (width // 2, width // 2, taps)
    state = {}
    for name, shape in shapes.items():
        weight = 0.05 * torch.randn(shape)
        state[f"{name}.weight_g"] = weight.flatten(1).norm(dim=1).reshape(-1, 1, 1)
        state[f"{name}.weight_v"] = weight
        state[f"{name}.bias"] = torch.zeros(shape[1] if name.startswith("ups") else shape[0])
    return state


COMMANDS = {
    "render": Command(
        ("render", "m.safetensors", "--voice", "vocos-22k", "--preset", "podcast", "-o", "out.flac", "--quiet"),
        ("out.flac",), _files("out.flac"), _mel),
    "master": Command(
        ("master", "a.wav", "--preset", "podcast", "-o", "out.mp3", "--report", "r.json", "--quiet"),
        ("out.mp3",), _files("out.mp3"), _wav),
    "train": Command(
        ("train", "vocos", "r.toml", "--data", "corpus", "--run", "run", "--quiet"), (), _trained, _corpus),
    "data prepare": Command(
        ("data", "prepare", "corpus", "--mel-spec", "hifigan-22k", "-o", "prepared", "--quiet"), (), _prepared,
        _corpus),
    "convert": Command(
        ("convert", "g_1", "-o", "v.safetensors", "--quiet"), ("v.safetensors",), _files("v.safetensors"), _checkpoint),
}
