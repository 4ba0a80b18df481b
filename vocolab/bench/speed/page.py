"""A page of what was measured, in Markdown: of one call, or of several that were kept as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from vocolab.bench.speed.results import SpeedResults, SpeedRow
from vocolab.bench.tables import table

_RTF = (
    "RTF is seconds of work for a second of audio, without loading; CPU time on one thread, wall time on several. "
    "\"Times the reference\" compares with the published architecture as plain torch modules (weight norm folded, "
    "inference mode), run turn about in a process of its own; in brackets the quartiles of the turns. \"First block\" "
    "is from the first frame that is pushed to the first samples, p50 and p95. \"Cold\" is the first use of a voice: "
    "what runs it is imported, and it is compiled; \"open\" is to load it again, \"first call\" the first rendering of "
    "that length, and RTF what the later ones take. Memory is what a process of its own took above its imports. "
    "\"Growth\" is the power of the length that the time goes as, from 1 s on, fitted: 1 is proportional. "
    "\"Untrained\" weights are random: they take as long as trained ones and say nothing of sound."
)
_EFFECTS = "Seconds of 48 kHz stereo for a second of CPU time, in memory, on one thread; in brackets the quartiles."
_STARTS = "`vocolab render` of a 5 s mel from the shell, compiled before; below \"CPU s\", where they go."
_SPEED_HEAD = (
    "voice", "engine", "precision", "threads", "audio s", "RTF", "times the reference", "first block ms", "cold s",
    "open s", "first call s", "memory MB", "growth",
)  # fmt: skip


def page(results: Sequence[SpeedResults]) -> str:
    """Every result under the call that made it, with its day and its machine."""
    parts = ["# Speed, measured"]
    for title, note, tabled in (("Vocoders", _RTF, _speed_table), ("Effects and presets", _EFFECTS, _effects_table),
                                ("Start-up", _STARTS, _start_table)):
        parts += _section(results, title, note, tabled)
    problems = [f"- {problem}" for one in results for problem in one.problems]
    parts += ["Not measured:\n\n" + "\n".join(problems)] if problems else []
    return "\n\n".join(parts) + "\n"


def _section(
    results: Sequence[SpeedResults], title: str, note: str, tabled: Callable[[SpeedResults], str]
) -> Iterator[str]:
    found = [(one, text) for one in results if (text := tabled(one))]
    if found:
        yield f"## {title}"
        yield note
    for one, text in found:
        yield f"    {one.command}"
        yield f"{one.day}; " + ", ".join(f"{name} {value}" for name, value in one.machine.items()) + "."
        yield text


def _speed_table(results: SpeedResults) -> str:
    return _table(_SPEED_HEAD, ([
        row.voice + ("" if row.trained else " (untrained)"), f"{row.engine} {row.version}".strip(), row.precision,
        f"{row.threads} ({row.clock})", f"{row.seconds:g}", f"{row.rtf:.4f}", _times(row), _pair(row.first_block_ms),
        _number(row.cold_s, 2), _number(row.open_s, 2), _number(row.first_s, 3), _number(row.memory_mb, 0),
        _number(row.growth, 2),
    ] for row in results.rows))  # fmt: skip


def _effects_table(results: SpeedResults) -> str:
    return _table(("", "kind", "times real time"), ([
        f"`{row.name}`", row.kind, f"{row.times_real_time:.0f} [{row.quartiles[0]:.0f}, {row.quartiles[1]:.0f}]",
    ] for row in results.effects))  # fmt: skip


def _start_table(results: SpeedResults) -> str:
    stages = list(results.starts[0].stages_s) if results.starts else []
    return _table(("voice", "engine", "wall s", "CPU s", *stages), ([
        one.voice, one.engine, f"{one.wall_s:.2f}", f"{one.cpu_s:.2f}",
        *(f"{one.stages_s.get(stage, 0):.2f}" for stage in stages),
    ] for one in results.starts))  # fmt: skip


def _table(head: Sequence[str], rows: Iterable[list[str]]) -> str:
    """The rows under their head; nothing where there are none."""
    filled = list(rows)
    return table(list(head), filled) if filled else ""


def _times(row: SpeedRow) -> str:
    if row.times_reference is None or row.quartiles is None:
        return ""
    return f"{row.times_reference:.2f} [{row.quartiles[0]:.2f}, {row.quartiles[1]:.2f}]"


def _pair(values: tuple[float, float] | None) -> str:
    return "" if values is None else f"{values[0]:.1f} / {values[1]:.1f}"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
