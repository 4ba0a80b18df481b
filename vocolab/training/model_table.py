"""What is wrong with a recipe's `[model]`, which is the plugin's: said once, with the recipe's file."""

from __future__ import annotations

import re

from vocolab.errors import OptionError

_OWNER = re.compile(r"(?:^|; )recipe \[(model[^\]]*)\] ")
"""How a plugin names the table before each problem."""
_UNKNOWN = ": unknown option."
_ALLOWED = " Options: "


class ModelTableError(OptionError):
    """A `[model]` table that does not describe the model that is trained; `unknown` if it has unknown keys."""

    def __init__(self, message: str, *, unknown: bool = False) -> None:
        self.unknown = unknown
        super().__init__(message)


def model_table_error(error: OptionError, source: str = "") -> ModelTableError:
    """A plugin's error about `[model]`: unknown keys together, what there is said once, the file `source` before it."""
    text = str(error)
    first, *rest = _OWNER.split(text)
    if first or not rest:  # a plugin with words of its own
        return ModelTableError(f"{source}: {text}" if source else text)
    tables: dict[str, list[str]] = {}
    for table, problem in zip(rest[::2], rest[1::2], strict=True):
        tables.setdefault(table, []).append(problem)
    before = f"{source}:" if source else "recipe"
    lines = [f"{before} [{table}] {_grouped(problems)}" for table, problems in tables.items()]
    return ModelTableError("; ".join(lines), unknown=_UNKNOWN in text)


def _grouped(problems: list[str]) -> str:
    """The problems of one table; unknown keys that resemble nothing in one list, the known keys once at the end."""
    unknown, others, allowed = [], [], ""
    for problem in problems:
        text, _, options = problem.partition(_ALLOWED) if _UNKNOWN in problem else (problem, "", "")
        allowed = options or allowed
        if text.endswith(_UNKNOWN):
            unknown.append(text.removesuffix(_UNKNOWN))
        else:
            others.append(text)
    listed = [f"{', '.join(unknown)}: unknown option{'s' if len(unknown) > 1 else ''}"] if unknown else []
    known = [f"options: {allowed}"] if allowed else []
    return "; ".join([*listed, *others, *known])
