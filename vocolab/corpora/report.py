"""What became of a corpus: how much is kept, what is left out and why, what else is worth knowing."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vocolab.corpora.findings import Finding
from vocolab.mels.conventions import spelled
from vocolab.mels.spec import MelSpec

_LISTED = 20


@dataclass(frozen=True)
class Report:
    """The result of a preparation."""

    source: Path
    target: Path
    mel_spec: MelSpec
    sample_rate: int
    """Of the stored clips, in Hz."""
    lines: int
    """Of the metadata, or recordings where there is none."""
    prepared_now: int
    """Clips that this run read; the others were done before."""
    findings: tuple[Finding, ...]
    seconds: dict[str, float] = field(default_factory=dict)
    """Of every clip that is kept, by name."""
    held_out: frozenset[str] = frozenset()
    assumed: tuple[str, ...] = ()
    """What was taken for granted of the folder as a whole."""

    @property
    def left_out(self) -> list[Finding]:
        """Why something is not part of the corpus."""
        return [finding for finding in self.findings if finding.left_out]

    @property
    def notes(self) -> list[Finding]:
        """What is worth knowing about clips that are."""
        return [finding for finding in self.findings if not finding.left_out]

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON knows it."""
        train_s = sum(seconds for name, seconds in self.seconds.items() if name not in self.held_out)
        held_out_s = sum(seconds for name, seconds in self.seconds.items() if name in self.held_out)
        return {
            "source": str(self.source),
            "target": str(self.target),
            "mel_spec": spelled(self.mel_spec),
            "sample_rate_hz": self.sample_rate,
            "metadata_lines": self.lines,
            "prepared_now": self.prepared_now,
            "train": {"clips": len(self.seconds) - len(self.held_out), "seconds": round(train_s, 2)},
            "validation": {"clips": len(self.held_out), "seconds": round(held_out_s, 2)},
            "left_out": [_as_dict(finding) for finding in self.left_out],
            "assumed": list(self.assumed),
            "notes": [_as_dict(finding) for finding in self.notes],
        }

    def to_text(self) -> str:
        """The same for people."""
        values = self.to_dict()
        lines = [
            f"{self.source}: {self.lines} clips named, {self.prepared_now} read now",
            *self.assumed,
            f"{self.target}: {_amount(values['train'])} to train on, {_amount(values['validation'])} held out, at "
            f"{self.sample_rate} Hz for {spelled(self.mel_spec)}",
        ]
        left_out = self.left_out
        if left_out:
            lines.append(f"left out ({_counted(left_out)}):")
            lines += [f"  {finding.name}: {finding.text}" for finding in left_out[:_LISTED]]
            lines += [f"  and {len(left_out) - _LISTED} more"] if len(left_out) > _LISTED else []
        if self.notes:
            lines.append(f"noted: {_counted(self.notes)}")
        return "\n".join([*lines, f"every clip of these, with the reason: {self.target / 'report.json'}"])


def _as_dict(finding: Finding) -> dict[str, str]:
    return {key: value for key, value in asdict(finding).items() if key != "left_out"}


def _amount(part: dict[str, Any]) -> str:
    return f"{part['clips']} {'clip' if part['clips'] == 1 else 'clips'} ({part['seconds'] / 60:.1f} min)"


def _counted(findings: list[Finding]) -> str:
    counts = Counter(finding.kind for finding in findings)
    return ", ".join(f"{kind} {count}" for kind, count in counts.most_common())
