"""Where `vocolab text` has its texts from: an argument, a file, lines of a file, standard input as it comes."""

from __future__ import annotations

import codecs
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from vocolab.errors import InputError
from vocolab.texts.user_words import decoded, read_text_file

STANDARD_INPUT = "-"
_AT_A_TIME_BYTES = 8192


def argument_text(argument: str) -> str:
    """A text from the command line.

    Raises:
        InputError: if its bytes were not UTF-8; names the offset of the first.
    """
    if any("\udc80" <= character <= "\udcff" for character in argument):  # what Python makes of such bytes
        return decoded(os.fsencode(argument), "TEXT")
    return argument


def file_text(path: Path) -> str:
    """The text of a file, or all of standard input for `-`."""
    return "".join(standard_input()) if str(path) == STANDARD_INPUT else read_text_file(path)


def file_lines(path: Path) -> Iterator[str]:
    """The lines of a file, or of standard input as they come, without their ends; the last may lack its own."""
    if str(path) != STANDARD_INPUT:
        lines = read_text_file(path).split("\n")
        yield from (line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1]))
        return
    rest = ""
    for piece in standard_input():
        *lines, rest = (rest + piece).split("\n")
        yield from (line.removesuffix("\r") for line in lines)
    if rest:
        yield rest


def standard_input() -> Iterator[str]:
    """Standard input in pieces, each as soon as it is there.

    Raises:
        InputError: if it is not UTF-8; names the offset of the bad byte.
    """
    decoder, offset = codecs.getincrementaldecoder("utf-8")(), 0
    while True:
        data: bytes = sys.stdin.buffer.read1(_AT_A_TIME_BYTES)  # type: ignore[union-attr]
        waiting = len(decoder.getstate()[0])
        try:
            text = decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            at = offset - waiting + error.start
            raise InputError(f"standard input: is not UTF-8: byte 0x{error.object[error.start]:02x} at offset {at}; "
                             "give it as UTF-8") from None
        if offset == 0:
            text = text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
        offset += len(data)
        if text:
            yield text
        if not data:
            return
