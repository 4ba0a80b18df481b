"""A recipe's convention: a name, or its fields; and what can't be trained on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from vocolab.errors import CallError, OptionError, UnknownName
from vocolab.mels.conventions import convention
from vocolab.training.recipe import Recipe, read_recipe

HIFIGAN = convention("hifigan-22k")
OWN = replace(HIFIGAN, log_base="10", mean=-1.0, clip=(-5.0, 5.0))


def recipe(folder: Path, text: str) -> Recipe:
    (folder / "recipe.toml").write_text(text)
    return read_recipe(folder / "recipe.toml")


def test_a_name_and_a_table_are_conventions(tmp_path: Path) -> None:
    assert recipe(tmp_path, 'mel_spec = "pwg-22k"').convention() == convention("pwg-22k")
    table = recipe(tmp_path, OWN.to_toml())
    assert table.convention() == OWN
    # As a run's folder keeps it.
    assert Recipe.model_validate(table.model_dump()).convention() == OWN


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ('mel_spec = "pwg"', UnknownName, "no mel convention named 'pwg'"),
        ('mel_spec = "mine.toml"', CallError, "a recipe opens no other file; .* train with --mel-spec mine.toml"),
        ("[mel_spec]\nsample_rate = 22050", CallError, "does not say clamp"),
        (OWN.to_toml() + "hop = 3", CallError, "a mel convention has no hop"),
        (OWN.to_toml().replace("n_mels = 80", "n_mels = -1"), OptionError, "n_mels = -1"),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, text: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        recipe(tmp_path, text).convention()


def test_mels_that_know_their_whole_utterance_are_not_trained_on_in_cuts(tmp_path: Path) -> None:
    from vocolab.training.session import TrainingJob
    from vocolab_vocos.training import build

    small = "[model]\ndim = 8\nintermediate_dim = 8\nnum_layers = 1\n"
    whisper = recipe(tmp_path, 'mel_spec = "whisper-16k"\n' + small)
    with pytest.raises(CallError, match="depend on the loudest value of the whole utterance"):
        TrainingJob("vocos", build, whisper, tmp_path / "run").check()
    assert not (tmp_path / "run").exists()


def test_a_table_is_kept_with_the_run(tmp_path: Path) -> None:
    from vocolab.training.description import RunDescription

    table = recipe(tmp_path, OWN.to_toml())
    kept = RunDescription("vocos", table, table.convention())
    assert RunDescription.from_dict(kept.to_dict(), "here").mel_spec == OWN
