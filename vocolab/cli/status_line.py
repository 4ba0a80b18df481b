"""The line of a terminal that is drawn over and over, below the lines that stay."""

from __future__ import annotations

import os
import sys
import time

from vocolab.cli.colour import say
from vocolab.cli.terminal import draw, visible

_REDRAW_S = 0.2
_DEFAULT_COLUMNS = 80


class StatusLine:
    """One line on stderr, never wider than the terminal, drawn at most five times a second."""

    def __init__(self) -> None:
        self._drawn = ""
        self._last_s = -_REDRAW_S

    @property
    def due(self) -> bool:
        """Whether it is time to draw again."""
        return time.monotonic() - self._last_s >= _REDRAW_S

    def draw(self, text: str) -> None:
        """Put `text`, parts with two spaces between them, where the line was; parts beyond its width are left out."""
        self._last_s = time.monotonic()
        self._drawn = _fitted(visible(text), _columns() - 1)
        draw(f"\r{self._drawn}\x1b[K")

    def print_above(self, text: str) -> None:
        """A line that stays, and the status below it."""
        drawn = self._drawn
        self.erase()
        say(text)
        if drawn:
            self.draw(drawn)

    def erase(self) -> None:
        """Take the line away."""
        if self._drawn:
            draw("\r\x1b[K")
            self._drawn = ""


def bar(share: float, width: int = 30) -> str:
    """`share`, 0 to 1, as a bar of `width` characters, and its per cent."""
    share = min(share, 1.0)
    filled = round(share * width)
    return f"[{'#' * filled}{'.' * (width - filled)}] {share:4.0%}"


def _fitted(text: str, columns: int) -> str:
    """A figure that is cut in two is another figure: what does not fit goes whole."""
    if len(text) <= columns:
        return text
    return text[:columns].rpartition("  ")[0] or text[:columns]


def _columns() -> int:
    """Of the terminal behind stderr; some say 0, which means that they do not know."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _DEFAULT_COLUMNS
    except (OSError, ValueError):
        return _DEFAULT_COLUMNS
