"""The one way to stdout and stderr: nothing that a terminal would obey gets through, wherever the text came from.

Names of files, summaries of presets, descriptions of voices and messages of plugins are written by others. All text of
a call goes through here, tracebacks, warnings and what plugins print too, so that nobody has to think of it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import IO, Any, cast

import click

from vocolab.errors import OutputError, Subject

# C0 but for tab and newline, DEL, C1, what turns the direction of writing, and the halves of characters that no
# terminal can be sent.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NOT_IN_JSON = re.compile("[\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str) -> str:
    """The text with a question mark for everything that a terminal would obey; tabs and newlines stay."""
    return _OBEYED.sub("?", text)


def visible_json(text: str) -> str:
    """JSON with escapes for what `visible` would replace, so that programs read what was meant."""
    return _NOT_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def json_for(stream: Any, value: Any, *, indent: int | None = None) -> str:
    """A value as JSON that a stream's encoding can write, with escapes for what it can't and for what is obeyed."""
    text = visible_json(json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False))
    if _encodable(text, stream) == text:
        return text
    return visible_json(json.dumps(value, indent=indent, allow_nan=False))  # a pipe on Windows, a locale of old


def _encodable(text: str, stream: Any) -> str:
    """The text with escapes for what the stream's encoding can't write."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    return text


class VisibleText:
    """A text stream that writes `visible` text to another one, and is that other one in all else.

    What the other's encoding can't write stands there as an escape: a Greek file name on a stream of Latin letters.

    Raises:
        BrokenPipeError: if nobody reads it any more.
        OutputError: if it can't be written, about its name.
    """

    name = "standard output"

    def __init__(self, stream: Any) -> None:
        self.unfiltered = stream

    def write(self, text: str) -> int:
        """Write the visible form of `text`; gives the length of what was passed in."""
        with self._told():
            self.unfiltered.write(_encodable(visible(text), self.unfiltered))
        return len(text)

    def flush(self) -> None:
        """Bring what was written to where it goes."""
        with self._told():
            self.unfiltered.flush()

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unfiltered, name)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            text = f"can't be written: {error.strerror or error}"
            raise OutputError(text, about=Subject(self.name, "stream")) from error


class Messages(VisibleText):
    """The same for what people are told: where that can't be written any more, the work goes on without."""

    name = "standard error"

    @contextmanager
    def _told(self) -> Iterator[None]:
        with suppress(OSError):
            yield


def draw(text: str) -> None:
    """Write to stderr with escapes of vocolab's own; whatever else is in the text has been made `visible`."""
    with suppress(OSError):  # as `Messages` does
        stream = getattr(sys.stderr, "unfiltered", sys.stderr)
        click.echo(_encodable(text, stream), file=stream, nl=False)


@contextmanager
def visible_streams() -> Iterator[None]:
    """While it lasts, stdout and stderr are `VisibleText`; one that is closed stays what it is."""
    with ExitStack() as stack:
        if sys.stdout is not None:
            stack.enter_context(redirect_stdout(cast(IO[str], VisibleText(sys.stdout))))
        if sys.stderr is not None:
            stack.enter_context(redirect_stderr(cast(IO[str], Messages(sys.stderr))))
        yield
