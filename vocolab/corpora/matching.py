"""Lines of the metadata and the files that they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vocolab.corpora.findings import Finding
from vocolab.corpora.folder import METADATA, Line, index_audio, name_problem
from vocolab.corpora.names import NameIndex
from vocolab.errors import CorpusError

_OTHER_SIGNS = {"\t": "tabs", ";": "semicolons", ",": "commas"}


@dataclass(frozen=True)
class Source:
    """A line of the metadata and its file."""

    line: Line
    path: Path


def match_lines(source: Path, lines: Sequence[Line]) -> tuple[list[Source], list[Finding]]:
    """The lines that have a file of their own, and what is wrong with the others and the files that are left.

    Raises:
        CorpusError: if no line has one, and by the look of the lines their fields are not parted by |.
    """
    files = index_audio(source)
    index = NameIndex(files)
    matched: dict[str, Source] = {}
    findings: list[Finding] = []
    for line in lines:
        file = index.find(line.name)
        if problem := name_problem(line.name):
            findings.append(Finding(line.name or f"line {line.number}", "bad-name", problem, True))
        elif file in matched:
            first = matched[file].line.number
            findings.append(Finding(line.name, "named-twice", f"line {line.number} names it again; line {first} counts",
                                    True))
        elif file is None:
            findings.append(Finding(line.name, "no-file", f"line {line.number} names it and there is no such .flac or "
                                                          ".wav", True))
        else:
            matched[file] = Source(line, files[file][0])
            findings += _about_line(line, files[file], source)
    if not matched and not any(line.text for line in lines):
        raise CorpusError(_other_form(lines), about=source / METADATA)
    named = {index.find(line.name) for line in lines}
    spellings = NameIndex(line.name for line in lines)
    findings += [
        _without_line(name, paths[0], source, spellings) for name, paths in files.items() if name not in named
    ]
    return list(matched.values()), findings


def _other_form(lines: Sequence[Line]) -> str:
    parted = next((name for sign, name in _OTHER_SIGNS.items() if all(sign in line.name for line in lines)), None)
    instead = f"; they look as if parted by {parted}" if parted else ""
    return (f"none of its {len(lines)} lines has a text after a | and none names a recording that is there{instead}. "
            "A line is name|text, and the recording is name.wav or name.flac")


def _about_line(line: Line, files: Sequence[Path], source: Path) -> Iterator[Finding]:
    if not line.text and line.number:
        yield Finding(line.name, "no-text", f"line {line.number} has no text; the clip counts as a prompt by itself",
                      False)
    if len(files) > 1:
        others = ", ".join(_shown(path, source) for path in files[1:])
        yield Finding(line.name, "several-files", f"{_shown(files[0], source)} is taken, not {others}", False)


def _without_line(name: str, path: Path, source: Path, spellings: NameIndex) -> Finding:
    text = f"{_shown(path, source)} is there and the metadata does not name it"
    if spellings.find(name) is not None:  # or one would look for a difference that no eye can see
        text += " in this Unicode form (NFC or NFD); the file in the other form is taken"
    return Finding(name, "no-line", text, True)


def _shown(path: Path, source: Path) -> str:
    return path.relative_to(source).as_posix()
