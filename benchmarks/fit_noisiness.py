"""Fits the network of vocolab/postfilters/noisiness.py. Takes two minutes on one core.

    python benchmarks/fit_noisiness.py CORPUS [CORPUS ...] [--hold-out SPEAKER,...] [--every N] [-o FILE.safetensors]

Learns from the clips of the corpora that are not for validation, from coloured noise and from harmonic sounds; prints
how often it is wrong about those that are. A speaker is what a clip's name has before its first "-".
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from vocolab.audio import Audio
from vocolab.corpora.folder import index_audio, read_validation
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.pitch.periodicity import HOP_SAMPLES, RATE_HZ, track_pitch
from vocolab.postfilters.noisiness import WEIGHTS, Weights, band_levels, features, noisiness

CONVENTIONS = ("hifigan-22k", "studio-48k")
HIDDEN, STEPS, BATCH, RATE = 16, 6000, 2048, 3e-3
SOUNDS, SOUND_S = 60, 3


def main() -> None:
    """Fit, and print what the fit comes to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--hold-out", default="", help="speakers that are not learned from")
    parser.add_argument("--every", type=int, default=4, help="learn from every Nth clip")
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    held_out = set(filter(None, arguments.hold_out.split(",")))
    train: list[Path] = []
    validation: dict[str, list[Path]] = {}
    for folder in arguments.corpora:
        named = set(read_validation(folder) or [])
        files = {name: paths[0] for name, paths in index_audio(folder).items()}
        held = {name for name in files if name in named or name.split("-")[0] in held_out}
        train += [file for name, file in files.items() if name not in held][:: arguments.every if named else 1]
        for name in sorted(held):
            validation.setdefault(folder.name if name in named else name.split("-")[0], []).append(files[name])
    network = fit(*learned_from(train))
    save_file({name: tensor.contiguous() for name, tensor in network.items()}, arguments.output, metadata={
        "trained_on": ", ".join(folder.resolve().name for folder in arguments.corpora) + f"; {len(train)} clips",
        "made_by": "benchmarks/fit_noisiness.py",
    })
    weights = {name: tensor.numpy() for name, tensor in network.items()}
    for who, files in validation.items():
        for name in CONVENTIONS:
            print(who, name, wrong(files[:20], name, weights))


def learned_from(files: list[Path]) -> tuple[torch.Tensor, torch.Tensor]:
    """Features and labels of clips, the conventions turn by turn, of noise, and of harmonic sounds."""
    inputs, labels = [], []
    for number, file in enumerate(files):
        seen, label = clip(file, CONVENTIONS[number % len(CONVENTIONS)])
        inputs.append(seen)
        labels.append(label)
    for number in range(SOUNDS):
        spec = convention(CONVENTIONS[number % len(CONVENTIONS)])
        for label, sound in enumerate((harmonics, coloured_noise)):
            seen = features(band_levels(extract(sound(number, spec.sample_rate), spec).values, spec))
            inputs.append(seen)
            labels.append(np.full(len(seen), label, np.float32))
    return torch.from_numpy(np.concatenate(inputs)), torch.from_numpy(np.concatenate(labels))


def clip(file: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Features of a recording's frames, and whether each is unvoiced: 0, 1, or between the two at an edge."""
    spec = convention(name)
    recording = Audio.load(file).mono_at(spec.sample_rate)
    mel = extract(recording, spec).values
    unvoiced = ~track_pitch(recording).voiced
    times_s = (np.arange(mel.shape[1]) + 0.5 * (spec.padding == "hifigan")) * spec.hop_samples / spec.sample_rate
    labels = np.interp(times_s * RATE_HZ / HOP_SAMPLES, np.arange(unvoiced.size), unvoiced.astype(np.float32))
    return features(band_levels(mel, spec)), labels.astype(np.float32)


def coloured_noise(seed: int, rate_hz: int) -> Audio:
    """From brown to blue, half of it with peaks and dips, at -60 to -14 dBFS."""
    random = np.random.default_rng(seed)
    n = SOUND_S * rate_hz
    khz = np.maximum(np.fft.rfftfreq(n, 1 / rate_hz), 20) / 1000
    spectrum = np.fft.rfft(random.standard_normal(n)) * khz ** random.uniform(-1.0, 0.5)
    if seed % 4 < 2:
        spectrum *= 10 ** (np.interp(np.log2(khz), np.linspace(-6, 4, 8), random.uniform(-10, 10, 8)) / 20)
    samples = np.fft.irfft(spectrum)
    return Audio.mono((10 ** random.uniform(-3, -0.7) * samples / samples.std()).astype(np.float32), rate_hz)


def harmonics(seed: int, rate_hz: int) -> Audio:
    """A gliding pitch of 60 to 500 Hz, its harmonics falling by 2 to 14 dB an octave, 30 to 60 dB over white noise."""
    random = np.random.default_rng(seed)
    n = SOUND_S * rate_hz
    pitch_hz = 60 * (500 / 60) ** np.interp(np.arange(n), np.linspace(0, n, 6), random.uniform(0, 1, 6))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / rate_hz
    slope, highest_hz = random.uniform(0.4, 2.3), random.uniform(1500, rate_hz / 2)
    samples = np.zeros(n)
    for k in range(1, int(highest_hz / pitch_hz.min()) + 1):
        samples += np.where(k * pitch_hz < highest_hz, np.cos(k * phase + random.uniform(0, 6)), 0.0) * k**-slope
    samples /= samples.std()
    samples += 10 ** random.uniform(-3, -1.5) * random.standard_normal(n)
    return Audio.mono((10 ** random.uniform(-2, -1) * samples).astype(np.float32), rate_hz)


def fit(inputs: torch.Tensor, labels: torch.Tensor) -> dict[str, torch.Tensor]:
    """Weights after Adam on the cross-entropy; the features' means and scales are folded into them."""
    mean, scale = inputs.mean(0), inputs.std(0)
    network = nn.ModuleDict({"hidden": nn.Linear(inputs.shape[1], HIDDEN), "out": nn.Linear(HIDDEN, 1)})
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = RATE * (1 - step / STEPS)
        rows = torch.randint(len(inputs), (BATCH,))
        evidence = network["out"](torch.tanh(network["hidden"]((inputs[rows] - mean) / scale)))[:, 0]
        loss = nn.functional.binary_cross_entropy_with_logits(evidence, labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    weights = {name: tensor.detach() for name, tensor in network.state_dict().items()}
    weights["hidden.weight"] = weights["hidden.weight"] / scale
    weights["hidden.bias"] = weights["hidden.bias"] - weights["hidden.weight"] @ mean
    return weights


def wrong(files: list[Path], name: str, weights: Weights) -> str:
    """A line on how often weights are wrong about frames of recordings, at a convention."""
    spec = convention(name)
    shares, labels = [], []
    for file in files:
        recording = Audio.load(file).mono_at(spec.sample_rate)
        shares.append(noisiness(extract(recording, spec).values, spec, weights))
        labels.append(clip(file, name)[1])
    share, label = np.concatenate(shares), np.concatenate(labels)
    noise, voice = label > 0.99, label < 0.01
    return (f"noise taken for voice {100 * np.mean(share[noise] < 0.5):.1f} %, "
            f"voice for noise {100 * np.mean(share[voice] > 0.5):.1f} %")


if __name__ == "__main__":
    main()
