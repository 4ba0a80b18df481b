"""What users know better: a lexicon of pronunciations, and rules for how something written is said.

Both are UTF-8 text files, one entry a line; what follows `#` at the start of a line or behind a space is a comment.

    lexicon.txt                          rules.txt
    # word, spaces, phonemes             # written => said
    vocolab   V OW1 K AH0 L AE2 B        C++ => C plus plus
    Nguyen    /nwɪn/                     approx. => approximately

An entry in lower case is meant in any case; one with a capital only as it is written.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator

from vocolab.errors import InputError
from vocolab.given_files import read_given
from vocolab.texts.phonemes import PhonemeParser

MAX_FILE_BYTES = 64 * 1024 * 1024

_ENTRY = re.compile(r"(\S+)\s+(.+)")
_VARIANT = re.compile(r"\(\d+\)$")
_COMMENT = re.compile(r"(?:^|\s)#.*$")


def read_text_file(path: str | os.PathLike[str]) -> str:
    """The text of a UTF-8 file, without a byte order mark.

    Raises:
        InputError: if it can't be read, is longer than 64 MiB or not UTF-8; names the offset of the bad byte.
    """
    try:
        data = read_given(path, MAX_FILE_BYTES)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise InputError(f"{path}: is longer than {MAX_FILE_BYTES // 2**20} MiB; cut it in parts") from None
        raise InputError(f"{path}: {error.strerror or error}") from None
    return decoded(data, str(path))


def decoded(data: bytes, name: str) -> str:
    """UTF-8 as text, without a byte order mark.

    Raises:
        InputError: if it is not UTF-8; names the offset of the bad byte.
    """
    try:
        return data.decode("utf-8").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name}: is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}; give it as UTF-8"
        ) from None


def read_lexicon(path: str | os.PathLike[str], parse_phonemes: PhonemeParser) -> dict[str, tuple[str, ...]]:
    """The pronunciations of a file: the first one of a word counts.

    Raises:
        InputError: if a line is no entry or a phoneme is unknown; names file and line.
    """
    lexicon: dict[str, tuple[str, ...]] = {}
    for number, line in _lines(path):
        match = _ENTRY.fullmatch(line)
        if not match:
            raise InputError(f"{path}:{number}: {line!r} has no pronunciation; write a word, a space and its phonemes")
        word, written = _VARIANT.sub("", match[1]), match[2]
        ipa = len(written) > 1 and written[0] == written[-1] == "/"
        try:
            phonemes = parse_phonemes(written.strip("/"), "ipa") if ipa else parse_phonemes(written, "x-arpabet")
        except InputError as error:
            raise InputError(f"{path}:{number}: {word}: {error}") from None
        lexicon.setdefault(word, phonemes)
    return lexicon


def read_rules(path: str | os.PathLike[str]) -> dict[str, str]:
    """The rules of a file.

    Raises:
        InputError: if a line is no rule; names file and line.
    """
    rules: dict[str, str] = {}
    for number, line in _lines(path):
        written, arrow, said = line.partition("=>")
        if not arrow or not written.strip():
            raise InputError(f"{path}:{number}: {line!r} is no rule; write: written => said")
        if written.strip() in rules:
            raise InputError(f"{path}:{number}: there is already a rule for {written.strip()!r}")
        rules[written.strip()] = said.strip()
    return rules


def _lines(path: str | os.PathLike[str]) -> Iterator[tuple[int, str]]:
    """The entries of a file and their line numbers."""
    for number, line in enumerate(read_text_file(path).split("\n"), 1):
        if entry := _COMMENT.sub("", line).strip():
            yield number, entry
