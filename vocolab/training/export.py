"""A run's weights as a voice, with all that the run knows about them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from vocolab.training.description import recipe_changes
from vocolab.training.interfaces import TrainableFactory
from vocolab.training.run_folder import RunFolder
from vocolab.voice import Voice


def export_run(folder: Path, factory: TrainableFactory, *, licence: str = "", trained_on: str = "") -> Voice:
    """The best validated weights of a run so far, with their provenance.

    Its recipe is the one that these weights were trained by last; `recipe_changes` says what was otherwise before.

    Raises:
        TrainingError: if the folder holds no run, or no validation has been passed yet.
    """
    run = RunFolder(folder)
    description, best = run.describe(), run.load_best()
    recipe, chapters = description.recipe, description.chapters(best["step"])
    used = chapters[-1].recipe  # by which these weights were trained; the run may have changed its recipe since
    voice = factory(recipe.model, description.mel_spec).export(best["average"])
    provenance: dict[str, Any] = {
        "summary": recipe.summary, "steps": best["step"], "recipe": used,
        "validation": {name: round(value, 4) for name, value in best["figures"].items()},
        "validation_clips": used["validation"]["clips"], "licence": licence, "trained_on": trained_on,
    }
    if description.started_from:
        provenance["fine_tuned_from"] = description.started_from
    if description.mels:
        provenance["given_mels"] = description.mels
    if changed := recipe_changes(chapters):
        provenance["recipe_changes"] = changed
    recommended = recipe.recommended.model_dump(exclude_none=True)
    return replace(voice, provenance={**voice.provenance, **provenance}, recommended=recommended)
