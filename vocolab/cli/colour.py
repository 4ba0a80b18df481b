"""Colours of verdicts and errors on a terminal, and nowhere else: NO_COLOR and TERM=dumb switch them off.

Only whole words that vocolab puts into a column of their own are coloured, in text that has been made `visible` before.
"""

from __future__ import annotations

import os
import re
import sys

from vocolab.cli.terminal import draw, visible

_GREEN, _RED, _YELLOW = 32, 31, 33
_COLOURS = {
    "pass": _GREEN, "MISSED": _RED, "FAILED": _RED, "FAIL": _RED, "no loudness": _RED, "nothing to measure": _YELLOW,
}  # fmt: skip
_VERDICT = re.compile(f"(?<=  )({'|'.join(_COLOURS)})(?=  |, skipped|$)", re.MULTILINE)
_ERROR = re.compile("^vocolab: error:")


def coloured(text: str) -> str:
    """The text with its verdicts, and the beginning of an error, in colour. It has to be `visible` already."""
    text = _VERDICT.sub(lambda found: _painted(found[0], _COLOURS[found[0]]), text)
    return _ERROR.sub(lambda found: _painted(found[0], _RED), text)


def say(text: str) -> None:
    """A line on stderr, coloured where that is a terminal that wants it."""
    line = visible(text)
    draw(f"{coloured(line) if wants_colour() else line}\n")


def wants_colour() -> bool:
    """Whether stderr is a terminal, and nobody has switched colours off (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stderr.isatty()


def _painted(text: str, colour: int) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"
