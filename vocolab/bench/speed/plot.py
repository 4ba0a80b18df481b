"""Quality against speed, as a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vocolab.bench.speed.results import SpeedRow
from vocolab.errors import DependencyMissing, InputError
from vocolab.files.atomic import whole_file
from vocolab.given_files import MOST_RESULT_BYTES, read_given_text

MEASURE = "pesq_wb"
"""The measure of `bench quality` that stands for quality."""


def read_quality(path: Path) -> dict[str, float]:
    """PESQ-WB by voice, from what `bench quality --json` printed.

    Raises:
        InputError: if it is none.
    """
    try:
        told: Any = json.loads(read_given_text(path, MOST_RESULT_BYTES))
        rows = told["own"]["rows"] if "own" in told else told["rows"]
        return {str(row["label"]): float(row[MEASURE]) for row in rows if MEASURE in row}
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", about=path) from error
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise InputError("is no result of 'vocolab bench quality --json'", about=path) from error


def plot(rows: list[SpeedRow], quality: Mapping[str, float], path: Path) -> int:
    """Write a PNG of the fastest row of each trained voice; gives how many have both figures.

    Raises:
        DependencyMissing: if matplotlib is not installed.
        OutputError: if the file can't be written.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise DependencyMissing("a plot needs matplotlib, not installed: pip install 'vocolab[plot]'") from error
    best: dict[str, SpeedRow] = {}
    for row in rows:
        if row.trained and row.voice in quality and row.engine != "reference":
            best[row.voice] = min(best.get(row.voice, row), row, key=lambda one: one.rtf)
    figure = Figure(figsize=(7, 5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for voice, row in best.items():
        axes.plot(1 / row.rtf, quality[voice], "o", color="tab:blue")
        axes.annotate(f" {voice} ({row.engine})", (1 / row.rtf, quality[voice]), fontsize=8)
    axes.set_xscale("log")
    axes.set_xlabel("times real time")
    axes.set_ylabel("PESQ-WB")
    axes.grid(visible=True, alpha=0.3)
    with whole_file(path) as temporary:
        figure.savefig(temporary, format="png", dpi=150)
    return len(best)
