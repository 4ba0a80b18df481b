"""A picture of a diagnosis: waveform, spectrogram with marks, where each fault is, loudness."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vocolab.delivery.target import Target
from vocolab.findings import Finding, Mark
from vocolab.loudness.spectrogram import Spectrogram
from vocolab.pictures.figures import new_figure, plain, save_figure
from vocolab.pictures.loudness import Walk, draw_curves, draw_waveform, say, titled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLOURS = (
    "#00acc1", "#43a047", "#f4511e", "#1e88e5", "#c0ca33", "#8e24aa", "#ffb300", "#00bfa5", "#e53935", "#78909c",
)  # fmt: skip
"""Of faults, one after the other."""
_ROUND_HZ = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
_SHOWN_DB = 90.0
_PANELS_INCHES = 8.2
_ROW_INCHES = 0.22
_LINE_CHARACTERS = 118
_SHORTEST_SHARE = 0.002
"""Of the width: what is shorter would not be seen."""
_MOST_MARKS = 400
"""Boxes of a fault in the spectrogram; of more nothing could be made out."""


def draw_diagnosis(
    walk: Walk, spectrogram: Spectrogram, findings: Sequence[Finding], path: str | PathLike[str], title: str = ""
) -> None:
    """Draw what was heard and found to an image file (.png, .svg, .pdf ...), whole or not at all.

    Four panels over one time axis: the waveform; the spectrogram, with a box where a fault is at some frequency; a row
    for each fault, with a bar where it is, which is all of the recording for one without marks; loudness. The faults
    are told under the title.

    Raises:
        CallError: if the file's suffix is none that can be drawn.
        DependencyMissing: if matplotlib is not installed.
        OutputError: if the file can't be written.
    """
    faults = [finding for finding in findings if finding.is_fault]
    lines = [line for fault in faults for line in textwrap.wrap(fault.sentence, _LINE_CHARACTERS)]
    lines = lines or ["nothing wrong was found"]
    head_inches = 0.45 + 0.19 * len(lines)
    rows_inches = 0.35 + _ROW_INCHES * max(1, len(faults))
    figure = new_figure(11, head_inches + rows_inches + _PANELS_INCHES)
    head, body = figure.subfigures(2, 1, squeeze=False, height_ratios=[head_inches, rows_inches + _PANELS_INCHES])[:, 0]
    head.text(0.05, 1 - 0.13 / head_inches, plain(title), fontsize=11, fontweight="bold", va="top")
    head.text(0.05, 1 - 0.36 / head_inches, "\n".join(map(plain, lines)), fontsize=9, linespacing=1.5, va="top")
    panels = body.subplots(4, 1, height_ratios=[1.5, 4.0, rows_inches, 2.4])
    draw_waveform(panels[0], walk, Target())
    _draw_spectrogram(panels[1], walk, spectrogram, faults)
    _draw_places(panels[2], walk, faults)
    draw_curves(panels[3], walk, Target())
    for panel in panels[:3]:
        panel.tick_params(labelbottom=False)
    save_figure(figure, Path(path), dpi=130)


def _draw_spectrogram(axes: Axes, walk: Walk, spectrogram: Spectrogram, faults: Sequence[Finding]) -> None:
    end, (unit_s, _) = walk.seconds / walk.time_unit[0], walk.time_unit
    levels_db, centres_hz = spectrogram.levels_db(), spectrogram.centres_hz
    titled(axes, "Spectrogram, faults boxed")
    axes.grid(False)
    low, high = math.log2(centres_hz[0]), math.log2(centres_hz[-1])
    axes.set(xlim=(0, end), ylim=(low, high), ylabel="Frequency in Hz")
    marks_hz = [hz for hz in _ROUND_HZ if centres_hz[0] <= hz <= centres_hz[-1]]
    names = [f"{hz / 1000:g}k" if hz >= 1000 else f"{hz}" for hz in marks_hz]
    axes.set_yticks([math.log2(hz) for hz in marks_hz], names)
    if not np.isfinite(levels_db).any():
        say(axes, "digital silence")
        return
    top = float(levels_db.max())
    axes.imshow(np.maximum(levels_db, top - _SHOWN_DB), origin="lower", aspect="auto", cmap="magma",
                interpolation="nearest", extent=(0, end, low, high), vmin=top - _SHOWN_DB, vmax=top)
    for number, fault in enumerate(faults):
        for mark in fault.marks[:_MOST_MARKS]:
            if mark.low_hz is not None or mark.high_hz is not None:
                _draw_box(axes, mark, unit_s, end, (low, high), _colour(number))


def _draw_box(
    axes: Axes, mark: Mark, unit_s: float, end: float, limits: tuple[float, float], colour: str
) -> None:
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    start, width = _stretch(mark, unit_s, end)
    low, high = (limit if hz is None or hz <= 0 else min(max(math.log2(hz), limits[0]), limits[1])
                 for hz, limit in zip((mark.low_hz, mark.high_hz), limits, strict=True))
    outline = [withStroke(linewidth=2.6, foreground="black")]  # so that it is seen on whatever is under it
    axes.add_patch(Rectangle((start, low), width, high - low, fill=False, edgecolor=colour, linewidth=1.3,
                             path_effects=outline))


def _draw_places(axes: Axes, walk: Walk, faults: Sequence[Finding]) -> None:
    """A row for each fault, the first at the top."""
    unit_s, end = walk.time_unit[0], walk.seconds / walk.time_unit[0]
    titled(axes, "Where it is")
    axes.set(xlim=(0, end), ylim=(-0.6, max(1, len(faults)) - 0.4))
    axes.grid(False, axis="y")
    rows = range(len(faults))
    axes.set_yticks([len(faults) - 1 - row for row in rows], [plain(fault.fault) for fault in faults])
    if not faults:
        say(axes, "nothing wrong was found")
    for number, fault in enumerate(faults):
        bars = [_stretch(mark, unit_s, end) for mark in fault.marks] or [(0.0, end)]
        axes.broken_barh(bars, (len(faults) - 1.3 - number, 0.6), facecolors=_colour(number), linewidth=0)


def _stretch(mark: Mark, unit_s: float, end: float) -> tuple[float, float]:
    """Where a mark begins and how long it is, wide enough to be seen."""
    start, stop = mark.start_s / unit_s, mark.end_s / unit_s
    wanted = max(stop - start, _SHORTEST_SHARE * end)
    return max(0.0, min(start, end - wanted)), wanted


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]
