"""The outcome of a measurement, as JSON; `vocolab.bench.tables` writes it as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from vocolab.bench.rows import Row
from vocolab.bench.tallies import Difference

SECOND_SPEAKER_STOI = 0.06
"""How far a voice's STOI may fall on another speaker for its speech to count as intelligible still."""

_PACKAGES = ("vocolab", "torch", "numpy", "pesq", "pystoi")


@dataclass(frozen=True)
class SpeakerResult:
    """All rows for the clips of one speaker."""

    folder: Path
    n_clips: int
    rows: Sequence[Row]
    what: str = "validation prompts"
    """What the clips are, in words."""
    groups: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """The same rows over the clips of women and of men, where the corpus says who is who."""


@dataclass(frozen=True)
class SecondSpeakerCheck:
    """Whether a voice is as intelligible on another speaker."""

    label: str
    own_stoi: float
    second_stoi: float

    @property
    def holds(self) -> bool:
        """Whether STOI falls by no more than `SECOND_SPEAKER_STOI`."""
        return self.own_stoi - self.second_stoi <= SECOND_SPEAKER_STOI


@dataclass(frozen=True)
class Results:
    """A measurement with one or two speakers."""

    own: SpeakerResult
    second: SpeakerResult | None = None
    machine: dict[str, str] = field(default_factory=lambda: machine())
    against: str | None = None
    """The row that all others are held against, besides the recordings."""

    def checks(self) -> list[SecondSpeakerCheck]:
        """For every row that has STOI for both speakers, the recordings left out."""
        if self.second is None:
            return []
        second = {row.label: row.figures.get("stoi") for row in self.second.rows[1:]}
        pairs = [(row.label, row.figures.get("stoi"), second.get(row.label)) for row in self.own.rows[1:]]
        return [SecondSpeakerCheck(label, own, other) for label, own, other in pairs
                if own is not None and other is not None]

    def to_dict(self) -> dict[str, Any]:
        """As JSON knows it, numbers unrounded."""
        return {
            "machine": self.machine,
            "data": self._speaker_dict(self.own),
            "second": None if self.second is None else self._speaker_dict(self.second),
            "second_speaker_checks": [
                {"label": check.label, "stoi": check.own_stoi, "second_stoi": check.second_stoi, "holds": check.holds}
                for check in self.checks()
            ],
        }

    def to_markdown(self) -> str:
        """Tables with what is needed to read them."""
        from vocolab.bench.tables import check_text, speaker_text

        parts = [speaker_text(self.own, self.against)]
        if self.second is not None:
            parts.append(speaker_text(self.second, self.against))
            parts.append("\n".join(check_text(check) for check in self.checks()))
        parts.append(", ".join(f"{name} {value}" for name, value in self.machine.items()) + ".")
        return "\n\n".join(part for part in parts if part) + "\n"

    def _speaker_dict(self, speaker: SpeakerResult) -> dict[str, Any]:
        rows = [row_dict(row) for row in speaker.rows]
        for name in filter(None, dict.fromkeys([speaker.rows[0].label, self.against])):
            base = next((row for row in speaker.rows if row.label == name), None)
            for row, written in zip(speaker.rows, rows, strict=True):
                if base is not None and row is not base:
                    written[f"less {name}"] = {key: _difference_dict(found) for key, found in row.less(base).items()}
        return {
            "folder": speaker.folder.name, "clips": speaker.n_clips, "rows": rows,
            "groups": {group: [row_dict(row) for row in of_group] for group, of_group in speaker.groups.items()},
        }


def machine() -> dict[str, str]:
    """What figures of speed depend on."""
    found = {"CPU": _cpu(), "Python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{named or platform.processor() or platform.machine()} ({os.cpu_count()} cores)"


def row_dict(row: Row) -> dict[str, Any]:
    """A row as JSON knows it."""
    worst = row.worst_band
    return {
        "label": row.label, "parameters": row.parameters, "stored_bytes": row.stored_bytes, **row.figures,
        "intervals": {name: list(interval) for name, interval in row.intervals.items()},
        "third_octaves_db": {f"{hz:g}": round(value, 2) for hz, value in row.bands_db.items()},
        "worst_third_octave": None if worst is None else {"hz": worst[0], "db": round(worst[1], 2)},
        "problems": list(row.problems),
    }


def _difference_dict(difference: Difference) -> dict[str, Any]:
    interval = None if difference.interval is None else list(difference.interval)
    return {"value": difference.value, "interval": interval, "is_clear": difference.is_clear}
