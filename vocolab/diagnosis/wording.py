"""A diagnosis for people: what is wrong, what is in order, what would help, and the call that does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vocolab.diagnosis.advice import Advice
from vocolab.findings import Figure, Finding, Mark
from vocolab.toml_writing import toml_lines

_MOST_MARKS = 5
_MOST_ROWS = 12


def lines(findings: Sequence[Finding], advice: Advice, file: str) -> Iterator[str]:
    """Short lines in groups, each under a heading."""
    faults = [finding for finding in findings if finding.is_fault]
    others = [finding for finding in findings if not finding.is_fault]
    yield "what is wrong" if faults else "nothing wrong was found"
    for finding in faults:
        yield f"  {finding.sentence}{_places(finding)}"
        yield from (f"    {row}" for row in columns(finding.figures))
        if finding.advice:
            yield f"    {finding.advice}"
    if others:
        yield "what is in order"
    for finding in others:
        yield f"  {finding.sentence}"
        yield from (f"    {row}" for row in columns(finding.figures))
    yield from _help(advice, file)


def columns(figures: Mapping[str, Figure]) -> list[str]:
    """The figures that are lists of one length, as a table: what was measured of each of several things."""
    lists = {name: value for name, value in figures.items() if isinstance(value, tuple)}
    lengths = {len(value) for value in lists.values()}
    if len(lists) < 2 or len(lengths) != 1 or lengths <= {0, 1}:
        return []
    cells = [[name, *(f"{one:g}" for one in value)] for name, value in lists.items()]
    widths = [max(map(len, column)) for column in cells]
    rows = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
            for row in zip(*cells, strict=True)]
    left = len(rows) - 1 - _MOST_ROWS
    return rows if left <= 0 else [*rows[: 1 + _MOST_ROWS], f"and {left} more: --json has all of them"]


def clock(seconds: float) -> str:
    """As in 3.2 s, 2:03.4 and 1:02:03.4."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest_s = divmod(round(seconds, 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{rest_s:04.1f}" if hours else f"{minutes}:{rest_s:04.1f}"


def _places(finding: Finding) -> str:
    """Where a fault is, as far as a line has room; not what a table tells, nor one band all of the time."""
    is_band = len(finding.marks) == 1 and finding.marks[0].start_s == 0 and finding.marks[0].low_hz is not None
    if not finding.marks or is_band or columns(finding.figures):
        return ""
    told = ", ".join(_place(mark) for mark in finding.marks[:_MOST_MARKS])
    left = len(finding.marks) - _MOST_MARKS
    more = f" and {left} more place{'s' if left > 1 else ''}" if left > 0 else ""
    return f" (at {told}{more})"


def _place(mark: Mark) -> str:
    is_long = mark.end_s - mark.start_s >= 1.0
    return f"{clock(mark.start_s)} to {clock(mark.end_s)}" if is_long else clock(mark.start_s)


def _help(advice: Advice, file: str) -> Iterator[str]:
    if not advice.effects:
        return
    yield "what would help"
    width = max(len(one.effect) for one in advice.effects)
    for one in advice.effects:
        settings = f"  with {', '.join(toml_lines(one.settings))}" if one.settings else ""
        yield f"  {one.effect:<{width}}  {one.summary}{settings}"
    if command := advice.command(file or "FILE"):
        yield f"  run: {command}"
    if advice.in_no_preset:
        names = ", ".join(advice.in_no_preset)
        yield f"  no installed preset has {names}: put it into [[effects]] of one of yours"
