"""The data files of the normaliser: tab-separated tables, read once when they are first asked for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `data/NAME.tsv`, without blank lines and comments."""
    text = (files("vocolab_english.normaliser") / "data" / f"{name}.tsv").read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line.strip() and not line.startswith("# "))


def listed(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


@cache
def words(name: str) -> frozenset[str]:
    """All words of a file that is a list of words."""
    return frozenset(word for row in table(name) for cell in row for word in cell.split())
