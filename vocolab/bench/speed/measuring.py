"""Every case in a process of its own, and what their rows have in common."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from vocolab.bench.speed.cases import Case, Way
from vocolab.bench.speed.memory import as_question
from vocolab.bench.speed.results import SpeedRow
from vocolab.bench.speed.worker import REFERENCE

LENGTHS_S = (0.1, 1.0, 5.0, 60.0, 600.0)
_PROPORTIONAL_FROM_S = 1.0
_PAIRS = ("quartiles", "yardstick_quartiles", "first_block_ms")


@dataclass(frozen=True)
class Plan:
    """How cases are measured.

    Attributes:
        ways: Engines and precisions.
        lengths_s: Of audio.
        threads: One after the other.
        runs: Turns, at most.
        at_most_s: After which a case's turns at a length end.
        refine: Rounds of refinement; None: what each voice recommends.
        with_memory: Whether peak memory is measured, in a process for each way and length.
    """

    ways: tuple[Way, ...]
    lengths_s: tuple[float, ...] = (5.0,)
    threads: tuple[int, ...] = (1,)
    runs: int = 7
    at_most_s: float = 60.0
    refine: int | None = 0
    with_memory: bool = False


def measure_speed(
    cases: Sequence[Case], plan: Plan, say: Callable[[str], None] = lambda line: None
) -> Iterator[SpeedRow | str]:
    """The rows of all cases, and a line on each that could not be measured."""
    for case in cases:
        for threads in plan.threads:
            say(f"{case.label}, {threads} thread{'s'[: threads != 1]}")
            found = list(_measured(case, plan, threads))
            rows = [row for row in found if isinstance(row, SpeedRow)]
            yield from (line for line in found if isinstance(line, str))
            yield from (_with_memory(case, row, plan) for row in with_growth(rows))


def _measured(case: Case, plan: Plan, threads: int) -> Iterator[SpeedRow | str]:
    question: dict[str, Any] = {
        "case": vars(case), "ways": [vars(way) for way in plan.ways], "lengths_s": plan.lengths_s, "threads": threads,
        "runs": plan.runs, "at_most_s": plan.at_most_s, "refine": plan.refine,
    }
    answer = _asked("worker", json.dumps(question))
    if isinstance(answer, str):
        yield f"{case.label}: {answer}"
        return
    for line in answer:
        row = line.get("row")
        if row is None:
            yield str(line["problem"])
            continue
        pairs = {name: tuple(row[name]) for name in _PAIRS if row[name] is not None}
        yield SpeedRow(**{**row, **pairs})


def with_growth(rows: Sequence[SpeedRow]) -> list[SpeedRow]:
    """The rows, each with the power of the length that its seconds go as, where there are two lengths to tell."""
    return [replace(row, growth=_growth([one for one in rows if one.key[:-1] == row.key[:-1]])) for row in rows]


def _growth(rows: Sequence[SpeedRow]) -> float | None:
    """The slope of a line through the logarithms, by least squares."""
    points = [(math.log(row.seconds), math.log(row.rtf * row.seconds))
              for row in rows if row.seconds >= _PROPORTIONAL_FROM_S]
    if len(points) < 2:
        return None
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else None


def _with_memory(case: Case, row: SpeedRow, plan: Plan) -> SpeedRow:
    if not plan.with_memory or row.engine in (REFERENCE, "-"):
        return row
    way = Way(row.engine, row.precision)  # type: ignore[arg-type]  # a row's precision was one
    _asked("memory", as_question(case, way, 0.0, row.threads, plan.refine))  # compiled, if it was not
    answer = _asked("memory", as_question(case, way, row.seconds, row.threads, plan.refine))
    return row if isinstance(answer, str) else replace(row, memory_mb=float(answer[0]["memory_mb"]))


def _asked(module: str, question: str) -> list[dict[str, Any]] | str:
    """What a process answers, line by line; the last line of its errors if it fails."""
    command = [sys.executable, "-m", f"vocolab.bench.speed.{module}"]
    done = subprocess.run(command, input=question, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
    return [json.loads(line) for line in done.stdout.splitlines()]
