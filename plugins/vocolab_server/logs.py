"""Lines on standard error: an object a line for programs, or words. Texts that are spoken are not among them."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

from vocolab_server.settings import LogSettings

LOGGER = "vocolab.server"
_ORDINARY = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def begin(settings: LogSettings) -> None:
    """Let the server's own log, vocolab's and uvicorn's errors go to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.form == "json" else Words())
    for name, level in ((LOGGER, settings.level.upper()), ("vocolab", "WARNING"), ("uvicorn.error", "ERROR"),
                        ("asyncio", "ERROR")):
        log = logging.getLogger(name)
        log.handlers, log.propagate = [handler], False
        log.setLevel(level)


class JsonLines(logging.Formatter):
    """One JSON object a record: time, level, event, and what stands beside it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        facts: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{record.msecs:03.0f}Z",
            "level": record.levelname.lower(), "event": record.getMessage(), **_beside(record),
        }  # fmt: skip
        if record.exc_info:
            facts["trace"] = self.formatException(record.exc_info)
        return json.dumps(facts, ensure_ascii=True, default=str)


class Words(logging.Formatter):
    """The same for people; what could move a terminal's cursor is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        beside = " ".join(f"{name}={value!r}" for name, value in _beside(record).items())
        clock = time.strftime("%H:%M:%S", time.localtime(record.created))
        line = f"{clock} {record.levelname.lower()} {record.getMessage()} {beside}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _beside(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _ORDINARY}
