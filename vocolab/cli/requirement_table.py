"""Requirements as a table: what was wanted, what was measured, whether that is met."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from vocolab.cli.table import table
from vocolab.delivery.wording import TITLES, reading_text, wanted_text

if TYPE_CHECKING:
    from vocolab.delivery.target import Requirement, Target


def requirement_table(
    requirements: Sequence[Requirement], target: Target, missed: str = "MISSED", allowed: Collection[str] = ()
) -> str:
    """A row for each requirement; `missed` is the word for what is not met, unless that is `allowed`."""
    words = ("missed, as allowed" if line.requirement in allowed else missed for line in requirements)
    rows = [_row(line, target, word) for line, word in zip(requirements, words, strict=True)]
    return table(rows, ("", "wanted", "got", ""))


def _row(requirement: Requirement, target: Target, missed: str) -> tuple[str, str, str, str]:
    name = requirement.requirement
    verdict = missed if not requirement.holds else "pass" if requirement.passed else "nothing to measure"
    return TITLES[name], wanted_text(requirement, target), reading_text(name, requirement.got), verdict
