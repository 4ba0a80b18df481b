"""A run's weights as a voice, with all that the run knows about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vocolab.interfaces import TrainableFactory
from vocolab.training.run_folder import RunFolder
from vocolab.voice import Voice


def export_run(folder: Path, factory: TrainableFactory, *, licence: str = "", trained_on: str = "") -> Voice:
    """The best validated weights of a run so far, with their provenance.

    Raises:
        TrainingError: if the folder holds no run, or no validation has been passed yet.
    """
    run = RunFolder(folder)
    description, best = run.describe(), run.load_best()
    recipe = description.recipe
    voice = factory(recipe.model, description.mel_spec).export(best["average"])
    provenance: dict[str, Any] = {
        "summary": recipe.summary, "steps": best["step"], "recipe": recipe.model_dump(mode="json"),
        "validation": {name: round(value, 4) for name, value in best["figures"].items()},
        "validation_clips": recipe.validation.clips, "licence": licence, "trained_on": trained_on,
    }
    if description.started_from:
        provenance["fine_tuned_from"] = description.started_from
    recommended = recipe.recommended.model_dump(exclude_none=True)
    return Voice(voice.vocoder, voice.config, voice.mel_spec, voice.tensors, provenance, recommended)
