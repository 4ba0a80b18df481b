"""The same facts with other paths: a job as a node sees it, and what it gives as the caller sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from vocolab.errors import Subject, VocolabError

V = TypeVar("V")

Table = Mapping[str, str]
"""What each path is called instead."""


def moved(value: V, table: Table) -> V:
    """`value` with the paths of the table replaced wherever they stand alone: in dataclasses, tuples, lists, dicts.

    A string is a path where the table has it, whole.
    """
    if not table:
        return value
    made: Any = _moved(value, table)
    result: V = made
    return result


def retold(text: str, table: Table) -> str:
    """A sentence with the paths of the table replaced."""
    for path in sorted(table, key=len, reverse=True):
        text = text.replace(path, table[path])
    return text


def retold_error(error: Exception, table: Table) -> Exception:
    """An error with the paths of the table replaced in what it says and is about."""
    if not isinstance(error, VocolabError):
        return error
    subjects = tuple(Subject(retold(one.name, table), one.kind) for one in error.subjects)
    return error._with(message=retold(error.message, table), subjects=subjects)


def reverse(table: Table) -> dict[str, str]:
    """The way back."""
    return {there: here for here, there in table.items()}


def _moved(value: Any, table: Table) -> Any:
    if isinstance(value, str):
        return table.get(value, value)
    if isinstance(value, Path):
        return Path(table[str(value)]) if str(value) in table else value
    if is_dataclass(value) and not isinstance(value, type):
        old = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        new = {name: _moved(part, table) for name, part in old.items()}
        changed = {name: part for name, part in new.items() if part is not old[name]}
        return replace(value, **changed) if changed else value
    if isinstance(value, dict):
        new_dict = {_moved(key, table): _moved(part, table) for key, part in value.items()}
        return new_dict if any(new_dict.get(key) is not part for key, part in value.items()) else value
    if type(value) in (tuple, list):
        parts = [_moved(part, table) for part in value]
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else type(value)(parts)
    return value
