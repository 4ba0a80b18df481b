"""Recipes: all that decides a training run, as a TOML file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from vocolab.errors import CallError
from vocolab.options import Options, option_problems
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
_REQUIRED = "field required"
"""pydantic's words for a key that has no default."""


class Recipe(Options):
    """A training run. `model` belongs to the model's plugin, everything else to the trainer.

    `recommended` is what the voice will tell its users to do with its renderings.
    """

    format: int = FORMAT
    summary: str = ""
    mel_spec: str = Field("hifigan-22k", description="A named mel convention.")
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


def read_recipe(path: Traversable, *, steps: int | None = None) -> Recipe:
    """The recipe in a TOML file; `steps` replaces its number of steps.

    Raises:
        CallError: if the file is missing, is not TOML, or has unknown keys or values out of range; all of them named.
    """
    try:
        values = loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CallError(f"{path}: the recipe can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CallError(f"{path}: the recipe is no text in UTF-8: {error.reason}") from error
    except TOMLDecodeError as error:
        raise CallError(f"{path}: TOML syntax: {error}") from error
    if values.get("format", FORMAT) != FORMAT:
        raise CallError(f"{path}: recipe format {values['format']}; this vocolab reads format {FORMAT}")
    if steps is not None and isinstance(values.get("optimizer", {}), dict):
        values["optimizer"] = {**values.get("optimizer", {}), "steps": steps}
    return recipe_from(values, str(path))


def recipe_from(values: dict[str, Any], source: str) -> Recipe:
    """The recipe in a document; lists of the trainer's own tables become tuples, the plugin's `model` stays as it is.

    Raises:
        CallError: naming `source`, if there are unknown keys or values out of range.
    """
    values = {key: value if key == "model" else _tuples(value) for key, value in values.items()}
    problems = option_problems(Recipe, values)
    if problems:
        raise CallError("; ".join(f"{source}: {_said(name, text)}" for name, text in problems))
    return Recipe.model_validate(values)


def _said(name: str, text: str) -> str:
    table, _, key = name.rpartition(".")
    return f"[{table}] needs {key} = ..." if table and text.startswith(_REQUIRED) else f"{name}: {text}"


def _tuples(value: Any) -> Any:
    """TOML and JSON know lists only."""
    if isinstance(value, dict):
        return {key: _tuples(inner) for key, inner in value.items()}
    return tuple(_tuples(inner) for inner in value) if isinstance(value, list) else value
