"""What a recipe recommends stands in the voice that is exported, and is done where the user says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from vocolab.catalog import Catalog
from vocolab.errors import CallError
from vocolab.mels.conventions import convention
from vocolab.rendering import open_vocoder
from vocolab.training.description import RunDescription
from vocolab.training.export import export_run
from vocolab.training.recipe import read_recipe
from vocolab.training.run_folder import RunFolder
from vocolab.voice import Voice
from vocolab_vocos.training import build

TABLE = 'summary = "tiny"\n[model]\ndim = 16\nintermediate_dim = 32\nnum_layers = 1\n'


def test_from_the_recipe_into_the_voice_and_its_renderer(tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_text(TABLE + "[recommended]\nrefine = 5\n")
    recipe = read_recipe(tmp_path / "recipe.toml")
    spec = convention("hifigan-22k")
    run = RunFolder(tmp_path / "run")
    run.open(RunDescription("vocos", recipe, spec))
    torch.save({"average": build(recipe.model, spec).network.state_dict(), "step": 1, "figures": {}}, run.best)
    export_run(run.root, build).save(tmp_path / "voice.safetensors")
    assert Voice.load(tmp_path / "voice.safetensors").recommended == {"refine": 5}
    assert open_vocoder(Catalog.installed(), voice=str(tmp_path / "voice.safetensors")).postfilters.refine == 5


def test_what_can_not_be_recommended_is_an_error_of_the_recipe(tmp_path: Path) -> None:
    (tmp_path / "recipe.toml").write_text(TABLE + "[recommended]\nrefine = -1\nrounds = 3\n")
    with pytest.raises(CallError, match=r"recommended\.refine.*") as caught:
        read_recipe(tmp_path / "recipe.toml")
    assert "rounds" in str(caught.value)
