"""What a training run shows: its pace and losses, and its validations."""

from __future__ import annotations

import sys
import time
from typing import Any

import click

_LOSSES = ("loss", "mel", "mel_l1", "complex", "discriminator")


class TrainingProgress:
    """One line a logged step: rewritten in place on a terminal, whole lines in a log, nothing if quiet."""

    def __init__(self, steps: int, *, quiet: bool) -> None:
        self.steps, self.quiet = steps, quiet
        self.in_place = sys.stderr.isatty()
        self._below = "\n" if self.in_place else ""
        self.started = time.monotonic()

    def say(self, line: str) -> None:
        """A line that stays."""
        if not self.quiet:
            click.echo(line, err=True)

    def report(self, record: dict[str, Any]) -> None:
        """Progress of a step, or the figures of a validation."""
        if self.quiet:
            return
        if "validation" in record:
            figures = "  ".join(f"{name} {value:.4f}" for name, value in record["validation"].items())
            click.echo(f"{self._below}step {record['step']}: validation {figures}", err=True)
            return
        remaining_s = (self.steps - record["step"]) / max(record["steps_per_s"], 1e-9)
        losses = "  ".join(f"{name} {record[name]:.3f}" for name in _LOSSES if name in record)
        pace = f"{record['steps_per_s']:.2f} steps/s  {remaining_s / 60:.0f} min left"
        line = f"step {record['step']}/{self.steps}  {losses}  {pace}"
        click.echo(f"\r{line}   " if self.in_place else line, nl=not self.in_place, err=True)
