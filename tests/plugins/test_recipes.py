"""Recipes that plugins offer: found by name, matched with their vocoder, checked, and those inside all in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from plugin_fakes import module, publish, vocoder

from vocolab.catalog import Catalog
from vocolab.catalog.recipes import recipes_of
from vocolab.errors import CallError, OptionError, UnknownName
from vocolab.mels.conventions import convention
from vocolab.plugins.check import check_plugins
from vocolab.plugins.host import Entry, PluginHost
from vocolab.plugins.targets import load_target
from vocolab.testing import VocoderContract
from vocolab.training.recipe import read_recipe

ROOT = Path(__file__).resolve().parents[2]
BUILTIN = Catalog(PluginHost(allow=frozenset()))


def recipes_in(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text)
    return folder


def trained(name: str, folder: Any) -> Any:
    return vocoder(name, trainer="trainers:build", recipes=folder)


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    monkeypatch.chdir(tmp_path)
    home = [
        trained("neural", recipes_in(tmp_path / "neural", big="", small="")),
        trained("other", recipes_in(tmp_path / "other", tiny="")),
        vocoder("plain"),
    ]
    guest = [trained("neural", recipes_in(tmp_path / "guest", small="", own=""))]
    (tmp_path / "guest" / "notes.txt").touch()
    host = PluginHost([])
    host.register(module("home", vocolab_vocoders=lambda: home), "home", dist="vocolab")
    host.register(module("guest", vocolab_vocoders=lambda: guest), "guest", dist="vocolab-guest")
    return Catalog(host)


def test_recipes_are_found_by_name(catalog: Catalog, tmp_path: Path) -> None:
    assert catalog.recipes.names() == ["big", "own", "small", "tiny", "vocolab-guest/small"]
    small = catalog.recipes.get("vocolab-guest/small")
    assert (small.spec.model, small.spec.file) == ("neural", tmp_path / "guest" / "small.toml")
    assert catalog.recipes.get("small").spec.file == tmp_path / "neural" / "small.toml"
    with pytest.raises(UnknownName, match=r"no recipe named 'smal'. Did you mean 'small'"):
        catalog.recipes.get("smal")


def test_they_come_by_name_and_not_by_file(tmp_path: Path) -> None:
    folder = recipes_in(tmp_path / "r", **{"a-b": "", "a": ""})
    assert [entry.name for entry in recipes_of(Entry(trained("neural", folder)))] == ["a", "a-b"]


def test_a_recipe_to_train_by_is_that_models(catalog: Catalog, tmp_path: Path) -> None:
    find = catalog.recipes.file_for
    assert find("neural", "small") == tmp_path / "neural" / "small.toml"
    # A bare name is first that of the vocoder that was asked for, though ours has it too.
    assert find("vocolab-guest/neural", "small") == tmp_path / "guest" / "small.toml"
    assert find("vocolab-guest/neural", "vocolab-guest/small") == tmp_path / "guest" / "small.toml"
    with pytest.raises(CallError, match="the recipe tiny trains other, not neural; for neural there is: big, small"):
        find("neural", "tiny")
    with pytest.raises(CallError, match="plain comes with no recipe"):
        find("plain", "tiny")
    with pytest.raises(UnknownName, match="no model named 'nobody'"):
        find("nobody", "tiny")


def test_a_name_goes_before_a_file(catalog: Catalog, tmp_path: Path) -> None:
    find = catalog.recipes.file_for
    (tmp_path / "small").write_text("")
    (tmp_path / "big").mkdir()
    (tmp_path / "mine").write_text("")
    assert find("neural", "small") == tmp_path / "neural" / "small.toml"  # what is installed is not replaced
    assert find("neural", "mine") == Path("mine")
    assert find("neural", "big") == tmp_path / "neural" / "big.toml"  # a folder is no recipe
    assert find("neural", "gone.toml") == Path("gone.toml")
    with pytest.raises(CallError, match=r"^bgi: there is no such file, and .* Did you mean 'big'\?$"):
        find("neural", "bgi")


def test_recipes_without_a_trainer_are_refused() -> None:
    with pytest.raises(ValueError, match="recipes and no trainer"):
        vocoder("neural", recipes=Path())


def test_recipes_that_are_no_folder_are_refused() -> None:
    host = PluginHost([])
    record = host.register(module("m", vocolab_vocoders=lambda: [trained("neural", "recipes")]), "m")
    assert Catalog(host).recipes.entries() == []
    assert "recipes is str 'recipes'; give a folder" in record.error


# Checks.


def build(model: dict[str, Any], mel_spec: Any) -> object:
    if model:
        raise OptionError(f"unknown {', '.join(model)}")
    return object()


@pytest.fixture
def trainers(monkeypatch: pytest.MonkeyPatch) -> None:
    publish(monkeypatch, module("trainers", build=build))


@pytest.mark.usefixtures("trainers")
def test_a_closer_check_reads_recipes(tmp_path: Path) -> None:
    good = recipes_in(tmp_path / "good", fine="seed = 1", same="")
    bad = recipes_in(tmp_path / "bad", typo="sede = 1", mels='mel_spec = "hifigan-23k"', same="")
    offered = [trained("a", good), trained("b", bad), trained("c", tmp_path / "missing")]
    host = PluginHost([])
    record = host.register(module("m", vocolab_vocoders=lambda: offered), "m")
    check_plugins(Catalog(host))
    failures = {where: str(error) for where, error in record.failures.items()}
    assert set(failures) == {"recipe typo", "recipe mels", "recipe same", "recipes of c"}
    assert "sede" in failures["recipe typo"] and "Did you mean 'hifigan-22k'" in failures["recipe mels"]
    assert "the model a has a recipe of that name too" in failures["recipe same"]


@pytest.mark.usefixtures("trainers")
@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"typo": "sede = 1"}, "recipe typo: .*sede"),
        ({"mels": 'mel_spec = "hifigan-23k"'}, "recipe mels: .*hifigan-23k"),
        ({"size": "[model]\nwidth = 2"}, "recipe size: unknown width"),
        ({}, "no NAME.toml in"),
    ],
)
def test_the_contract_reads_recipes_and_builds_from_them(tmp_path: Path, texts: dict[str, str], words: str) -> None:
    contract: Any = type("Made", (VocoderContract,), {"spec": trained("neural", recipes_in(tmp_path / "r", **texts))})()
    with pytest.raises(AssertionError, match=words):
        contract.test_the_recipes_are_read_and_build()


@pytest.mark.usefixtures("trainers")
def test_the_contract_passes_what_is_right_and_who_offers_none(tmp_path: Path) -> None:
    for spec in (trained("neural", recipes_in(tmp_path / "r", fine="seed = 1")), vocoder("plain")):
        contract: Any = type("Made", (VocoderContract,), {"spec": spec})()
        contract.test_the_recipes_are_read_and_build()


# Those inside.


def test_every_recipe_in_the_tree_is_offered() -> None:
    offered = {Path(str(entry.spec.file)) for entry in BUILTIN.recipes.entries()}
    assert offered == set((ROOT / "plugins").glob("*/recipes/*.toml"))


@pytest.mark.parametrize("name", BUILTIN.recipes.names())
def test_every_recipe_inside_is_read_and_builds(name: str) -> None:
    entry = BUILTIN.recipes.get(name)
    recipe = read_recipe(entry.spec.file)
    assert recipe.summary
    model = BUILTIN.models.get(entry.spec.model)
    trainable = load_target(model, "trainer")(recipe.model, convention(recipe.mel_spec))
    assert trainable.network is not None
    if model.spec.kind == "vocoder":
        assert trainable.mel_spec == convention(recipe.mel_spec)
    if recipe.distill is not None:
        assert recipe.distill.voice in BUILTIN.voices.names()
