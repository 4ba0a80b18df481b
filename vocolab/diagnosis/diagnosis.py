"""A diagnosis: what all detectors found in one recording."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from vocolab.diagnosis.advice import Advice
from vocolab.diagnosis.wording import lines
from vocolab.findings import Finding


@dataclass(frozen=True)
class Diagnosis:
    """What was found, what would help, and what could not be looked for; printed, as `vocolab inspect` has it."""

    findings: tuple[Finding, ...]
    """In the order of the detectors, faults and others."""
    advice: Advice = Advice()  # noqa: RUF009  a frozen dataclass of tuples
    """Effects against the faults."""
    notes: tuple[str, ...] = ()
    """Lines on detectors that failed, and why."""
    file: str = ""
    """The recording's file; empty for one that is in memory."""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What is wrong with the recording."""
        return tuple(finding for finding in self.findings if finding.is_fault)

    def finding(self, fault: str) -> Finding | None:
        """What was found of one kind; None where nothing could be told."""
        return next((finding for finding in self.findings if finding.fault == fault), None)

    def to_dict(self) -> dict[str, Any]:
        """For programs, as `vocolab inspect --json` has it under "diagnosis"."""
        return {
            "faults": [finding.fault for finding in self.faults],
            "findings": [_facts(finding) for finding in self.findings],
            "advice": {**asdict(self.advice), "command": self.advice.command(self.file or "FILE") or None},
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        return "\n".join(lines(self.findings, self.advice, self.file))


def _facts(finding: Finding) -> dict[str, Any]:
    return {
        "fault": finding.fault, "is_fault": finding.is_fault, "sentence": finding.sentence,
        "figures": dict(finding.figures), "marks": [asdict(mark) for mark in finding.marks],
        "remedies": [{"effect": one.effect, "settings": dict(one.settings)} for one in finding.remedies],
        "advice": finding.advice or None,
    }
