"""What is told of events: how often they come, and where."""

from __future__ import annotations

from collections.abc import Sequence

from vocolab.findings import Mark
from vocolab_restoration.events import Event


def per_minute(count: int, seconds: float) -> float:
    """How many events there are in a minute."""
    return 60 * count / seconds


def is_often(count: int, seconds: float, fault_per_minute: float, fewest: int = 2) -> bool:
    """Whether there are so many that the recording is to be repaired; one alone is no fault of a recording."""
    return count >= fewest and per_minute(count, seconds) >= fault_per_minute


def marks_of(
    events: Sequence[Event], sample_rate: int, low_hz: float | None = None, high_hz: float | None = None
) -> tuple[Mark, ...]:
    """Where events are."""
    return tuple(Mark(event.start / sample_rate, event.stop / sample_rate, low_hz, high_hz) for event in events)
