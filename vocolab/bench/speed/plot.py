"""Quality against speed, as a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vocolab.bench.speed.results import SpeedRow
from vocolab.errors import CallError, InputError
from vocolab.given_files import MOST_RESULT_BYTES, read_given_text
from vocolab.pictures.figures import check_picture, new_figure, plain, save_figure

MEASURES = (("distillmos", "DistillMOS"), ("pesq_wb", "PESQ-WB"))
"""What may stand for quality: the first that a result of `bench quality` has."""
_USUAL_S = 5.0
_COLOURS = {"onnx": "#2e8b57", "openvino": "#1f4e79", "torch": "#c0392b"}
_OTHER_COLOUR, _FRONT_COLOUR = "#111111", "#a9c4de"


def read_quality(path: Path) -> tuple[str, dict[str, float]]:
    """What stands for quality, and its value by row, from what `bench quality --json` printed.

    Raises:
        InputError: if it is none.
    """
    try:
        rows: Any = json.loads(read_given_text(path, MOST_RESULT_BYTES))["data"]["rows"]
        for key, name in MEASURES:
            found = {str(row["label"]): float(row[key]) for row in rows[1:] if row.get(key) is not None}
            if found:
                return name, found
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", about=path) from error
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise InputError("is no result of 'vocolab bench quality --json'", about=path) from error
    raise InputError(f"has none of {', '.join(name for _, name in MEASURES)} for any voice", about=path)


def with_quality(rows: Sequence[SpeedRow], quality: Mapping[str, float]) -> list[tuple[SpeedRow, float]]:
    """The fastest row of each trained voice on one thread in fp32, or what is nearest to that, and its quality.

    Of several lengths that nearest to 5 s counts.
    """
    ours = [row for row in rows if row.trained and row.engine != "reference" and row.voice in quality]
    best: dict[str, SpeedRow] = {}
    for row in ours:
        best[row.voice] = min(best.get(row.voice, row), row, key=_rank)
    return [(row, quality[voice]) for voice, row in best.items()]


def plot(rows: Sequence[SpeedRow], measure: str, quality: Mapping[str, float], path: Path) -> int:
    """Write a picture of `with_quality`; gives how many voices it shows.

    Raises:
        CallError: if no voice was measured in both ways, or the file's suffix is none that can be drawn.
        DependencyMissing: if matplotlib is not installed.
        OutputError: if the file can't be written.
    """
    check_picture(path)
    found = with_quality(rows, quality)
    if not found:
        raise CallError("no trained voice has both a quality and a speed: measure the same voices with bench quality, "
                        "with the same rounds of refinement", about=path)
    figure = new_figure(9, 6)
    axes = figure.add_subplot()
    front = _front([(1 / row.rtf, value) for row, value in found])
    axes.step(*zip(*front, strict=True), where="pre", color=_FRONT_COLOUR, linewidth=1.6, zorder=1)
    for row, value in found:
        colour = _COLOURS.get(row.engine, _OTHER_COLOUR)
        axes.scatter(1 / row.rtf, value, s=36, color=colour, zorder=3)
        axes.annotate(plain(row.voice), (1 / row.rtf, value), xytext=(6, 4), textcoords="offset points", fontsize=8)
    for engine in dict.fromkeys(row.engine for row, _ in found):
        axes.scatter([], [], s=36, color=_COLOURS.get(engine, _OTHER_COLOUR),
                     label="its own way" if engine == "-" else engine)
    axes.legend(title="fastest engine", loc="lower left", fontsize=8, title_fontsize=8, frameon=False)
    axes.set_xscale("log")
    axes.margins(0.12)
    axes.set_xlabel(f"Times real time, {_conditions([row for row, _ in found])}")
    axes.set_ylabel(f"{measure}, more is better")
    axes.set_title("Quality against speed; the line joins those that none is better and faster than", loc="left",
                   fontsize=10)
    axes.grid(visible=True, which="both", alpha=0.3)
    save_figure(figure, path)
    return len(found)


def _rank(row: SpeedRow) -> tuple[Any, ...]:
    return row.threads, row.precision != "fp32", abs(row.seconds - _USUAL_S), row.rtf


def _front(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Those that no other is both better and faster than, from slow to fast."""
    kept: list[tuple[float, float]] = []
    for speed, value in sorted(points, reverse=True):
        if not kept or value > kept[-1][1]:
            kept.append((speed, value))
    return kept[::-1]


def _conditions(rows: Sequence[SpeedRow]) -> str:
    """How they were measured, if it is the same for all."""
    lengths, threads = {row.seconds for row in rows}, {row.threads for row in rows}
    told = [f"{min(lengths):g} s of audio"] if len(lengths) == 1 else []
    told += [f"{(n := min(threads))} thread{'s'[: n != 1]}"] if len(threads) == 1 else []
    return ", ".join([*told, "without loading"])
