"""Teaches the pitch network of a voice to hear what another tracker hears; all else of the voice stays as it is.

    pip install pyworld "setuptools<81"        # pyworld imports pkg_resources
    python -m vocolab_harmonic.pitch_training CORPUS --voice harmonic-22k -o harmonic-22k.safetensors

A voice learns F0 from vocolab's own tracker while it is trained, on segments of less than a second. Harvest (Morise,
2017) needs whole clips and a quarter of their length; it voices what lies between vowels. So F0 of the corpus is read
once, kept, and taught afterwards. Each clip is also heard faster and slower, which moves F0: speakers that the corpus
does not have.
"""

from __future__ import annotations

import argparse
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.mels.extract import extract
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import filled
from vocolab.options import make_options
from vocolab.training.corpus import Clip, Corpus, read_corpus
from vocolab.voice import Voice
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.network import HarmonicGenerator
from vocolab_harmonic.pitch import PitchNetwork

Floats = NDArray[np.float32]

STEP_S = 0.005
"""Between the moments at which Harvest is asked."""
RATES = (0.55, 0.68, 0.82, 1.0, 1.2, 1.4)
"""How fast each clip is heard."""
SEGMENT_FRAMES, BATCH = 96, 32
GAIN_DB = (-10.0, 10.0)
COLOUR_DB = 3.0
"""Standard deviation of each of the cosines across the bands that colour a mel as another microphone would."""
COSINES = 4
LOWEST_HZ, HIGHEST_HZ = 71.0, 800.0
"""Of Harvest, its authors' own: with a wider range it voices rumble."""
GROSS_CENTS = 300.0
_WARMUP_STEPS = 50


@dataclass(frozen=True, eq=False)
class Example:
    """A mel (n_mels, frames) and its F0 (frames,), 0 where unvoiced."""

    mel: NDArray[np.float16]
    f0_hz: Floats
    speaker: str = ""


def harvest(clip: Clip) -> Floats:
    """Harvest's F0 of a clip each `STEP_S`, 0 where unvoiced."""
    pyworld = import_module("pyworld")
    samples = clip.samples.astype(np.float64) / 32768
    found, _ = pyworld.harvest(
        samples, clip.sample_rate, f0_floor=LOWEST_HZ, f0_ceil=HIGHEST_HZ, frame_period=1000 * STEP_S
    )
    return np.asarray(found, dtype=np.float32)


def labels(clips: Sequence[Clip], kept: Path) -> dict[str, Floats]:
    """F0 of all clips by name; what a file of an earlier call has is not read again."""
    known: dict[str, Floats] = {}
    if kept.exists():
        with np.load(kept) as file:
            known = {name: file[name] for name in file.files}
    for index, clip in enumerate(clips):
        if clip.name not in known:
            known[clip.name] = harvest(clip)
        if index % 100 == 99 or index == len(clips) - 1:
            print(f"F0 of {index + 1} of {len(clips)} clips", flush=True)
            np.savez(kept, **known)  # type: ignore[arg-type]
    return known


def heard(clip: Clip, f0_hz: Floats, spec: MelSpec, rate: float = 1.0) -> Example:
    """A clip played `rate` times as fast."""
    samples = clip.samples / np.float32(32768)
    played = Audio.mono(samples, round(clip.sample_rate * rate))
    mel = extract(played, spec).values
    middles_s = (np.arange(mel.shape[1]) + 0.5) * spec.hop_samples / spec.sample_rate * rate
    at = np.clip(np.rint(middles_s / STEP_S).astype(int), 0, f0_hz.size - 1)
    # The corpora's names begin with their speaker's.
    return Example(mel.astype(np.float16), (f0_hz[at] * rate).astype(np.float32), re.split("[-_]", clip.name)[0])


