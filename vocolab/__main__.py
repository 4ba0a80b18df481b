"""The process of the `vocolab` command: its streams, its signals, its exit code. Also what `python -m vocolab` runs.

This comes before everything else is imported, so that Ctrl-C and SIGTERM have a defined end from the first moment on.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells count it: 128 and the signal's number."""

_ENDING = ("SIGTERM", "SIGHUP")
_AGAIN_S, _TRIES = 0.002, 5
_REPEATED_S = 1.0
"""A closed terminal sends its signal twice: the second must not disturb the tidying up after the first."""


class Terminated(BaseException):
    """SIGTERM or SIGHUP. It is no SystemExit: a plugin that raises one while it is imported has only itself failed."""

    ends_the_process = True


class Stop:
    """The handler of signals that end a process, so that half-written files are removed first."""

    def __init__(self) -> None:
        self.code = 0
        """The exit code once one has come: 128 and its number."""
        self._came_s = 0.0
        self._ordinary_hook = sys.unraisablehook

    def install(self) -> None:
        """Handle them, but for those that the caller wants ignored, as nohup does."""
        for name in _ENDING:
            number = getattr(signal, name, None)  # Windows knows no SIGHUP
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self)
        sys.unraisablehook = self._raise_again

    def _raise_again(self, unraised: sys.UnraisableHookArgs) -> None:
        """Send a signal once more that came where what is raised gets lost, as in a callback of the interpreter's.

        From a thread, a moment later: what is raised in here gets lost as well.
        """
        if isinstance(unraised.exc_value, Terminated):
            number, self._came_s = self.code - 128, 0.0
        elif isinstance(unraised.exc_value, KeyboardInterrupt):
            number = signal.SIGINT
        elif self.code:  # an object that the signal left half made can't end well, and nobody needs to know
            return
        else:
            self._ordinary_hook(unraised)
            return
        from threading import Timer

        for _ in range(_TRIES):
            try:
                again = Timer(_AGAIN_S, os.kill, (os.getpid(), number))
                again.daemon = True
                again.start()
                return
            except (Terminated, KeyboardInterrupt):  # on a busy machine it comes before this is left
                self._came_s = 0.0

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        """Raise `Terminated`, once for signals that come together."""
        if self.code and time.monotonic() - self._came_s < _REPEATED_S:
            return
        self.code, self._came_s = 128 + number, time.monotonic()
        raise Terminated


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    stop = Stop()
    try:
        stop.install()
        open_closed_streams()
        from vocolab.cli import uncollected

        uncollected.is_whole_process = True
        with uncollected.uncollected():
            from vocolab.cli.main import run

        code = run(sys.argv[1:])
    except Terminated:
        code = stop.code
    except KeyboardInterrupt:
        print("vocolab: interrupted", file=sys.stderr)
        code = INTERRUPTED
    gc.unfreeze()  # some extension modules complain of objects that they find left at the very end
    sys.exit(stop.code or code)  # asked to end: some module may have caught what was raised in it


def open_closed_streams() -> None:
    """Let a standard stream that the caller has closed lead nowhere.

    Else the next file that is opened would take its place, and be written to by whoever prints.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
            os.set_inheritable(descriptor, True)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


if __name__ == "__main__":
    main()
