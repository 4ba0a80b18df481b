"""What an aligner learns from: recordings and what is said in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Generator, nn

from vocolab.alignment.transcript import read_transcript
from vocolab.audio import Audio
from vocolab.errors import CorpusError, InputError
from vocolab.mels.extract import extract
from vocolab.mels.spec import MelSpec
from vocolab.texts.speaking import Speaker
from vocolab.training.corpus import Clip, read_corpus
from vocolab.training.recipe import Recipe
from vocolab_aligner.examples import AlignmentBatch, Example, batch_of, centred
from vocolab_aligner.units import Units

_NEAR = 6
"""A batch is drawn from clips of like length: so many times its size."""


class AlignmentData:
    """The `TrainingData` of an aligner.

    Args:
        folder: A corpus with texts.
        speaker: Reads the texts.
        spec: The convention of the mels.
        recipe: How many clips are validated, and the seed.
        sharpness: Of the prior.
        say: Told what was left out.

    Raises:
        CorpusError: if no clip is left to train on or to validate with.
    """

    def __init__(
        self, folder: Path, speaker: Speaker, spec: MelSpec, recipe: Recipe, sharpness: float,
        say: Callable[[str], None],
    ) -> None:
        corpus = read_corpus(folder, say, sample_rate=spec.sample_rate)
        self.sharpness, self.seed = sharpness, recipe.seed
        held_out = corpus.validation[: recipe.validation.clips]
        self.validation = list(_examples(held_out, speaker, spec, say))
        self.train = sorted(_examples(corpus.train, speaker, spec, say), key=lambda one: one.frames)
        if not self.train or not self.validation:
            raise CorpusError("no clip with a text that can be aligned is left", about=folder)
        minutes = sum(one.frames for one in self.train) / spec.frame_rate_hz / 60
        self.summary = f"{len(self.train)} clips, {minutes:.1f} min, to train on; {len(corpus.validation)} held out"

    def draw(self, step: int, size: int, share: range) -> tuple[int, list[Example]]:
        """Clips of like length; decided by the seed and the step."""
        random = np.random.default_rng([self.seed, step])
        near = min(len(self.train), max(size * _NEAR, size))
        first = int(random.integers(len(self.train) - near + 1))
        chosen = random.choice(near, size=size, replace=size > near)
        return step, [self.train[first + chosen[index]] for index in share]

    def batch(self, drawn: Any, device: torch.device, random: Generator) -> AlignmentBatch:
        """What was drawn, on the device."""
        step, examples = drawn
        return batch_of(examples, self.sharpness, device, random, step)

    @torch.no_grad()
    def validate(
        self, trainable: Any, network: nn.Module, device: torch.device, step: int | None = None
    ) -> dict[str, float]:
        """Means over the held-out clips, see `Objective`, with all losses at full weight."""
        rows = []
        for example in self.validation:
            batch = batch_of([example], self.sharpness, device, Generator(device), step or 0)
            rows.append(trainable.figures(network, batch))
        return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}

    def score(self, figures: Mapping[str, float]) -> float:
        """How likely the best placements are; higher is better."""
        return -figures["binarisation"]


def _examples(
    clips: Iterable[Clip], speaker: Speaker, spec: MelSpec, say: Callable[[str], None]
) -> Iterable[Example]:
    units = Units(speaker.language.symbols)
    for clip in clips:
        try:
            symbols = read_transcript(speaker, clip.text).symbols
        except InputError as error:
            say(f"left out {clip.name}: {error}")
            continue
        audio = Audio.mono(clip.cut(0, clip.samples.size), clip.sample_rate)
        mel = centred(extract(audio, spec).values)
        example = Example(clip.name, mel, units.numbers(symbols), units.optional(symbols))
        if example.fits:
            yield example
        else:
            say(f"left out {clip.name}: {example.frames} frames are too few for its {len(symbols)} symbols; is the "
                "text what is said?")