class Lessons:
    """Batches of segments, drawn by seed; four times the clips of a speaker are drawn twice as often."""

    def __init__(self, examples: Sequence[Example], spec: MelSpec, seed: int) -> None:
        self._examples = [one for one in examples if one.f0_hz.size >= SEGMENT_FRAMES]
        self._nats_per_db = math.log(10) / 20 * spec.power
        self._floor = np.float32(math.log(spec.clamp))
        across = np.arange(spec.n_mels) / spec.n_mels
        self._cosines = np.cos(np.pi * np.arange(1, COSINES + 1)[:, None] * across)
        self._draw = np.random.default_rng(seed)
        of = Counter(one.speaker for one in self._examples)
        weights = np.array([of[one.speaker] ** -0.5 for one in self._examples])
        self._shares = weights / weights.sum()

    def batch(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Mels (batch, n_mels, frames) at levels of their own, and F0 (batch, frames)."""
        mels, f0s = [], []
        for index in self._draw.choice(len(self._examples), size=BATCH, p=self._shares):
            example = self._examples[index]
            start = self._draw.integers(example.f0_hz.size - SEGMENT_FRAMES + 1)
            here = slice(start, start + SEGMENT_FRAMES)
            colour = self._draw.normal(0, COLOUR_DB, COSINES) @ self._cosines
            gain = ((self._draw.uniform(*GAIN_DB) + colour) * self._nats_per_db).astype(np.float32)
            mels.append(np.maximum(example.mel[:, here].astype(np.float32) + gain[:, None], self._floor))
            f0s.append(example.f0_hz[here])
        return torch.from_numpy(np.stack(mels)), torch.from_numpy(np.stack(f0s))


def teach(network: HarmonicGenerator, lessons: Lessons, steps: int, learning_rate: float) -> None:
    """Steps of AdamW on the pitch network, the rate falling by a cosine; the end is the mean of the last tenth."""
    optimizer = torch.optim.AdamW(network.pitch.parameters(), learning_rate, betas=(0.8, 0.99))
    mean: dict[str, torch.Tensor] = {}
    last, told = steps - max(steps // 10, 1), 0.0
    for step in range(steps):
        falling = 0.02 + 0.49 * (1 + math.cos(math.pi * step / steps))
        for group in optimizer.param_groups:
            group["lr"] = learning_rate * min(1, (step + 1) / _WARMUP_STEPS) * falling
        mel, f0_hz = lessons.batch()
        optimizer.zero_grad()
        loss = network.pitch.loss(network.centred(mel), f0_hz)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.pitch.parameters(), 1.0)
        optimizer.step()
        told += loss.item()
        if step % 100 == 99:
            print(f"step {step + 1} of {steps}: loss {told / 100:.4f}", flush=True)
            told = 0.0
        if step >= last:
            for name, value in network.pitch.state_dict().items():
                mean[name] = mean.get(name, torch.zeros_like(value)) + value / (steps - last)
    network.pitch.load_state_dict(mean)


@torch.inference_mode()
def figures(network: HarmonicGenerator, examples: Sequence[Example]) -> dict[str, float]:
    """Gross errors in % of the frames that both call voiced, and frames in % that only one calls so."""
    both, gross, apart, frames = 0, 0, 0, 0
    for example in examples:
        read = network.f0_hz(torch.from_numpy(example.mel.astype(np.float32))[None])[0].numpy()
        voiced = (read > 0) & (example.f0_hz > 0)
        cents = 1200 * np.abs(np.log2(read[voiced] / example.f0_hz[voiced]))
        both, gross = both + int(voiced.sum()), gross + int((cents > GROSS_CENTS).sum())
        apart, frames = apart + int(((read > 0) != (example.f0_hz > 0)).sum()), frames + read.size
    return {"gross_percent": 100 * gross / max(both, 1), "voicing_percent": 100 * apart / max(frames, 1)}


def taught(
    voice: Voice, corpus: Corpus, kept: Path, steps: int, learning_rate: float, seed: int, ahead: int | None = None
) -> Voice:
    """The voice with another pitch network; with `ahead` it begins anew, with so many taps after a frame."""
    assert voice.mel_spec is not None
    spec, config = voice.mel_spec, make_options(HarmonicConfig, voice.config, "harmonic config")
    network = filled(lambda: HarmonicGenerator(config, spec), voice.float32(), "the voice")
    if ahead is not None:
        torch.manual_seed(seed)
        config = config.model_copy(update={"pitch_ahead": ahead})
        network.pitch = PitchNetwork(spec.n_mels, config)
    f0 = labels([*corpus.train, *corpus.validation], kept)
    tests = [heard(clip, f0[clip.name], spec) for clip in corpus.validation[::2]]
    print("before:", figures(network, tests), flush=True)
    lessons = Lessons([heard(clip, f0[clip.name], spec, rate) for clip in corpus.train for rate in RATES], spec, seed)
    network.requires_grad_(False).pitch.requires_grad_(True)
    teach(network, lessons, steps, learning_rate)
    after = figures(network, tests)
    print("after:", after, flush=True)
    learned = {f"pitch.{name}": value.numpy() for name, value in network.pitch.state_dict().items()}
    tensors = {**voice.float32(), **learned}
    told: dict[str, Any] = {"from": "Harvest (pyworld) on the same corpus", "steps": steps, "validation": after}
    provenance = {**voice.provenance, "pitch_taught": told}
    return replace(voice, config=config.model_dump(), tensors=tensors, provenance=provenance)


def main() -> None:
    """Reads what to do from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--voice", required=True, help="A name or a file.")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--kept", type=Path, help="Where F0 of the corpus is kept; usually beside the output.")
    parser.add_argument("--clips", type=int, help="Of the training half, drawn by seed; usually all.")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--anew", type=int, metavar="AHEAD", help="Begin anew, with so many taps after a frame.")
    arguments = parser.parse_args()
    from vocolab.catalog import Catalog

    voice = Catalog.installed().voices.load(arguments.voice)
    corpus = read_corpus(arguments.corpus, print)
    if arguments.clips is not None and arguments.clips < len(corpus.train):
        chosen = np.random.default_rng(arguments.seed).permutation(len(corpus.train))[: arguments.clips]
        corpus = replace(corpus, train=[corpus.train[index] for index in sorted(chosen)])
    kept = arguments.kept or arguments.output.with_suffix(".f0.npz")
    made = taught(voice, corpus, kept, arguments.steps, arguments.learning_rate, arguments.seed, arguments.anew)
    made.save(arguments.output, half=True)
    print(f"wrote {arguments.output}")


if __name__ == "__main__":
    main()
