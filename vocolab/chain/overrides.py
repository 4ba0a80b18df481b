"""What `--set effect.option=value` says, parsed as the preset file itself would be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from vocolab.toml_document import parse_value

VOCODER = "vocoder"
"""The target of `vocoder.option=value`, which is for the vocoder and not for the chain."""


@dataclass(frozen=True)
class Override:
    """One option that is to be another than the preset says."""

    target: str
    """The effect, by its bare or its qualified name, or "vocoder"."""
    option: str
    value: Any
    text: str
    """As it was given."""

    @property
    def where(self) -> str:
        """What messages call it."""
        return f"--set {self.text}"

    def changes(self, use: str) -> bool:
        """Whether it is for the effect that a preset calls `use`."""
        return self.target in (use, use.rpartition("/")[2])


def parse_overrides(texts: Iterable[str]) -> tuple[list[Override], list[str]]:
    """The overrides, and what is wrong with those that are none."""
    overrides, problems = [], []
    for text in texts:
        key, equals, value = text.partition("=")
        target, dot, option = key.strip().partition(".")
        if equals and dot and target and option and value.strip():
            overrides.append(Override(target, option, parse_value(value.strip()), text))
        else:
            problems.append(f"--set {text}: not of the form effect.option=value")
    return overrides, problems


def unmatched(overrides: Iterable[Override], uses: Sequence[str]) -> list[str]:
    """What is wrong with overrides for effects that are not in the chain."""
    names = sorted({use.rpartition("/")[2] for use in uses})
    problems = []
    for override in overrides:
        if override.target == VOCODER or any(override.changes(use) for use in uses):
            continue
        near = difflib.get_close_matches(override.target, [*names, VOCODER], n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        there = f"It has: {', '.join(names)}" if names else "It has no effects"
        problems.append(f"{override.where}: this chain has no effect {override.target!r}.{hint} {there}")
    return problems


def vocoder_values(overrides: Iterable[Override]) -> dict[str, Any]:
    """The options that are for the vocoder."""
    return {override.option: override.value for override in overrides if override.target == VOCODER}
