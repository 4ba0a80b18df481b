"""The outcome of a measurement, as JSON and as Markdown."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from vocolab.bench.bands import HIGHEST_HZ
from vocolab.bench.quality import Row

SECOND_SPEAKER_STOI = 0.06
"""How far a voice's STOI may fall on another speaker for its speech to count as intelligible still."""

_MEASURES: tuple[tuple[str, str, int], ...] = (
    ("pesq_wb", "PESQ-WB", 2), ("stoi", "STOI", 3), ("mel_l1", "mel L1", 3), ("top_db", "top band dB", 1),
    ("dnsmos", "DNSMOS", 2), ("rtf", "RTF", 4), ("m_stft", "M-STFT", 3), ("mcd_db", "MCD dB", 2),
    ("periodicity_rmse", "periodicity RMSE", 3), ("vuv_f1", "V/UV F1", 3),
)
"""Name in the figures, heading, digits."""
_PACKAGES = ("vocolab", "torch", "numpy", "pesq", "pystoi")


@dataclass(frozen=True)
class SpeakerResult:
    """All rows for the clips of one speaker."""

    folder: Path
    n_clips: int
    rows: Sequence[Row]


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
            "data": _speaker_dict(self.own),
            "second": None if self.second is None else _speaker_dict(self.second),
            "second_speaker_checks": [
                {"label": check.label, "stoi": check.own_stoi, "second_stoi": check.second_stoi, "holds": check.holds}
                for check in self.checks()
            ],
        }

    def to_markdown(self) -> str:
        """Tables with what is needed to read them."""
        parts = [_speaker_text(self.own, "validation prompts")]
        if self.second is not None:
            parts.append(_speaker_text(self.second, "clips of another speaker"))
            parts.append("\n".join(_check_text(check) for check in self.checks()))
        parts.append(", ".join(f"{name} {value}" for name, value in self.machine.items()) + ".")
        return "\n\n".join(part for part in parts if part) + "\n"


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


def _speaker_dict(speaker: SpeakerResult) -> dict[str, Any]:
    return {"folder": speaker.folder.name, "clips": speaker.n_clips, "rows": [_row_dict(row) for row in speaker.rows]}


def _row_dict(row: Row) -> dict[str, Any]:
    worst = row.worst_band
    return {
        "label": row.label, "parameters": row.parameters, "stored_bytes": row.stored_bytes, **row.figures,
        "third_octaves_db": {f"{hz:g}": round(value, 2) for hz, value in row.bands_db.items()},
        "worst_third_octave": None if worst is None else {"hz": worst[0], "db": round(worst[1], 2)},
        "problems": list(row.problems),
    }


def _speaker_text(speaker: SpeakerResult, what: str) -> str:
    rows = speaker.rows
    measures = [(name, heading, digits) for name, heading, digits in _MEASURES
                if any(name in row.figures for row in rows)]
    head = ["vocoder", "parameters", "stored", *(heading for _, heading, _ in measures), "worst third octave"]
    cells: list[Sequence[str]] = [
        [row.label, _millions(row.parameters), _megabytes(row.stored_bytes),
         *(_cell(row, name, digits) for name, _, digits in measures), _worst(row)]
        for row in rows
    ]
    problems = [f"- {row.label}: {problem}" for row in rows for problem in row.problems]
    unjudged = ["Not judged, and not in the means:\n\n" + "\n".join(problems)] if problems else []
    return "\n\n".join([f"{speaker.n_clips} {what} (`{speaker.folder.name}`).", _table(head, cells),
                        _band_table(rows), *unjudged])


def _band_table(rows: Sequence[Row]) -> str:
    """Level over the recordings by third octave, in dB."""
    banded = [row for row in rows if row.bands_db]
    if not banded:
        return ""
    centres = sorted({hz for row in banded for hz in row.bands_db})
    cells = [[row.label, *(f"{row.bands_db[hz]:+.1f}" if hz in row.bands_db else "" for hz in centres)]
             for row in banded]
    head = ["dB over the recordings", *(_hertz(hz) for hz in centres)]
    return f"By third octaves up to {HIGHEST_HZ / 1000:g} kHz:\n\n{_table(head, cells)}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(row: Row, name: str, digits: int) -> str:
    return f"{row.figures[name]:.{digits}f}" if name in row.figures else ""


def _worst(row: Row) -> str:
    worst = row.worst_band
    return "" if worst is None else f"{worst[1]:+.1f} dB at {_hertz(worst[0])}"


def _hertz(hz: float) -> str:
    return f"{hz / 1000:g} k" if hz >= 1000 else f"{hz:g}"


def _millions(parameters: int) -> str:
    return f"{parameters / 1e6:.2f} M" if parameters else ""


def _megabytes(stored_bytes: int) -> str:
    return f"{stored_bytes / 1e6:.1f} MB" if stored_bytes else ""


def _check_text(check: SecondSpeakerCheck) -> str:
    verdict = "within" if check.holds else "NOT within"
    return (f"- {check.label}: STOI {check.second_stoi:.3f} on the other speaker, {check.own_stoi:.3f} on its own: "
            f"{verdict} {SECOND_SPEAKER_STOI:g}")


