"""What a training run shows: how far it has come, its pace and losses, and its validations."""

from __future__ import annotations

from types import TracebackType
from typing import Any

import click

from vocolab.cli.session import on_terminal
from vocolab.cli.status_line import StatusLine, bar

_BAR_WIDTH = 16
_NO_LOSS = ("step", "steps_per_s")


class TrainingProgress:
    """A bar on a terminal, drawn as time goes by; a line a logged step in a log; nothing if quiet.

    Used as a context, so that the bar is away when an error is printed.

    Args:
        steps: The number of the recipe's last step.
        until: The step to stop at, if that comes before.
        quiet: Print nothing.
    """

    def __init__(self, steps: int, *, until: int | None = None, quiet: bool = False) -> None:
        self.last = min(until or steps, steps)
        self.quiet = quiet
        self._status = StatusLine() if on_terminal() else None
        self._losses = ""

    def __enter__(self) -> TrainingProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.erase()

    def say(self, line: str) -> None:
        """A line that stays."""
        if self.quiet:
            return
        if self._status is not None:
            self._status.print_above(line)
        else:
            click.echo(line, err=True)

    def reach(self, step: int, steps_per_s: float) -> None:
        """The run has come to `step`; called after every one, and with a pace of 0 before the first."""
        if not self.quiet and self._status is not None and self._status.due:
            # What tells that it goes on stands first: a narrow terminal cuts the losses off.
            come = f"{bar(step / self.last, _BAR_WIDTH)}  {step}/{self.last}"
            self._status.draw("  ".join(filter(None, (come, self._pace(step, steps_per_s), self._losses))))

    def report(self, record: dict[str, Any]) -> None:
        """The figures of a logged step, or of a validation."""
        if "validation" in record:
            figures = "  ".join(f"{name} {value:.4f}" for name, value in record["validation"].items())
            self.say(f"step {record['step']}: validation {figures}")
            return
        self._losses = "  ".join(f"{name} {value:.3f}" for name, value in record.items() if _is_loss(name))
        if self._status is None:
            pace = self._pace(record["step"], record["steps_per_s"])
            self.say(f"step {record['step']}/{self.last}  {self._losses}  {pace}")

    def _pace(self, step: int, steps_per_s: float) -> str:
        if steps_per_s <= 0:
            return ""
        return f"{steps_per_s:.2f} steps/s  {_duration((self.last - step) / steps_per_s)} left"


def _is_loss(name: str) -> bool:
    return name not in _NO_LOSS and not name.endswith("gradient")


def _duration(seconds: float) -> str:
    """In the two units that a person would use."""
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
