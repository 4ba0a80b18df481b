"""Recipes: all that decides a training run, as a TOML file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import Field

from vocolab.errors import CallError, OptionError, OptionProblem
from vocolab.given_files import read_given_text
from vocolab.mels.convention_files import table_problems
from vocolab.mels.conventions import SUFFIX, convention
from vocolab.mels.spec import MelSpec
from vocolab.options import Options, option_problems, with_tuples
from vocolab.postfilters.options import PostfilterOptions
from vocolab.toml import TOMLDecodeError, loads
from vocolab.training.tables import (
    AdversarialOptions,
    CheckpointOptions,
    DataOptions,
    DistillOptions,
    LogOptions,
    LossOptions,
    OptimizerOptions,
    ValidationOptions,
)

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FORMAT = 1


class Recipe(Options):
    """A training run. `model` belongs to the model's plugin, everything else to the trainer.

    `recommended` is what the voice will tell its users to do with its renderings.
    """

    format: int = FORMAT
    summary: str = ""
    mel_spec: str | dict[str, Any] = Field(
        "hifigan-22k", description="The name of a mel convention, or its fields as a table."
    )
    seed: int = Field(0, ge=0)
    model: dict[str, Any] = Field(default_factory=dict)
    data: DataOptions = DataOptions()
    loss: LossOptions = LossOptions()
    optimizer: OptimizerOptions = OptimizerOptions()
    adversarial: AdversarialOptions | None = None
    distill: DistillOptions | None = None
    validation: ValidationOptions = ValidationOptions()
    checkpoints: CheckpointOptions = CheckpointOptions()
    log: LogOptions = LogOptions()
    recommended: PostfilterOptions = PostfilterOptions()

    def convention(self) -> MelSpec:
        """The convention of the mels that are trained on.

        Raises:
            UnknownName: if there is none of that name.
            CallError: if it is another file, or the table is no convention.
        """
        if isinstance(self.mel_spec, dict):
            if problems := table_problems(self.mel_spec):
                raise CallError("recipe [mel_spec]: " + "; ".join(text for _, text in problems))
            return MelSpec.from_dict(self.mel_spec)
        if self.mel_spec.endswith(SUFFIX):
            raise CallError(f"recipe: mel_spec = {self.mel_spec!r}: a recipe opens no other file; copy its [mel_spec] "
                            f"table into the recipe, or train with --mel-spec {self.mel_spec}")
        return convention(self.mel_spec)


def read_recipe(path: Traversable, *, steps: int | None = None) -> Recipe:
    """The recipe in a TOML file; `steps` replaces its number of steps.

    Raises:
        CallError: if the file is missing, is not TOML, or has unknown keys or values out of range; all of them named.
    """
    try:
        values = loads(read_given_text(path))
    except OSError as error:
        raise CallError(f"the recipe can't be read: {error.strerror}", about=path) from error
    except UnicodeDecodeError as error:
        raise CallError(f"the recipe is not UTF-8 text: {error.reason}", about=path) from error
    except TOMLDecodeError as error:
        raise CallError(f"TOML syntax: {error}", about=path) from error
    if values.get("format", FORMAT) != FORMAT:
        raise CallError(f"recipe format {values['format']}; this vocolab reads format {FORMAT}", about=path)
    if steps is not None and isinstance(values.get("optimizer", {}), dict):
        values["optimizer"] = {**values.get("optimizer", {}), "steps": steps}
    return recipe_from(values, str(path))


def recipe_from(values: dict[str, Any], source: str) -> Recipe:
    """The recipe in a document; lists of the trainer's own tables become tuples, the plugin's `model` stays as it is.

    Raises:
        CallError: naming `source`, if there are unknown keys or values out of range.
    """
    values = {key: value if key == "model" else with_tuples(value) for key, value in values.items()}
    problems = option_problems(Recipe, values)
    if problems:
        raise OptionError([_worded(problem) for problem in problems], about=source)
    return Recipe.model_validate(values)


def _worded(problem: OptionProblem) -> OptionProblem:
    if problem.kind != "missing":
        return problem
    table, _, key = problem.option.rpartition(".")
    return replace(problem, what=f"is missing; add {key} = ... {f'to [{table}]' if table else ''}".strip(), found=None)
