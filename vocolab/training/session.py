"""A training run from its recipe to its voice: what `vocolab train` does, without the command line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import torch

from vocolab.errors import CallError, Subject, naming
from vocolab.interfaces import Vocoder
from vocolab.mels.conventions import convention, spelled
from vocolab.mels.spec import MelSpec
from vocolab.training.aligned import AlignedSegments, facts_of_mels, given_mels, read_aligned
from vocolab.training.batches import Batches, ExtractedPairs, Pairs
from vocolab.training.corpus import Clip, Corpus, read_corpus
from vocolab.training.description import RunDescription, changes_text
from vocolab.training.interfaces import Trainable, TrainableFactory
from vocolab.training.learner import Learner
from vocolab.training.log import Report, Say
from vocolab.training.pace import Reach
from vocolab.training.processes import Processes, joined
from vocolab.training.recipe import Recipe
from vocolab.training.run_folder import RunFolder
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
    source: str = ""
    """The recipe's file, for messages."""

    def trainable(self) -> Trainable:
        """What the recipe describes: freshly initialised from its seed, or with the weights that are fine-tuned.

        Raises:
            OptionError: if the recipe's `[model]` is not one of this vocoder.
        """
        torch.manual_seed(self.recipe.seed)
        description = self.description()
        with naming(Subject(self.source) if self.source else Subject("recipe", "recipe")):
            trainable = self.factory(description.recipe.model, description.mel_spec)
        if self.start is not None:
            self.start.apply(trainable)
        return trainable

    def description(self) -> RunDescription:
        """What the run's folder says of it, the architecture and the convention of a fine-tuned voice filled in."""
        mels = None if self.mels is None else {"folder": self.mels.name}
        if self.start is None:
            return RunDescription(self.vocoder, self.recipe, convention(self.recipe.mel_spec), mels=mels)
        model, spec = self.start.model(self.recipe, self.vocoder), self.start.mel_spec(self.recipe)
        recipe = self.recipe.model_copy(update={"model": model})
        return RunDescription(self.vocoder, recipe, spec, self.start.provenance(), mels)

    def check(self) -> Trainable:
        """Find out what is wrong before a corpus is read, and give the trainable.

        Raises:
            CallError: if the recipe is not one for this vocoder, voice or teacher.
            TrainingError: if the run's folder holds a run that can't go on as this one.
        """
        trainable = self.trainable()
        _check_teacher(self.teacher, trainable.mel_spec)
        RunFolder(self.folder).check(self.description())
        return trainable

    def trainer(
        self, corpus: Corpus, processes: Processes | None = None, device: torch.device | None = None,
        say: Say = _nobody, trainable: Trainable | None = None,
    ) -> Trainer:
        """A trainer in the run's folder, resumed where there is a checkpoint; a finished run is left as it is."""
        processes, device = processes or Processes(), device or torch.device(self.device)
        recipe, run = self.recipe, RunFolder(self.folder, keep_last=self.recipe.checkpoints.keep_last)
        trainable = trainable or self.check()
        if recipe.optimizer.compile:
            trainable.network.compile()
        learner = Learner(trainable.network.to(device), recipe.optimizer, device=device, processes=processes)
        task = build_task(trainable, recipe, learner, processes, self.teacher)
        source, description = self._source(corpus, trainable.mel_spec, say)
        validation = self._validation(corpus, trainable.mel_spec, say, run)
        run.check(description)  # in every process, before any loads what is there
        trainer = Trainer(trainable, recipe, task, Batches(source, recipe, device, processes), validation, run)
        trainer.resume(say)
        if processes.first and not trainer.finished:  # only now: a recipe that can't be trained leaves no folder
            changed = run.open(description, trainer.step)
            if changed:
                say(f"goes on under a changed recipe: {changes_text(changed)}")
        return trainer

    def run(
        self, data: Path, say: Say, report: Report, *, until: int | None = None,
        reach: Reach = lambda step, steps_per_s: None,
    ) -> Trainer:
        """Read the corpus and train to the end of the recipe, or `until`; as one of several processes if it is one."""
        with joined(self.device) as (processes, device):
            tell = say if processes.first else _nobody
            trainable = self.check()
            slowest = self.recipe.data.slowest if self.mels is None else 1.0  # given mels are not played slower
            corpus = read_corpus(data, tell, sample_rate=trainable.mel_spec.sample_rate, slowest=slowest)
            minutes = corpus.train_seconds / 60
            tell(f"{len(corpus.train)} clips, {minutes:.1f} min, to train on; {len(corpus.validation)} held out")
            trainer = self.trainer(corpus, processes, device, tell, trainable)
            steps = self.recipe.optimizer.steps
            if trainer.finished:
                tell(f"{self.folder}: the run is finished: at step {trainer.step}, and the recipe ends at {steps}; "
                     f"'vocolab train export {self.folder} -o NAME.safetensors' writes its voice")
                return trainer
            if trainer.step:
                tell(f"resumed at step {trainer.step} of {steps}")
            trainer.train(report, until=until, reach=reach, say=tell)
        return trainer

    def _source(self, corpus: Corpus, spec: MelSpec, say: Say) -> tuple[Pairs, RunDescription]:
        """Where the segments come from, and the run's description, which says so."""
        frames, seed, description = self.recipe.optimizer.segment_frames, self.recipe.seed, self.description()
        if self.mels is not None:
            clips = read_aligned(self.mels, corpus.train, spec, say)
            say(f"{len(clips)} clips have a mel in {self.mels}; segments of them are neither played faster nor louder")
            known = replace(description, mels=facts_of_mels(self.mels, clips))
            return AlignedSegments(clips, spec, segment_frames=frames, seed=seed), known
        segments = SegmentSource(corpus.train, spec, self.recipe.data, segment_frames=frames, seed=seed)
        return ExtractedPairs(segments, spec), description

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
