"""A recipe's `[model]` that is wrong is told in one line that people read, with the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from jobs import FACTORIES, job

from vocolab.errors import OptionError
from vocolab.training.model_table import ModelTableError, model_table_error
from vocolab.training.session import TrainingJob


def told(text: str, source: str = "r.toml") -> str:
    return str(model_table_error(OptionError(text), source))


def test_unknown_keys_stand_together_and_what_there_is_stands_once() -> None:
    options = "Options: one, two"
    text = "; ".join(f"recipe [model] {problem}" for problem in (
        f"a: unknown option. {options}", f"onee: unknown option. Did you mean 'one'? {options}",
        "two: input should be less than 3 (got 4; it is 4)", f"b: unknown option. {options}"))
    assert told(text) == ("r.toml: [model] a, b: unknown options; onee: unknown option. Did you mean 'one'?; two: "
                          "input should be less than 3 (got 4; it is 4); options: one, two")
    assert told(f"recipe [model] a: unknown option. {options}", "") == (
        "recipe [model] a: unknown option; options: one, two")
    assert told("recipe [model.objective] a: no; recipe [model] b: nor this") == (
        "r.toml: [model.objective] a: no; r.toml: [model] b: nor this")
    assert told("words of its own") == "r.toml: words of its own"


@pytest.mark.parametrize("vocoder", FACTORIES)
def test_every_plugin_s_errors_name_the_file_once(vocoder: str, tmp_path: Path) -> None:
    recipe = job(vocoder, tmp_path, model={"bogus": 1, "more": 2}).recipe
    work = TrainingJob(vocoder, FACTORIES[vocoder][0], recipe, tmp_path, source="mine.toml")
    said = r"^mine\.toml: \[model\] bogus, more: unknown options; options: "
    with pytest.raises(ModelTableError, match=said) as error:
        work.run(tmp_path / "nowhere", lambda line: None, lambda record: None)  # before any corpus is read
    assert error.value.unknown
