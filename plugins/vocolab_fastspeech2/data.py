"""What `vocolab train run fastspeech2` learns from and is validated with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Generator, nn

from vocolab.corpora.folder import read_validation
from vocolab.errors import CorpusError
from vocolab.mels.spec import MelSpec
from vocolab.texts.symbols import SymbolSet
from vocolab.training.recipe import Recipe
from vocolab_fastspeech2.clips import SpokenClip, features_of
from vocolab_fastspeech2.examples import LONGEST_REST_FRAMES, Example, SpeechBatch, collate, example, joined
from vocolab_fastspeech2.joining import JoinOptions
from vocolab_fastspeech2.network import SmallFastSpeech2
from vocolab_fastspeech2.samples import Samples

_HELD_OUT_IN = 100
"""Without a list of clips to validate with, one in so many is held out, chosen by its name."""


class SpeechData:
    """Batches of about `optimizer.batch` times `optimizer.segment_frames` frames.

    Args:
        folder: Where the clips are; features are kept in it.
        clips: What `clips.read_clips` found.
        symbols: The set that their symbols are of.
        speakers: Names, in the order of the network's embedding.
        spec: The convention of the mels.
        recipe: Its `optimizer`, its seed, and how many clips are validated.
        join: How often clips are joined, and to what length.
        samples: Where validation writes what the network says.
        say: Told what is left out.
    """

    def __init__(  # noqa: PLR0913  what a run is
        self, folder: Path, clips: Sequence[SpokenClip], symbols: SymbolSet, speakers: Sequence[str], spec: MelSpec,
        recipe: Recipe, join: JoinOptions, samples: Path, say: Callable[[str], None],
    ) -> None:
        self.symbols, self.speakers, self.spec, self.join = symbols, list(speakers), spec, join
        self.seed, self.frames = recipe.seed, recipe.optimizer.batch * recipe.optimizer.segment_frames
        self.cache = folder / f"features-{_fingerprint(spec)}"
        held_out = _held_out(folder, clips)
        self.validation = [clip for clip in clips if clip.name in held_out][: recipe.validation.clips]
        train = [clip for clip in clips if clip.name not in held_out]
        usable = [clip for clip in train if 10 < clip.frames(spec) <= self.frames]
        if len(usable) < len(train):
            say(f"left out {len(train) - len(usable)} clips that are longer than a batch of {self.frames} frames, or "
                "hardly there")
        if not usable or not self.validation:
            raise CorpusError(f"no clips to {'validate with' if usable else 'train on'}", about=folder)
        self.samples = Samples(samples, self.validation[: recipe.validation.samples], symbols, spec, say)
        self.train = sorted(usable, key=lambda clip: (clip.frames(spec), clip.name))
        self._lengths = np.array([clip.frames(spec) for clip in self.train])
        hours = self._lengths.sum() * spec.hop_samples / spec.sample_rate / 3600
        self.summary = (f"{len(self.train)} clips, {hours:.2f} h, of {len(self.speakers)} speakers to train on; "
                        f"{len(held_out)} held out")

    def draw(self, step: int, size: int, share: range) -> list[Example]:
        """Rows of a batch: of the batches that make a step, the one that begins at `share`."""
        random = np.random.default_rng([self.seed, step, share.start])
        return self._joined(random) if random.random() < self.join.share else self._alike(random)

    def batch(self, drawn: list[Example], device: torch.device, random: Generator) -> SpeechBatch:
        """The rows, padded."""
        return collate(drawn, device, random)

    def validate(
        self, trainable: Any, network: nn.Module, device: torch.device, step: int | None = None
    ) -> dict[str, float]:
        """See `trainable.figures`: means over the clips that are held out. The first are also said, see `Samples`."""
        batches = [collate([self._example(clip)], device, torch.Generator()) for clip in self.validation]
        figures: dict[str, float] = trainable.figures(network, batches)
        if step is not None:
            assert isinstance(network, SmallFastSpeech2)
            self.samples.write(network, self.speakers, step)
        return figures

    def score(self, figures: Mapping[str, float]) -> float:
        """The nearer the mel without being told anything of it, the better."""
        return -figures["mel_free"]

    def _example(self, clip: SpokenClip) -> Example:
        features = features_of(clip, self.spec, self.cache)
        return example(clip.symbols, features, self.symbols, self.speakers.index(clip.speaker))

    def _alike(self, random: np.random.Generator) -> list[Example]:
        order = np.argsort(self._lengths + random.uniform(-20, 20, len(self._lengths)), kind="stable")
        first = int(random.integers(len(order)))
        rows = [first]
        while rows[-1] + 1 < len(order) and (len(rows) + 1) * self._lengths[order[rows[-1] + 1]] <= self.frames:
            rows.append(rows[-1] + 1)
        return [self._example(self.train[order[row]]) for row in rows]

    def _joined(self, random: np.random.Generator) -> list[Example]:
        longest = int(random.integers(self.join.least_frames, self.join.most_frames + 1))
        return [self._long(random, longest) for _ in range(max(1, self.frames // longest))]

    def _long(self, random: np.random.Generator, longest: int) -> Example:
        whole = self._example(self.train[int(random.integers(len(self.train)))])
        while True:
            chosen = self.train[int(random.integers(len(self.train)))]
            if len(whole.mel) + chosen.frames(self.spec) + LONGEST_REST_FRAMES > longest:
                return whole
            following = self._example(chosen)
            if following.speaker == whole.speaker:
                rest = int(random.integers(LONGEST_REST_FRAMES)) if random.random() < self.join.as_one else None
                whole = joined(whole, following, self.symbols, rest)


def _fingerprint(spec: MelSpec) -> str:
    return hashlib.sha256(json.dumps(spec.to_dict(), sort_keys=True).encode()).hexdigest()[:12]


def _held_out(folder: Path, clips: Sequence[SpokenClip]) -> set[str]:
    listed = read_validation(folder)
    if listed is not None:
        return set(listed)
    return {clip.name for clip in clips
            if int(hashlib.sha256(clip.name.encode()).hexdigest(), 16) % _HELD_OUT_IN == 0}
