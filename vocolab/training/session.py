"""A training run from its recipe to its voice: what `vocolab train` does, without the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vocolab.interfaces import Trainable, TrainableFactory
from vocolab.mels.conventions import convention
from vocolab.training.corpus import Corpus, read_corpus
from vocolab.training.recipe import Recipe
from vocolab.training.run_folder import RunFolder
from vocolab.training.trainer import Report, Trainer
from vocolab.voice import Voice


@dataclass(frozen=True)
class TrainingJob:
    """Everything that a run needs to be started, or resumed."""

    vocoder: str
    factory: TrainableFactory
    recipe: Recipe
    folder: Path
    device: str = "cpu"

    def trainable(self) -> Trainable:
        """The generator of the recipe, freshly initialised from its seed."""
        import torch

        torch.manual_seed(self.recipe.seed)
        return self.factory(self.recipe.model, convention(self.recipe.mel_spec))

    def trainer(self, corpus: Corpus) -> Trainer:
        """A trainer in the run's folder, resumed where there is a checkpoint."""
        run = RunFolder(self.folder, keep_last=self.recipe.checkpoints.keep_last)
        trainable = self.trainable()
        run.open(self.recipe, self.vocoder)
        trainer = Trainer(trainable, self.recipe, corpus, run, device=self.device)
        trainer.resume()
        return trainer

    def run(self, data: Path, say: Callable[[str], None], report: Report, *, until: int | None = None) -> Trainer:
        """Read the corpus and train to the end of the recipe, or `until`."""
        corpus = read_corpus(data, say)
        minutes = corpus.train_seconds / 60
        say(f"{len(corpus.train)} clips, {minutes:.1f} min, to train on; {len(corpus.validation)} held out")
        trainer = self.trainer(corpus)
        if trainer.step:
            say(f"resumed at step {trainer.step} of {self.recipe.optimizer.steps}")
        trainer.train(report, until=until)
        return trainer

    def export(self, *, licence: str = "", trained_on: str = "") -> Voice:
        """The best validated weights so far as a voice, with its provenance.

        Raises:
            TrainingError: if no validation has been passed yet.
        """
        best = RunFolder(self.folder).load_best()
        voice = self.trainable().export(best["average"])
        provenance: dict[str, Any] = {
            "summary": self.recipe.summary, "steps": best["step"], "recipe": self.recipe.model_dump(mode="json"),
            "validation": {name: round(value, 4) for name, value in best["figures"].items()},
            "validation_clips": self.recipe.validation.clips, "licence": licence, "trained_on": trained_on,
        }
        return Voice(voice.vocoder, voice.config, voice.mel_spec, voice.tensors, provenance)
