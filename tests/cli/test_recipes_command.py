"""`vocolab recipes`, and `vocolab train` by the name of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from plugin_fakes import module, vocoder

from vocolab.catalog import Catalog
from vocolab.cli.session import Session
from vocolab.plugins.host import PluginHost
from vocolab.training.recipe import Recipe, read_recipe

FOLDER = Path(__file__).resolve().parents[2] / "plugins" / "vocolab_vocos" / "recipes"


def test_the_list_says_what_each_is_for(cli: Any) -> None:
    result = cli("recipes")
    assert result.code == 0 and not result.err
    header, *rows = result.out.splitlines()
    assert header.split() == ["recipe", "model", "mels", "steps"]
    row = next(line for line in rows if line.startswith("vocos-48k "))
    recipe = read_recipe(FOLDER / "vocos-48k.toml")
    assert row.split(maxsplit=4) == ["vocos-48k", "vocos", "studio-48k", str(recipe.optimizer.steps), recipe.summary]


def test_programs_are_told_the_same(cli: Any) -> None:
    facts = {one["name"]: one for one in cli("recipes", "--json").json}
    recipe = read_recipe(FOLDER / "vocos-22k.toml")
    one = facts["vocos-22k"]
    assert (one["model"], one["dist"], one["mel_spec"]) == ("vocos", "vocolab", "hifigan-22k")
    assert (one["steps"], one["summary"]) == (recipe.optimizer.steps, recipe.summary)
    detail = cli("recipes", "vocos-22k", "--json").json
    assert one.items() <= detail.items()
    assert detail["recipe"] == recipe.model_dump(mode="json")
    assert set(detail["recipe"]) == set(Recipe.model_fields)


def test_a_name_prints_the_file_itself(cli: Any) -> None:
    result = cli("recipes", "vocos-22k")
    assert result.code == 0 and not result.err
    assert result.out == (FOLDER / "vocos-22k.toml").read_text(encoding="utf-8")


def test_an_unknown_name_gets_the_nearest(cli: Any) -> None:
    result = cli("recipes", "vocos-22")
    assert result.code == 2 and not result.out
    assert result.error == "there is no recipe named 'vocos-22'. Did you mean 'vocos-22k'?"


@pytest.fixture
def crowded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plugin with two recipes, of which one can't be read."""
    folder = tmp_path / "offered"
    folder.mkdir()
    (folder / "fine.toml").write_bytes("# Größe\r\nsummary = 'Good'\r\n[optimizer]\r\nsteps = 7\r\n".encode())
    (folder / "wrong.toml").write_text("sede = 1")
    host = PluginHost([])
    spec = vocoder("neural", trainer="a:b", recipes=folder)
    host.register(module("m", vocolab_vocoders=lambda: [spec]), "m", dist="vocolab-m", version="2")
    monkeypatch.setattr(Session, "catalog", property(lambda self: Catalog(host)))
    return folder


def test_one_that_is_broken_costs_only_itself(cli: Any, crowded: Path) -> None:
    result = cli("recipes")
    assert result.code == 0
    fine, wrong = result.out.splitlines()[1:3]
    assert fine.split() == ["fine", "neural", "hifigan-22k", "7", "Good"]
    assert wrong.split()[:4] == ["wrong", "neural", "can't", "be"] and "sede" in result.out
    fine_facts, wrong_facts = cli("recipes", "--json").json
    assert fine_facts["steps"] == 7 and "error" not in fine_facts
    assert "sede" in wrong_facts["error"] and wrong_facts["dist"] == "vocolab-m"
    assert "sede" in cli("recipes", "wrong", "--json").error
    assert cli("recipes", "wrong").out == "sede = 1"  # to look at what is wrong


def test_what_is_copied_is_the_same_byte_by_byte(crowded: Path, capfdbinary: Any) -> None:
    from vocolab.cli.main import run

    assert run(["recipes", "fine"]) == 0
    assert capfdbinary.readouterr().out == (crowded / "fine.toml").read_bytes()


def test_without_any_it_says_so(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "catalog", property(lambda self: Catalog(PluginHost([]))))
    assert cli("recipes").out == "no recipes are installed\n"
    assert cli("recipes", "--json").json == []


# Training by name.


def test_train_takes_a_recipe_by_name(cli: Any) -> None:
    result = cli("train", "vocos", "vocos-22k", "--data", "nowhere")
    assert "nowhere" in result.error and "recipe" not in result.error  # it got as far as the corpus


def test_a_file_in_the_folder_does_not_take_a_recipes_name(cli: Any) -> None:
    Path("vocos-22k").write_text("sede = 1")
    assert "sede" not in cli("train", "vocos", "vocos-22k", "--data", "nowhere").error
    assert "sede" in cli("train", "vocos", "./vocos-22k", "--data", "nowhere").error


def test_train_refuses_what_is_neither_file_nor_name(cli: Any) -> None:
    result = cli("train", "vocos", "vocos-22", "--data", "nowhere")
    assert result.code == 2
    assert "vocos-22: there is no such file" in result.error and "Did you mean 'vocos-22k'?" in result.error


def test_train_refuses_another_vocoders_recipe(cli: Any) -> None:
    result = cli("train", "hifigan", "vocos-22k", "--data", "nowhere")
    assert result.code == 2
    assert "the recipe vocos-22k trains vocos, not hifigan" in result.error and "hifigan-22k" in result.error
