"""The outcome of `vocolab bench speech` as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from vocolab.bench.results import machine, row_dict
from vocolab.bench.rows import Row
from vocolab.bench.tables import cell_with_interval, table

_COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("wer_percent", "WER %", 1), ("distillmos", "DistillMOS", 2), ("missed_added_percent", "missed or added %", 1),
    ("repetition", "repetition", 2), ("mcd_dtw_db", "MCD DTW dB", 2), ("log_f0_rmse", "log F0 RMSE", 3),
    ("duration_correlation", "durations", 2), ("rtf", "RTF", 3), ("first_cpu_ms", "first sound, CPU ms", 0),
    ("first_ms", "first sound, ms", 0),
)
"""Name in the figures, heading, digits."""


@dataclass(frozen=True)
class SpeechTable:
    """All rows for one set of prompts."""

    what: str
    """The prompts, in words."""
    n_prompts: int
    rows: Sequence[Row]


@dataclass(frozen=True)
class SpeechResults:
    """All tables."""

    tables: Sequence[SpeechTable]
    machine: dict[str, str] = field(default_factory=machine)

    def to_markdown(self) -> str:
        """Tables with what is needed to read them."""
        parts = [_text(one) for one in self.tables]
        parts.append(", ".join(f"{name} {value}" for name, value in self.machine.items()) + ".")
        return "\n\n".join(parts) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """As JSON knows it, numbers unrounded."""
        return {
            "machine": self.machine,
            "tables": [{"what": one.what, "prompts": one.n_prompts, "rows": [row_dict(row) for row in one.rows]}
                       for one in self.tables],
        }  # fmt: skip


def _text(one: SpeechTable) -> str:
    columns = [column for column in _COLUMNS if any(column[0] in row.figures for row in one.rows)]
    cells = [[row.label, *(cell_with_interval(row, name, digits) for name, _, digits in columns)] for row in one.rows]
    problems = [f"- {row.label}: {problem}" for row in one.rows for problem in row.problems]
    shown = table(["voice", *(head for _, head, _ in columns)], cells)
    parts = [f"{one.n_prompts} {one.what}, with 95 % intervals:", shown]
    return "\n\n".join([*parts, *(["Not judged:\n\n" + "\n".join(problems)] if problems else [])])
