"""A training run from its recipe to its voice: what `vocolab train` does, without the command line."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from vocolab.errors import CallError, Subject, naming
from vocolab.interfaces import Vocoder
from vocolab.mels.conventions import spelled
from vocolab.mels.spec import MelSpec
from vocolab.training.batches import Batches
from vocolab.training.corpus import Corpus, read_corpus
from vocolab.training.description import RunDescription, changes_text
from vocolab.training.interfaces import OwnData, Trainable, TrainableFactory, TrainingData
from vocolab.training.learner import Learner
from vocolab.training.log import Report, Say
from vocolab.training.pace import Reach
from vocolab.training.processes import Processes, joined
from vocolab.training.recipe import Recipe
from vocolab.training.run_folder import RunFolder
from vocolab.training.run_lock import run_lock
from vocolab.training.segment_data import SegmentData
from vocolab.training.starting_point import StartingPoint
from vocolab.training.tasks.choice import build_task
from vocolab.training.trainer import Trainer


def _nobody(line: str) -> None:
    pass


@dataclass(frozen=True)
class TrainingJob:
    """Everything that a run needs to be started, or resumed."""

    model: str
    factory: TrainableFactory
    recipe: Recipe
    folder: Path
    device: str = "cpu"
    start: StartingPoint | None = None
    """A voice to fine-tune."""
    mels: Path | None = None
    """Folder of predicted mels to train on."""
    force: bool = False
    """Take these as mels of the recipe's convention, though their numbers speak against it."""
    teacher: Vocoder | None = None
    """The opened voice of `[distill]`."""
    source: str = ""
    """The recipe's file, for messages."""

    def trainable(self) -> Trainable:
        """What the recipe describes: freshly initialised from its seed, or with the weights that are fine-tuned.

        Raises:
            OptionError: if the recipe's `[model]` is not one of this model.
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
            return RunDescription(self.model, self.recipe, self.recipe.convention(), mels=mels)
        model, spec = self.start.model(self.recipe, self.model), self.start.mel_spec(self.recipe)
        recipe = self.recipe.model_copy(update={"model": model})
        return RunDescription(self.model, recipe, spec, self.start.provenance(), mels)

    def check(self) -> Trainable:
        """Find out what is wrong before a corpus is read, and give the trainable.

        Raises:
            CallError: if the recipe is not one for this model, voice or teacher, or the model takes no given mels.
            TrainingError: if the run's folder holds a run that can't go on as this one.
        """
        trainable = self.trainable()
        spec = self.description().mel_spec
        if isinstance(trainable, OwnData):
            _check_tables(self.recipe, self.model, self.mels)
        else:
            _check_cuts(spec)
        _check_teacher(self.teacher, spec)
        RunFolder(self.folder).check(self.description())
        return trainable

    def trainer(
        self, corpus: Corpus, processes: Processes | None = None, device: torch.device | None = None,
        say: Say = _nobody, trainable: Trainable | None = None,
    ) -> Trainer:
        """A trainer on segments of a corpus, resumed where there is a checkpoint; a finished run is left as it is."""
        trainable = trainable or self.check()
        return self.trainer_on(self.segments(corpus, say), trainable, processes, device, say)

    def trainer_on(
        self, data: TrainingData, trainable: Trainable, processes: Processes | None = None,
        device: torch.device | None = None, say: Say = _nobody,
    ) -> Trainer:
        """The same on data of any kind."""
        processes, device = processes or Processes(), device or torch.device(self.device)
        recipe, run = self.recipe, RunFolder(self.folder, keep_last=self.recipe.checkpoints.keep_last)
        if recipe.optimizer.compile:
            trainable.network.compile()
        learner = Learner(trainable.network.to(device), recipe.optimizer, device=device, processes=processes)
        task = build_task(trainable, recipe, learner, processes, self.teacher)
        description = replace(self.description(), mels=getattr(data, "given_mels", None))
        run.check(description)  # in every process, before any loads what is there
        trainer = Trainer(trainable, recipe, task, Batches(data, recipe, device, processes), run)
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
        """Read the corpus and train to the end of the recipe, or `until`; as one of several processes if it is one.

        Raises:
            TrainingError: if another process trains into the folder; whatever else the steps of it raise.
        """
        with joined(self.device) as (processes, device), ExitStack() as stack:
            tell = say if processes.first else _nobody
            trainable = self.check()
            if processes.first:
                stack.enter_context(run_lock(self.folder, tell))
            examples = self._read(trainable, data, tell)
            tell(examples.summary)
            trainer = self.trainer_on(examples, trainable, processes, device, tell)
            steps = self.recipe.optimizer.steps
            if trainer.finished:
                tell(f"{self.folder}: the run is finished: at step {trainer.step}, and the recipe ends at {steps}; "
                     f"'vocolab train export {self.folder} -o NAME.safetensors' writes its voice")
                return trainer
            if trainer.step:
                tell(f"resumed at step {trainer.step} of {steps}")
            trainer.train(report, until=until, reach=reach, say=tell)
        return trainer

    def segments(self, corpus: Corpus, say: Say = _nobody) -> SegmentData:
        """What a vocoder learns from in a corpus that has been read."""
        spec = self.description().mel_spec
        return SegmentData(corpus, spec, self.recipe, mels=self.mels, force=self.force,
                           samples=RunFolder(self.folder).samples, say=say)

    def _read(self, trainable: Trainable, folder: Path, say: Say) -> TrainingData:
        if isinstance(trainable, OwnData):
            return trainable.data(folder, self.recipe, RunFolder(self.folder).samples, say)
        slowest = self.recipe.data.slowest if self.mels is None else 1.0  # given mels are not played slower
        sample_rate = self.description().mel_spec.sample_rate
        return self.segments(read_corpus(folder, say, sample_rate=sample_rate, slowest=slowest), say)


def _check_tables(recipe: Recipe, model: str, mels: Path | None) -> None:
    """A recipe for a model with data of its own says nothing of what is the vocoders'."""
    stated = [f"[{table}]" for table in ("data", "loss", "distill") if table in recipe.model_fields_set]
    if stated:
        raise CallError(f"recipe {', '.join(stated)}: {model} has its own data and objective, which [model] "
                        "describes; leave the rest out")
    if mels is not None:
        raise CallError(f"--mels: {model} can't be trained on given mels; leave it out")


def _check_cuts(spec: MelSpec) -> None:
    if spec.dynamic_range_db is not None:
        raise CallError(f"mels of {spelled(spec)} depend on the loudest value of the whole utterance, and training "
                        "cuts utterances: train on the same convention without dynamic_range_db, to which its mels "
                        "are then converted ('vocolab conventions NAME --toml' prints one to change)")


def _check_teacher(teacher: Vocoder | None, spec: MelSpec) -> None:
    if teacher is not None and teacher.mel_spec != spec:
        raise CallError(f"recipe [distill]: the teacher takes mels of {spelled(teacher.mel_spec)}, the student of "
                        f"{spelled(spec)}; both need the same mels")
