"""What vocoders learn from: segments of recordings with their mels, and whole clips to validate with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Generator, nn

from vocolab.mels.spec import MelSpec
from vocolab.training.aligned import AlignedSegments, facts_of_mels, given_mels, read_aligned
from vocolab.training.batches import ExtractedPairs, Pairs
from vocolab.training.corpus import Corpus
from vocolab.training.interfaces import MelToAudio
from vocolab.training.recipe import Recipe
from vocolab.training.segments import SegmentSource
from vocolab.training.tasks.task import SegmentBatch
from vocolab.training.validation import Validation, score


class SegmentData:
    """The `TrainingData` of a `MelToAudio`.

    Args:
        corpus: The clips.
        spec: The convention of the mels.
        recipe: How segments are drawn and how many clips are validated.
        mels: A folder of mels that were given for the clips; None: those of the recordings.
        force: Take them as mels of `spec`, though their numbers speak against it.
        samples: Where validation writes what it renders.
        say: Told what was left out of `mels`, a line each.
    """

    def __init__(
        self, corpus: Corpus, spec: MelSpec, recipe: Recipe, *, mels: Path | None = None, force: bool = False,
        samples: Path | None = None, say: Callable[[str], None] = lambda line: None,
    ) -> None:
        frames, seed = recipe.optimizer.segment_frames, recipe.seed
        clips, given = corpus.validation[: recipe.validation.clips], None
        self.given_mels: dict[str, Any] | None = None
        """What a run keeps of the mels that it was given; None for those of the recordings."""
        if mels is None:
            segments = SegmentSource(corpus.train, spec, recipe.data, segment_frames=frames, seed=seed)
            self.source: Pairs = ExtractedPairs(segments, spec)
        else:
            pairs = read_aligned(mels, corpus.train, spec, say, force=force)
            say(f"{len(pairs)} clips have a mel in {mels}; segments of them are neither played faster nor louder")
            self.given_mels = facts_of_mels(mels, pairs)
            self.source = AlignedSegments(pairs, spec, segment_frames=frames, seed=seed)
            aligned = read_aligned(mels, clips, spec, say, force=force)
            clips, given = [pair.clip for pair in aligned], given_mels(aligned, spec)
        self.validation = Validation(clips, spec, given, samples=samples, n_samples=recipe.validation.samples)
        minutes = corpus.train_seconds / 60
        self.summary = f"{len(corpus.train)} clips, {minutes:.1f} min, to train on; {len(corpus.validation)} held out"

    def draw(self, step: int, size: int, share: range) -> Any:
        """The segments `share` of the `size` that belong to a step."""
        return self.source.draw(step, size, share)

    def batch(self, drawn: Any, device: torch.device, random: Generator) -> SegmentBatch:
        """The segments, on the device."""
        mel, audio = self.source.pairs(drawn, device)
        return SegmentBatch(random, mel, audio)

    def validate(
        self, trainable: MelToAudio, network: nn.Module, device: torch.device, step: int | None = None
    ) -> dict[str, float]:
        """Means over the held-out clips, see `Validation`."""
        return self.validation(trainable, network, device, step=step)

    def score(self, figures: Mapping[str, float]) -> float:
        """PESQ with STOI, else the mel distance; higher is better."""
        return score(figures)
