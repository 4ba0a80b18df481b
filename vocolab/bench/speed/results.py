"""What `bench speed` and `bench effects` measured, as JSON and as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from vocolab.bench.results import machine
from vocolab.bench.tables import table


@dataclass(frozen=True)
class SpeedRow:
    """One voice, run in one way, at one length."""

    voice: str
    vocoder: str
    trained: bool
    engine: str
    """"reference" for the published architecture; else what ran it."""
    version: str
    precision: str
    threads: int
    clock: str
    """"cpu" or "wall": what the seconds are of."""
    seconds: float
    """Of audio."""
    rtf: float
    """Seconds of work for a second of audio, the median of the turns."""
    runs: int
    times_reference: float | None = None
    """How many times as fast as the reference, in the same turns."""
    quartiles: tuple[float, float] | None = None
    first_block_ms: tuple[float, float] | None = None
    """From the first frame that is pushed to the first samples: p50 and p95."""
    open_s: float | None = None
    """To load the voice, cold: of a compiled voice where the engine compiles."""
    first_s: float | None = None
    """The first call at this length."""
    memory_mb: float | None = None
    """The most that the process took above what it had after its imports."""
    growth: float | None = None
    """Of time with length: seconds go as its power from 1 s on, fitted; 1 is proportional."""

    @property
    def key(self) -> tuple[Any, ...]:
        """What a row is compared by."""
        return self.voice, self.engine, self.precision, self.threads, self.seconds


@dataclass(frozen=True)
class EffectRow:
    """One effect or preset."""

    name: str
    kind: str
    times_real_time: float
    quartiles: tuple[float, float]
    runs: int

    @property
    def key(self) -> tuple[Any, ...]:
        """What a row is compared by."""
        return self.kind, self.name


@dataclass(frozen=True)
class StartUp:
    """Where the time of `vocolab render` of a 5 s mel goes."""

    voice: str
    engine: str
    cpu_s: float
    wall_s: float
    stages_s: dict[str, float]
    """CPU seconds of importing, finding plugins, opening the voice, rendering, writing."""


@dataclass
class SpeedResults:
    """All of a run."""

    command: str
    rows: list[SpeedRow] = field(default_factory=list)
    effects: list[EffectRow] = field(default_factory=list)
    starts: list[StartUp] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    machine: dict[str, str] = field(default_factory=machine)
    day: str = field(default_factory=lambda: date.today().isoformat())

    def to_dict(self) -> dict[str, Any]:
        """All of it, as JSON knows it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> SpeedResults:
        """The reverse of `to_dict`.

        Raises:
            TypeError, KeyError: if it is none.
        """
        rows = [SpeedRow(**row) for row in told["rows"]]
        effects = [EffectRow(**row) for row in told["effects"]]
        return cls(told["command"], rows, effects, [StartUp(**one) for one in told["starts"]], list(told["problems"]),
                   dict(told["machine"]), str(told["day"]))

    def to_markdown(self) -> str:
        """A page."""
        parts = [
            "# Speed, measured", f"    {self.command}",
            f"{self.day}; " + ", ".join(f"{name} {value}" for name, value in self.machine.items()) + ".",
            *_speed_text(self.rows), *_effects_text(self.effects), *_start_text(self.starts),
        ]
        if self.problems:
            parts.append("Not measured:\n\n" + "\n".join(f"- {problem}" for problem in self.problems))
        return "\n\n".join(parts) + "\n"


_RTF = (
    "RTF is seconds of work for a second of audio, without loading; CPU time on one thread, wall time on several. "
    "\"Times the reference\" compares with the published architecture as plain torch modules (weight norm folded, "
    "inference mode), run turn about in the same process; in brackets the quartiles of the turns. \"First block\" is "
    "from the first frame that is pushed to the first samples, p50 and p95. Memory is what the process took above "
    "its imports. \"Untrained\" weights are random: they take as long as trained ones and say nothing of sound."
)


def _speed_text(rows: Sequence[SpeedRow]) -> Iterable[str]:
    if not rows:
        return
    yield "## Vocoders"
    yield _RTF
    head = ["voice", "engine", "precision", "threads", "audio s", "RTF", "times the reference", "first block ms",
            "open s", "first call s", "memory MB", "growth"]  # fmt: skip
    yield table(head, [
        [
            row.voice + ("" if row.trained else " (untrained)"), f"{row.engine} {row.version}".strip(), row.precision,
            f"{row.threads} ({row.clock})", f"{row.seconds:g}", f"{row.rtf:.4f}", _times(row),
            _pair(row.first_block_ms), _number(row.open_s, 2), _number(row.first_s, 3),
            _number(row.memory_mb, 0), _number(row.growth, 2),
        ]
        for row in rows
    ])  # fmt: skip


def _effects_text(rows: Sequence[EffectRow]) -> Iterable[str]:
    if not rows:
        return
    yield "## Effects and presets"
    yield "Seconds of 48 kHz stereo for a second of CPU time, in memory, on one thread; in brackets the quartiles."
    yield table(["", "kind", "times real time"], [
        [f"`{row.name}`", row.kind, f"{row.times_real_time:.0f} [{row.quartiles[0]:.0f}, {row.quartiles[1]:.0f}]"]
        for row in rows
    ])


def _start_text(starts: Sequence[StartUp]) -> Iterable[str]:
    if not starts:
        return
    yield "## Start-up"
    yield "`vocolab render` of a 5 s mel from the shell, compiled before; below \"CPU s\", where they go."
    stages = list(starts[0].stages_s)
    yield table(["voice", "engine", "wall s", "CPU s", *stages], [
        [one.voice, one.engine, f"{one.wall_s:.2f}", f"{one.cpu_s:.2f}",
         *(f"{one.stages_s.get(stage, 0):.2f}" for stage in stages)]
        for one in starts
    ])


def _times(row: SpeedRow) -> str:
    if row.times_reference is None or row.quartiles is None:
        return ""
    return f"{row.times_reference:.2f} [{row.quartiles[0]:.2f}, {row.quartiles[1]:.2f}]"


def _pair(values: tuple[float, float] | None) -> str:
    return "" if values is None else f"{values[0]:.1f} / {values[1]:.1f}"


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"
