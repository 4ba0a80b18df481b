"""Where the figures of a run go: its JSON lines, TensorBoard where that is installed, and whoever watches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vocolab.training.run_folder import RunFolder

Report = Callable[[dict[str, Any]], None]
"""Takes the records of a run as they come."""
Say = Callable[[str], None]
"""Takes lines for whoever watches."""


class Log:
    """Takes records `{"step": N, figure: value, ...}`, or `{"step": N, "validation": {figure: value, ...}}`."""

    def __init__(self, run: RunFolder, *, tensorboard: bool, first_step: int = 0) -> None:
        self.run = run
        self._board = _board(run, first_step) if tensorboard else None

    def write(self, record: dict[str, Any], report: Report) -> None:
        """Keep a record, and show it."""
        self.run.append_log(record)
        if self._board is not None:
            prefix, figures = ("validation", record["validation"]) if "validation" in record else ("training", record)
            for name, value in figures.items():
                if name != "step":
                    self._board.add_scalar(f"{prefix}/{name}", value, record["step"])
        report(record)

    def close(self) -> None:
        """Let everything reach the disk."""
        if self._board is not None:
            self._board.close()


def _board(run: RunFolder, first_step: int) -> Any:
    """A TensorBoard writer that hides what was written after `first_step`, or None without the package."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ModuleNotFoundError:
        return None
    return SummaryWriter(str(run.tensorboard), purge_step=first_step + 1)
