"""docs/training.md knows every key of a recipe and every figure of a validation, and no other default."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from vocolab.metrics import MEASURES
from vocolab.postfilters.options import PostfilterOptions
from vocolab.toml import TOMLDecodeError, loads
from vocolab.training import tables
from vocolab.training.recipe import Recipe

TEXT = (Path(__file__).parents[2] / "docs" / "training.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"[\[`.]([a-z_0-9]+)[\]`]", TEXT))
TABLES = {
    "data": tables.DataOptions, "loss": tables.LossOptions, "optimizer": tables.OptimizerOptions,
    "adversarial": tables.AdversarialOptions, "distill": tables.DistillOptions, "validation": tables.ValidationOptions,
    "checkpoints": tables.CheckpointOptions, "log": tables.LogOptions, "recommended": PostfilterOptions,
}
IN_WORDS = {"": [None], "absent": [None], "the generator's": [None]}
"""What stands for a key that has no default."""


def documented() -> dict[str, dict[str, Any]]:
    """The defaults that the guide states, by table: in the second column, or in brackets after a key."""
    found: dict[str, dict[str, Any]] = {"": {}}
    section = ""
    text = TEXT[TEXT.index("| key | default |") :]
    for line in text[: text.index("\n\n")].splitlines()[2:]:
        key, default, words = (cell.strip() for cell in line.strip("|").split("|"))
        if heading := re.fullmatch(r"\*\*`\[(\w+)\]`\*\*", key):
            section = heading[1]
            found[section] = {}
            continue
        keys = re.findall(r"`([a-z_0-9]+)`", key) or re.findall(r"`\[\w+\.(\w+)\]`", key)
        values = IN_WORDS.get(default, []) * len(keys) or in_toml(default)
        if keys:
            found[section] |= dict(zip(keys, values, strict=True))
        found[section] |= {name: in_toml(value)[0] for name, value in re.findall(r"`(\w+)` \(([\d.e-]+)", words)}
    return found


def in_toml(cell: str) -> list[Any]:
    """The values of a cell, `[-8, 10]`, 0.5: empty where it is prose."""
    try:
        values: list[Any] = loads(f"values = [{cell.replace('`', '')}]")["values"]
    except TOMLDecodeError:
        return []
    return values


def default_of(field: FieldInfo) -> Any:
    """As TOML has it; None for a key that has to be given."""
    if field.is_required():
        return None
    return list(field.default) if isinstance(field.default, tuple) else field.default


@pytest.mark.parametrize("table", [*TABLES.values(), Recipe], ids=lambda table: table.__name__)
def test_every_key_of_a_recipe_is_there(table: type) -> None:
    missing = [name for name in table.model_fields if name not in NAMED and name != "format"]  # type: ignore[attr-defined]
    assert missing == []


@pytest.mark.parametrize("name", TABLES)
def test_every_default_is_the_one_that_counts(name: str) -> None:
    fields = TABLES[name].model_fields
    assert documented()[name] == {key: default_of(field) for key, field in fields.items()}


def test_there_is_no_other_table() -> None:
    keys = {"format", "summary", "mel_spec", "seed", "model"}
    assert set(TABLES) == Recipe.model_fields.keys() - keys == documented().keys() - {"", "model"}


def test_the_defaults_outside_of_tables_are_too() -> None:
    assert documented()[""] == {key: Recipe.model_fields[key].default for key in ("summary", "seed", "mel_spec")}


def test_every_figure_is_there() -> None:
    assert [name for name in MEASURES if name not in NAMED] == []
