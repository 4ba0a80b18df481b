"""A diagnosis: what all detectors found in one recording."""

from __future__ import annotations

from dataclasses import dataclass

from vocolab.findings import Finding, Remedy


@dataclass(frozen=True)
class Diagnosis:
    """What was found, and what could not be looked for."""

    findings: tuple[Finding, ...]
    """In the order of the detectors, faults and others."""
    notes: tuple[str, ...] = ()
    """Lines on detectors that failed, and why."""

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What is wrong with the recording."""
        return tuple(finding for finding in self.findings if finding.is_fault)

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """What would help against the faults, each effect once: the settings of the first that asks for it hold."""
        chosen: dict[str, Remedy] = {}
        for fault in self.faults:
            for remedy in fault.remedies:
                chosen.setdefault(remedy.effect, remedy)
        return tuple(chosen.values())
