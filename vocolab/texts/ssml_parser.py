"""Walks through SSML with a parser that reads nothing but the text itself, and says where everything stands.

No DTD, so that there are no entities of anybody's own and none that point to files or addresses.
"""

from __future__ import annotations

from typing import NoReturn, Protocol
from xml.parsers import expat

from vocolab.errors import InputError

MAX_DEPTH = 64
"""Tags within tags."""


class Receiver(Protocol):
    """What is told of the tags and the text, with offsets of the source in code points."""

    def open_tag(self, name: str, attributes: dict[str, str], start: int, line: int) -> None:
        """A tag that begins at `start`."""

    def close_tag(self, name: str, at: int) -> None:
        """The end of the tag that was opened last."""

    def characters(self, text: str, start: int, end: int) -> None:
        """Text that stands at `start` to `end`; longer there if it is an entity."""


def parse_ssml(source: str, receiver: Receiver) -> None:
    """Tell `receiver` of everything in `source`.

    Raises:
        InputError: if it is not well formed, has a DTD, or is nested too deep; names the line.
    """
    _Walk(source, receiver).run()


class _Walk:
    def __init__(self, source: str, receiver: Receiver) -> None:
        self._source, self._receiver = source, receiver
        self._encoded = source.encode("utf-8", "surrogatepass")
        self._prefix = b"" if source.lstrip().startswith(("<speak", "<?xml", "<!")) else b"<speak>"
        self._suffix = b"</speak>" if self._prefix else b""
        self._byte = self._point = 0
        self._waiting: tuple[str, int] | None = None
        self._open: list[tuple[str, int]] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = False
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._doctype
        for name in (
            "CommentHandler",
            "ProcessingInstructionHandler",
            "StartCdataSectionHandler",
            "EndCdataSectionHandler",
        ):
            setattr(self._parser, name, self._other)

    def run(self) -> None:
        lead = len(self._encoded) - len(self._encoded.lstrip())
        self._skipped = lead  # white space before an XML declaration is an error to expat and none to people
        try:
            self._parser.Parse(self._prefix + self._encoded[lead:] + self._suffix, True)
        except expat.ExpatError as error:
            self._refuse(error)
        self._flush(len(self._source))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self._here()
        self._flush(at)
        self._open.append((name, self._line()))
        if len(self._open) > MAX_DEPTH:
            raise InputError(f"SSML line {self._line()}: tags are nested more than {MAX_DEPTH} deep")
        self._receiver.open_tag(name, attributes, at, self._line())

    def _end(self, name: str) -> None:
        at = self._here()
        self._flush(at)
        self._open.pop()
        self._receiver.close_tag(name, at)

    def _text(self, text: str) -> None:
        at = self._here()
        self._flush(at)
        self._waiting = (text, at)

    def _other(self, *_: str) -> None:
        self._flush(self._here())

    def _doctype(self, *_: object) -> NoReturn:
        raise InputError(f"SSML line {self._line()}: a DOCTYPE is refused: leave it out, nothing here needs one")

    def _flush(self, end: int) -> None:
        if self._waiting:
            text, start = self._waiting
            self._waiting = None
            literal = self._source[start : start + len(text)] == text
            self._receiver.characters(text, start, start + len(text) if literal else end)

    def _here(self) -> int:
        """Where the parser is, in code points of the source."""
        byte = max(0, self._parser.CurrentByteIndex - len(self._prefix)) + self._skipped
        byte = min(byte, len(self._encoded))
        if byte > self._byte:
            self._point += len(self._encoded[self._byte : byte].decode("utf-8", "surrogatepass"))
            self._byte = byte
        return self._point

    def _line(self) -> int:
        return int(self._parser.CurrentLineNumber) + self._encoded[: self._skipped].count(b"\n")

    def _refuse(self, error: expat.ExpatError) -> NoReturn:
        line = error.lineno + self._encoded[: self._skipped].count(b"\n")
        raise InputError(f"SSML line {line}, column {error.offset + 1}: {self._reason(error)}") from None

    def _reason(self, error: expat.ExpatError) -> str:
        said = expat.errors.messages[error.code]
        wanted = f"<{self._open[-1][0]}> of line {self._open[-1][1]}" if self._open else "a tag"
        if said in (expat.errors.XML_ERROR_TAG_MISMATCH, expat.errors.XML_ERROR_NO_ELEMENTS) and self._open:
            return f"{wanted} is not closed before this"
        if said == expat.errors.XML_ERROR_UNDEFINED_ENTITY:
            return "an unknown entity; SSML has &amp; &lt; &gt; &quot; &apos; and numbers such as &#8364;"
        if said == expat.errors.XML_ERROR_INVALID_TOKEN:
            return "this is not well formed; write & as &amp; and < as &lt;, without control characters"
        return f"this is not well formed: {said}"
