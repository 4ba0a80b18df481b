"""A recipe's `[model]` that is wrong is told in one line that people read, with the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from jobs import FACTORIES, job

from vocolab.errors import OptionError
from vocolab.training.session import TrainingJob


@pytest.mark.parametrize("vocoder", FACTORIES)
def test_every_plugin_s_errors_name_the_file_once(vocoder: str, tmp_path: Path) -> None:
    recipe = job(vocoder, tmp_path, model={"bogus": 1, "more": 2}).recipe
    work = TrainingJob(vocoder, FACTORIES[vocoder][0], recipe, tmp_path, source="mine.toml")
    said = r"^mine\.toml: \[model\] bogus, more: unknown options; options: "
    with pytest.raises(OptionError, match=said) as error:
        work.run(tmp_path / "nowhere", lambda line: None, lambda record: None)  # before any corpus is read
    assert error.value.subject("file") == "mine.toml"
    assert [problem.option for problem in error.value.problems] == ["bogus", "more"]
    assert error.value.has_unknown
