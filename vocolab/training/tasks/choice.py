"""Which task a recipe and a trainable ask for."""

from __future__ import annotations

from typing import Any

from vocolab.errors import CallError, PluginError
from vocolab.interfaces import Vocoder
from vocolab.training.adversarial.discriminator_training import DiscriminatorTraining
from vocolab.training.adversarial.discriminators import Discriminators
from vocolab.training.interfaces import JudgedObjective, MelToAudio, OwnObjective, Trainable
from vocolab.training.learner import Learner
from vocolab.training.losses.reconstruction import Reconstruction
from vocolab.training.processes import Processes
from vocolab.training.recipe import Recipe
from vocolab.training.tables import AdversarialOptions, LossOptions, OptimizerOptions
from vocolab.training.tasks.adversarial import AdversarialTask
from vocolab.training.tasks.checks import check_judged, check_losses
from vocolab.training.tasks.distillation import DistillationTask
from vocolab.training.tasks.own_objective import JudgedObjectiveTask, OwnObjectiveTask
from vocolab.training.tasks.task import Task
from vocolab.training.tasks.waveform import WaveformTask


def build_task(
    trainable: Trainable, recipe: Recipe, learner: Learner, processes: Processes, teacher: Vocoder | None = None
) -> Task[Any]:
    """The plugin's own objective where it has one, else losses on the waveform, with discriminators if there are any.

    Raises:
        CallError: if the recipe has discriminators or a teacher for a model with an objective of its own, or a teacher
            that is not given; if it has no loss, or one that looks at more than a segment.
    """
    if isinstance(trainable, OwnObjective):
        return _own_task(trainable, recipe, learner, processes)
    if not isinstance(trainable, MelToAudio):
        raise PluginError(
            f"{type(trainable).__name__} has neither an objective of its own nor mel_spec and render: the trainer has "
            "nothing to minimise"
        )
    check_losses(recipe, trainable.mel_spec)
    if recipe.adversarial is not None:
        check_judged(recipe.adversarial, "audio")
    waveform = _waveform_task(trainable, recipe, learner, teacher)
    if recipe.adversarial is None:
        return waveform
    discriminators = _discriminators(recipe.adversarial, recipe, learner, processes)
    weights = recipe.adversarial.loss
    later = None if weights is None else _waveform_task(trainable, recipe, learner, teacher, weights)
    return AdversarialTask(waveform, discriminators, later)


def _own_task(trainable: OwnObjective, recipe: Recipe, learner: Learner, processes: Processes) -> Task[Any]:
    if recipe.distill is not None:
        raise CallError("recipe [distill]: this model has an objective of its own; leave the table out")
    if recipe.adversarial is None:
        return OwnObjectiveTask(learner, trainable)
    if not isinstance(trainable, JudgedObjective):
        raise CallError("recipe [adversarial]: this model's own objective makes nothing that discriminators could "
                        "judge; leave the table out")
    check_judged(recipe.adversarial, trainable.judged)
    if recipe.adversarial.loss is not None:
        raise CallError("recipe [adversarial.loss]: this model has an objective of its own; leave the table out")
    discriminators = _discriminators(recipe.adversarial, recipe, learner, processes)
    return AdversarialTask(JudgedObjectiveTask(learner, trainable), discriminators)


def _discriminators(
    options: AdversarialOptions, recipe: Recipe, learner: Learner, processes: Processes
) -> DiscriminatorTraining:
    network = Discriminators(options).to(learner.device)
    rates = _discriminator_options(recipe.optimizer, options)
    return DiscriminatorTraining(Learner(network, rates, device=learner.device, processes=processes), options)


def _waveform_task(
    trainable: MelToAudio, recipe: Recipe, learner: Learner, teacher: Vocoder | None, weights: LossOptions | None = None
) -> WaveformTask:
    weights = weights or recipe.loss
    reconstruction = Reconstruction(trainable.mel_spec, weights).to(learner.device)
    if recipe.distill is None:
        return WaveformTask(learner, reconstruction)
    if teacher is None:
        raise CallError(f"recipe [distill]: the voice {recipe.distill.voice!r} has to be opened first")
    return DistillationTask(learner, reconstruction, teacher, recipe.distill, recipe.loss)


def _discriminator_options(options: OptimizerOptions, adversarial: AdversarialOptions) -> OptimizerOptions:
    if adversarial.learning_rate is None:
        return options
    ratio = adversarial.learning_rate / options.learning_rate
    rates = {"learning_rate": adversarial.learning_rate, "final_learning_rate": options.final_learning_rate * ratio}
    return options.model_copy(update=rates)
