"""What is wrong with an option, as facts, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True)
class OptionProblem:
    """One thing that is wrong with one option."""

    option: str
    """Its name; dots lead into tables and lists: `bands.0.gain_db`."""
    what: str
    """What is wrong, in words that follow the name: what is allowed, and what to do."""
    found: str | None = None
    """What was given, as Python spells it, where `what` does not say so."""
    kind: Literal["value", "missing", "unknown"] = "value"
    allowed: tuple[str, ...] = ()
    """Of an unknown option: those that there are."""
    near: str = ""
    """Of an unknown option: the nearest that there is, or an empty string."""

    @property
    def text(self) -> str:
        """All of it but the option's name."""
        text = self.what if self.found is None else f"{self.what} (got {self.found})"
        text += f". Did you mean {self.near!r}?" if self.near else ""
        if self.allowed:
            text += f"{'' if self.near else '.'} Options: {', '.join(self.allowed)}"
        return text

    def __str__(self) -> str:
        return f"{self.option}: {self.text}"

    def within(self, table: str) -> OptionProblem:
        """The same problem, its option in a table of that name."""
        return replace(self, option=f"{table}.{self.option}")


def problems_text(problems: Sequence[OptionProblem], owner: str = "") -> str:
    """All problems in one line.

    Unknown options that resemble no other stand together, and what there is stands once at the end.
    """
    if len(problems) == 1:
        return f"{owner} {problems[0]}".lstrip()
    strange = [problem.option for problem in problems if _is_strange(problem)]
    parts = [f"{', '.join(strange)}: unknown option{'s' if len(strange) > 1 else ''}"] if strange else []
    parts += [str(replace(problem, allowed=())) for problem in problems if not _is_strange(problem)]
    known = dict.fromkeys(problem.allowed for problem in problems if problem.allowed)
    parts += [f"options: {', '.join(names)}" for names in known]
    return f"{owner} {'; '.join(parts)}".lstrip()


def _is_strange(problem: OptionProblem) -> bool:
    return problem.kind == "unknown" and not problem.near
