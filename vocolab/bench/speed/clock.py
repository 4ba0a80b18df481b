"""Time that is counted, and runs turn about."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

Clock: TypeAlias = Literal["cpu", "wall"]
LONG_ENOUGH_S = 0.02
"""Shorter runs are repeated within one turn: below this, a clock's own steps are seen."""


def clock_for(threads: int) -> Clock:
    """CPU time for one thread, which other work on the machine hardly moves; wall time for several.

    Threads that wait for each other may do so busily, and CPU time would count that.
    """
    return "cpu" if threads == 1 else "wall"


def now_s(clock: Clock) -> float:
    """What the clock shows."""
    return time.process_time() if clock == "cpu" else time.perf_counter()


@runtime_checkable
class TimesItself(Protocol):
    """What is run elsewhere, and knows what it took."""

    def took_s(self, clock: Clock, times: int) -> float:
        """Seconds of so many runs."""
        ...


Timed: TypeAlias = Callable[[], Any] | TimesItself


def timed_s(call: Timed, clock: Clock) -> float:
    """How long a call takes."""
    return repeated_s(call, clock, 1)


def repeated_s(call: Timed, clock: Clock, times: int) -> float:
    """How long so many calls take."""
    if isinstance(call, TimesItself):
        return call.took_s(clock, times)
    started = now_s(clock)
    for _ in range(times):
        call()
    return now_s(clock) - started


def turn_about_s(
    calls: Mapping[str, Timed], runs: int, clock: Clock, at_most_s: float = float("inf"),
    firsts_s: Mapping[str, float] | None = None,
) -> dict[str, list[float]]:
    """Seconds of each call, one after the other in every turn, after a turn that does not count.

    It ends after `runs` turns, or with the turn in which `at_most_s` are over. `firsts_s` are what the calls took in
    the turn that does not count, where there was one already.
    """
    if firsts_s is None:
        firsts_s = {name: timed_s(call, clock) for name, call in calls.items()}
    times = {name: max(1, round(LONG_ENOUGH_S / max(firsts_s[name], 1e-6))) for name in calls}
    taken: dict[str, list[float]] = {name: [] for name in calls}
    began = time.perf_counter()
    gc.collect()
    for _ in range(runs):
        for name, call in calls.items():
            taken[name].append(repeated_s(call, clock, times[name]) / times[name])
        if time.perf_counter() - began > at_most_s:
            break
    return taken


@dataclass(frozen=True)
class Ratio:
    """How many times as fast something is as the reference, in the same turns."""

    value: float
    low: float
    high: float
    """The quartiles of the turns."""


def ratio(reference_s: list[float], ours_s: list[float]) -> Ratio:
    """The median of the turns' ratios."""
    ratios = sorted(theirs / ours for theirs, ours in zip(reference_s, ours_s, strict=True))
    quarter = (len(ratios) - 1) / 4
    return Ratio(median(ratios), ratios[int(quarter)], ratios[-1 - int(quarter)])
