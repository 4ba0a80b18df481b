"""The state dicts in a checkpoint: at the keys and under the prefixes that trainers wrap them in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_NOT_WEIGHTS = re.compile(r"(optim|sched|scaler|rng|loop|callback|lr_).*|.*(optimizer|scheduler)s?", re.IGNORECASE)
_EMA = re.compile(r"(.*[._])?(ema|averaged|swa)([._].*)?", re.IGNORECASE)
_COMPILED = "_orig_mod."
_MOST_LEVELS = 5
_LEAST_TENSORS = 4


@dataclass(frozen=True)
class View:
    """A part of a checkpoint that may be a model."""

    place: str
    """Keys and prefixes from the outside in: "model.generator"; empty for the whole."""
    content: Mapping[str, Any]

    @property
    def is_average(self) -> bool:
        """Whether these are running averages (EMA) of weights that are there as well, or were."""
        return _EMA.fullmatch(self.place) is not None


def parts_of(view: View) -> Iterator[View]:
    """The parts one level further in: tables under keys, and tensors whose names begin alike."""
    for key, value in view.content.items():
        if isinstance(value, Mapping) and not _NOT_WEIGHTS.fullmatch(str(key)) and _holds_tensors(value):
            yield View(_joined(view.place, str(key)), value)
    yield from _under_prefixes(view)


def _under_prefixes(view: View) -> Iterator[View]:
    groups: dict[str, dict[str, Any]] = {}
    for name, tensor in view.content.items():
        head, dot, rest = str(name).replace(_COMPILED, "").partition(".")
        if dot and not head.isdecimal() and hasattr(tensor, "shape"):
            groups.setdefault(head, {})[rest] = tensor
    for head, content in groups.items():
        if len(content) >= _LEAST_TENSORS:
            yield View(_joined(view.place, head), content)


def at_place(content: Any, place: str) -> Mapping[str, Any] | None:
    """What is at a place as `View.place` spells it, None if there is nothing."""
    view = View("", content if isinstance(content, Mapping) else {})
    while view.place != place:
        inner = [part for part in parts_of(view) if place == part.place or place.startswith(f"{part.place}.")]
        if not inner:
            return None
        view = inner[0]
    return view.content


def beside_prefix(content: Any, place: str) -> list[str]:
    """The names of tensors that stand beside those of a view in one table, where its place ends in a prefix of names.

    Empty where the place ends in a key: what stands under other keys is no part of a model.
    """
    outer, _, last = place.rpartition(".")
    table = at_place(content, outer)
    if table is None or last in table:
        return []
    names = [str(name).replace(_COMPILED, "") for name, value in table.items() if hasattr(value, "shape")]
    return [name for name in names if not name.startswith(f"{last}.")]


def _joined(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _holds_tensors(table: Mapping[str, Any], levels: int = _MOST_LEVELS) -> bool:
    if any(hasattr(value, "shape") for value in table.values()):
        return True
    inner = (value for value in table.values() if isinstance(value, Mapping))
    return levels > 0 and any(_holds_tensors(value, levels - 1) for value in inner)
