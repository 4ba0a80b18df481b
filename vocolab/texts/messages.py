"""Messages of chat models: JSON with `content`, one or a list, the contents in Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any

from vocolab.errors import InputError
from vocolab.texts.building import DocumentBuilder
from vocolab.texts.document import Document
from vocolab.texts.markdown import CodeReading, read_markdown
from vocolab.texts.phonemes import PhonemeParser
from vocolab.texts.rebasing import rebased

_SPOKEN_ROLES = ("assistant", "model", "user")
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)")
_SHORT_ESCAPES = {r"\n": "\n", r"\t": "\t", r"\r": "\r", r"\"": '"', r"\\": "\\", r"\/": "/"}
_FORM = 'give {"content": "..."} or a list of such messages'


class _Located(str):
    """A string of a JSON text that knows where its first character stands."""

    start: int


def read_messages(source: str, parse_phonemes: PhonemeParser | None = None, code: CodeReading = "skip") -> Document:
    """The document of one message or a list: what user and assistant wrote, in order, read as Markdown.

    Messages of another role, calls of tools and parts that are no text are skipped and reported.

    Raises:
        InputError: if it is no JSON or holds no message; says where.
    """
    build = DocumentBuilder(source)
    for number, message in enumerate(_messages(_parsed(source))):
        role = message.get("role", "assistant")
        if role not in _SPOKEN_ROLES:
            build.report(f"a message of the role {role!r} is skipped")
            continue
        for text in _texts(message.get("content"), number, build):
            _copy(build, text)
    outer = build.document()
    return rebased(read_markdown(outer.text, parse_phonemes, code), outer)


def _parsed(source: str) -> Any:
    decoder = json.JSONDecoder()
    decoder.parse_string = _located_string  # type: ignore[attr-defined]
    decoder.scan_once = py_make_scanner(decoder)  # type: ignore[attr-defined]
    try:
        return decoder.decode(source)
    except json.JSONDecodeError as error:
        raise InputError(f"messages, line {error.lineno} column {error.colno}: {error.msg}; {_FORM}") from None
    except ValueError as error:  # a number of over 4,300 digits
        raise InputError(f"messages hold a value that can't be read ({error}); {_FORM}") from None
    except RecursionError:
        raise InputError(f"messages are nested too deep; {_FORM}") from None


def _located_string(source: str, start: int, strict: bool = True) -> tuple[_Located, int]:
    text, end = scanstring(source, start, strict)
    located = _Located(text)
    located.start = start
    return located, end


def _messages(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and isinstance(value.get("messages"), list):
        value = value["messages"]
    for number, message in enumerate(value if isinstance(value, list) else [value]):
        if not isinstance(message, dict) or not message.keys() & {"content", "tool_calls"}:
            raise InputError(f"messages: item {number} has no content; {_FORM}")
        yield message


def _texts(content: Any, number: int, build: DocumentBuilder) -> Iterator[_Located]:
    if content is None:
        build.report(f"message {number} has no content: skipped")
    elif isinstance(content, _Located):
        yield content
    elif isinstance(content, list):
        for part in content:
            text = part.get("text") if isinstance(part, dict) else part
            if isinstance(text, _Located):
                yield text
            else:
                kind = part.get("type", "?") if isinstance(part, dict) else type(part).__name__
                build.report(f"a part of the type {kind!r} is skipped")
    else:
        raise InputError(f"messages: the content of item {number} is neither text nor a list of parts; {_FORM}")


def _copy(build: DocumentBuilder, text: _Located) -> None:
    """Append what a JSON string says, with the places of its escapes."""
    if build.length:
        build.put("\n\n", text.start, text.start)
    end = scanstring(build.source, text.start, True)[1] - 1
    at = text.start
    for match in _ESCAPE.finditer(build.source, text.start, end):
        escape = match[0]
        build.copy(at, match.start())
        build.put(_SHORT_ESCAPES.get(escape) or json.loads(f'"{escape}"'), match.start(), match.end())
        at = match.end()
    build.copy(at, end)
