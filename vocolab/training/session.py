"""A training run from its recipe to its voice: what `vocolab train` does, without the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch

from vocolab.errors import CallError
from vocolab.interfaces import Trainable, TrainableFactory, Vocoder
from vocolab.mels.conventions import convention, spelled
from vocolab.mels.spec import MelSpec
from vocolab.training.aligned import AlignedSegments, given_mels, read_aligned
from vocolab.training.batches import Batches, ExtractedPairs, Pairs
from vocolab.training.corpus import Clip, Corpus, read_corpus
from vocolab.training.learner import Learner
from vocolab.training.log import Report, Say
from vocolab.training.pace import Reach
from vocolab.training.processes import Processes, joined
from vocolab.training.recipe import Recipe
from vocolab.training.run_folder import RunDescription, RunFolder
from vocolab.training.segments import SegmentSource
from vocolab.training.starting_point import StartingPoint
from vocolab.training.tasks.choice import build_task
from vocolab.training.trainer import Trainer
from vocolab.training.validation import Validation


def _nobody(line: str) -> None:
    pass


@dataclass(frozen=True)
class TrainingJob:
    """Everything that a run needs to be started, or resumed."""

    vocoder: str
    factory: TrainableFactory
    recipe: Recipe
    folder: Path
    device: str = "cpu"
    start: StartingPoint | None = None
    """A voice to fine-tune."""
    mels: Path | None = None
    """Folder of predicted mels to train on."""
    teacher: Vocoder | None = None
    """The opened voice of `[distill]`."""

    def trainable(self) -> Trainable:
        """What the recipe describes: freshly initialised from its seed, or with the weights that are fine-tuned."""
        torch.manual_seed(self.recipe.seed)
        description = self.description()
        trainable = self.factory(description.recipe.model, description.mel_spec)
        if self.start is not None:
            self.start.apply(trainable)
        return trainable

    def description(self) -> RunDescription:
        """What the run's folder says of it, the architecture and the convention of a fine-tuned voice filled in."""
        if self.start is None:
            return RunDescription(self.vocoder, self.recipe, convention(self.recipe.mel_spec))
        model, spec = self.start.model(self.recipe, self.vocoder), self.start.mel_spec(self.recipe)
        recipe = self.recipe.model_copy(update={"model": model})
        return RunDescription(self.vocoder, recipe, spec, self.start.provenance())

    def trainer(
        self, corpus: Corpus, processes: Processes | None = None, device: torch.device | None = None, say: Say = _nobody
    ) -> Trainer:
        """A trainer in the run's folder, resumed where there is a checkpoint."""
        processes, device = processes or Processes(), device or torch.device(self.device)
        recipe, run = self.recipe, RunFolder(self.folder, keep_last=self.recipe.checkpoints.keep_last)
        trainable = self.trainable()
        _check_teacher(self.teacher, trainable.mel_spec)
        if recipe.optimizer.compile:
            trainable.network.compile()
        learner = Learner(trainable.network.to(device), recipe.optimizer, device=device, processes=processes)
        task = build_task(trainable, recipe, learner, processes, self.teacher)
        batches = Batches(self._source(corpus, trainable.mel_spec, say), recipe, device, processes)
        validation = self._validation(corpus, trainable.mel_spec, say, run)
        if processes.first:  # only now: a recipe that can't be trained leaves no folder
            run.open(self.description())
        trainer = Trainer(trainable, recipe, task, batches, validation, run)
        trainer.resume(say)
        return trainer

    def run(
        self, data: Path, say: Say, report: Report, *, until: int | None = None,
        reach: Reach = lambda step, steps_per_s: None,
    ) -> Trainer:
        """Read the corpus and train to the end of the recipe, or `until`; as one of several processes if it is one."""
        with joined(self.device) as (processes, device):
            tell = say if processes.first else _nobody
            corpus = read_corpus(data, tell, sample_rate=self.description().mel_spec.sample_rate)
            minutes = corpus.train_seconds / 60
            tell(f"{len(corpus.train)} clips, {minutes:.1f} min, to train on; {len(corpus.validation)} held out")
            trainer = self.trainer(corpus, processes, device, tell)
            if trainer.step:
                tell(f"resumed at step {trainer.step} of {self.recipe.optimizer.steps}")
            trainer.train(report, until=until, reach=reach)
        return trainer

    def _source(self, corpus: Corpus, spec: MelSpec, say: Say) -> Pairs:
        frames, seed = self.recipe.optimizer.segment_frames, self.recipe.seed
        if self.mels is not None:
            clips = read_aligned(self.mels, corpus.train, spec, say)
            say(f"{len(clips)} clips have a mel in {self.mels}; segments of them are neither played faster nor louder")
            return AlignedSegments(clips, spec, segment_frames=frames, seed=seed)
        segments = SegmentSource(corpus.train, spec, self.recipe.data, segment_frames=frames, seed=seed)
        return ExtractedPairs(segments, spec)

    def _validation(self, corpus: Corpus, spec: MelSpec, say: Say, run: RunFolder) -> Validation:
        options = self.recipe.validation
        clips: list[Clip] = corpus.validation[: options.clips]
        mels = None
        if self.mels is not None:
            aligned = read_aligned(self.mels, clips, spec, say)
            clips, mels = [pair.clip for pair in aligned], given_mels(aligned, spec)
        return Validation(clips, spec, mels, samples=run.samples, n_samples=options.samples)


def _check_teacher(teacher: Vocoder | None, spec: MelSpec) -> None:
    if teacher is not None and teacher.mel_spec != spec:
        raise CallError(f"recipe [distill]: the teacher takes mels of {spelled(teacher.mel_spec)}, the student of "
                        f"{spelled(spec)}; a student hears what its teacher hears")
