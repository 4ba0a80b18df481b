"""docs/training.md knows every key of a recipe and every figure of a validation, and no other default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vocolab.metrics import MEASURES
from vocolab.training import tables
from vocolab.training.recipe import Recipe

TEXT = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"[\[`.]([a-z_0-9]+)[\]`]", TEXT))
TABLES = [getattr(tables, name) for name in dir(tables) if name.endswith("Options") and name != "Options"]


@pytest.mark.parametrize("table", [*TABLES, Recipe], ids=lambda table: table.__name__)
def test_every_key_of_a_recipe_is_there(table: type) -> None:
    missing = [name for name in table.model_fields if name not in NAMED and name != "format"]  # type: ignore[attr-defined]
    assert missing == []


def test_every_figure_is_there() -> None:
    assert [name for name in MEASURES if name not in NAMED] == []
