"""Recipes: all that decides a training run, as a TOML file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field

from vocolab.errors import CallError
from vocolab.options import Options, option_problems
from vocolab.toml import TOMLDecodeError, loads

FORMAT = 1


class DataOptions(Options):
    """Which audio is cut into segments, and how it is varied."""

    gain_db: tuple[float, float] = Field((-8.0, 10.0), description="Range of the random gain; never above full scale.")
    rate: tuple[float, float] = Field((0.8, 1.25), description="Range of the playback rate, pitch and tempo alike.")
    rate_share: float = Field(0.5, ge=0.0, le=1.0, description="Share of the segments that is played at another rate.")


class LossOptions(Options):
    """Weights of the spectral losses."""

    mel: float = Field(15.0, ge=0.0, description="L1 of log mels at n_fft 512, 1024 and 2048.")
    stft: float = Field(3.0, ge=0.0, description="Spectral convergence and log magnitude at n_fft 256 to 2048.")


class OptimizerOptions(Options):
    """AdamW, and its rate over the run: a linear warm-up, then half a cosine down to `final_learning_rate`."""

    steps: int = Field(12_000, ge=1)
    batch: int = Field(8, ge=1)
    segment_frames: int = Field(64, ge=8)
    learning_rate: float = Field(1e-3, gt=0.0)
    final_learning_rate: float = Field(1e-4, gt=0.0)
    warmup_steps: int = Field(100, ge=0)
    betas: tuple[float, float] = (0.8, 0.99)
    weight_decay: float = Field(0.01, ge=0.0)
    gradient_clip: float = Field(10.0, gt=0.0, description="Largest norm of all gradients together.")
    ema: float = Field(0.999, ge=0.0, lt=1.0, description="Decay of the averaged weights, which are what is exported.")


class ValidationOptions(Options):
    """How often the averaged weights are judged, and on how many of the validation clips."""

    every_steps: int = Field(500, ge=1)
    clips: int = Field(12, ge=1)


class CheckpointOptions(Options):
    """How often a checkpoint is written, and how many of the last are kept beside the best."""

    every_steps: int = Field(250, ge=1)
    keep_last: int = Field(2, ge=1)


class Recipe(Options):
    """A training run. `model` belongs to the vocoder's plugin, everything else to the trainer."""

    format: int = FORMAT
    summary: str = ""
    mel_spec: str = Field("hifigan-22k", description="A named mel convention.")
    seed: int = Field(0, ge=0)
    model: dict[str, Any] = Field(default_factory=dict)
    data: DataOptions = DataOptions()
    loss: LossOptions = LossOptions()
    optimizer: OptimizerOptions = OptimizerOptions()
    validation: ValidationOptions = ValidationOptions()
    checkpoints: CheckpointOptions = CheckpointOptions()


def read_recipe(path: Path, *, steps: int | None = None) -> Recipe:
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
    values = _tuples(values)
    if steps is not None:
        values["optimizer"] = {**values.get("optimizer", {}), "steps": steps}
    problems = option_problems(Recipe, values)
    if problems:
        raise CallError("; ".join(f"{path}: {name}: {text}" for name, text in problems))
    return Recipe.model_validate(values)


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    """TOML knows lists only: pairs of the trainer's own tables become tuples, the plugin's `model` stays as it is."""
    return {
        key: {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()}
        if isinstance(table, dict) and key != "model" else table
        for key, table in values.items()
    }
