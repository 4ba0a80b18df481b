"""What `bench speed` and `bench effects` measured, as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from vocolab.bench.results import machine


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
    cold_s: float | None = None
    """To open the voice for the first time: to import what runs it, and to compile it where the engine compiles."""
    open_s: float | None = None
    """To open it again: imported and compiled before."""
    first_s: float | None = None
    """The first call at this length."""
    memory_mb: float | None = None
    """The most that the process took above what it had after its imports."""
    growth: float | None = None
    """Of time with length: seconds go as its power from 1 s on, fitted; 1 is proportional."""
    times_yardstick: float | None = None
    """A pass of the yardstick in units of what a second of audio takes, by the same turns: more is faster."""
    yardstick_quartiles: tuple[float, float] | None = None

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
    times_yardstick: float | None = None
    """A pass of the yardstick in units of what a second of audio takes, by the same turns: more is faster."""
    yardstick_quartiles: tuple[float, float] | None = None

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
        """A page of its own; `vocolab.bench.speed.page` puts several on one."""
        from vocolab.bench.speed.page import page

        return page([self])
