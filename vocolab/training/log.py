"""Where the figures of a run go: its JSON lines, TensorBoard where that is installed, and whoever watches."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from vocolab.training.board import Board
from vocolab.training.run_folder import RunFolder

Report = Callable[[dict[str, Any]], None]
"""Takes the records of a run as they come."""
Say = Callable[[str], None]
"""Takes lines for whoever watches."""


class Log:
    """Takes records `{"step": N, figure: value, ...}`, or `{"step": N, "validation": {figure: value, ...}}`.

    TensorBoard is for looking on: where it can't be written that is told to `say`, once, and the run goes on without.
    """

    def __init__(
        self, run: RunFolder, *, tensorboard: bool, first_step: int = 0, say: Say = lambda line: None
    ) -> None:
        self.run, self._say = run, say
        self._board: Board | None = None
        if tensorboard:
            self._open_board(first_step)

    def write(self, record: dict[str, Any], report: Report) -> None:
        """Keep a record, and show it.

        Raises:
            OutputError: if there is no space for its JSON line.
        """
        self.run.append_log(record)
        if self._board is not None:
            prefix, figures = ("validation", record["validation"]) if "validation" in record else ("training", record)
            tagged = {f"{prefix}/{name}": value for name, value in figures.items() if name != "step"}
            try:
                self._board.write(record["step"], tagged)
            except OSError as error:
                self._give_up(error)
        report(record)

    def close(self) -> None:
        """End what is open; no error comes from here."""
        if self._board is not None:
            with suppress(OSError):
                self._board.close()

    def _open_board(self, first_step: int) -> None:
        try:
            self._board = Board(self.run.tensorboard, first_step)
        except ModuleNotFoundError:
            return
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.close()
        self._board = None
        self._say(f"{self.run.tensorboard}: can't be written: {error.strerror or error}; the run goes on without, its "
                  "figures are in log.jsonl")
