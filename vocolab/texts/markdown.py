"""Markdown as people and chat models write it, into a document.

Headings, items and rows of tables end sentences. Links are said by their text. Code blocks are skipped, or spelled.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from vocolab.texts.building import DocumentBuilder
from vocolab.texts.document import Document, SayAs, Span
from vocolab.texts.markdown_inline import InlineReader
from vocolab.texts.phonemes import PhonemeParser

CodeReading: TypeAlias = Literal["skip", "spell"]

_LINE = re.compile(r"[^\n]*\n?")
_QUOTE = re.compile(r"(?:[ \t]{0,3}>[ \t]?){1,20}")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[^`\n]*$")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}(?:[ \t]+|$)")
_UNDERLINE = re.compile(r"[ \t]{0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"[ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = re.compile(r"[ \t]*(?:[-*+•][ \t]+(?:\[[ xX]\][ \t]+)?|(?=\d{1,9}[.)][ \t]))")
_DEFINITION = re.compile(r"[ \t]{0,3}\[(?!\^)[^\[\]\n]{1,300}\]:[ \t]*\S")
_FOOTNOTE = re.compile(r"[ \t]{0,3}\[\^[^\[\]\s]{1,60}\]:[ \t]*")
_TABLE_RULE = re.compile(r"[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?$")
_CELL = re.compile(r"(?:[^|\\\n]+|\\.)+")
_INDENTED = re.compile(r"(?: {4}|\t)")


def read_markdown(source: str, parse_phonemes: PhonemeParser | None = None, code: CodeReading = "skip") -> Document:
    """The document of a Markdown text.

    `code` says what becomes of code blocks: "skip" reports them, "spell" says every character.
    """
    reader = _MarkdownReader(source, parse_phonemes, code)
    reader.read()
    return reader.build.document()


class _MarkdownReader:
    """Takes a text line by line; `_lines` are those of the paragraph that is not finished."""

    def __init__(self, source: str, parse_phonemes: PhonemeParser | None, code: CodeReading) -> None:
        self.build = DocumentBuilder(source)
        self._inline = InlineReader(self.build, parse_phonemes)
        self._code = code
        self._lines: list[tuple[int, int]] = []
        self._fence = ""
        self._fenced_lines = 0
        self._in_table = self._in_list = False

    def read(self) -> None:
        """Read all of it."""
        source, start = self.build.source, self._front_matter()
        for match in _LINE.finditer(source, start):
            begin, end = match.span()
            if begin == end:
                break
            while end > begin and source[end - 1] in "\n\r":
                end -= 1
            self._line(begin, end)
        self._end_fence(len(source))
        self._end_block(len(source))

    def _front_matter(self) -> int:
        """Where the text begins, behind YAML between two lines of `---`."""
        if not self.build.source.startswith("---\n"):
            return 0
        close = self.build.source.find("\n---\n", 3)
        if close < 0:
            return 0
        self.build.report("the front matter is skipped")
        return close + len("\n---\n")

    def _line(self, start: int, end: int) -> None:
        source = self.build.source
        if start < end and source[start].isalpha() and not (self._fence or self._in_table or "|" in source[start:end]):
            self._text_line(start, end)  # most lines: looked at first, since that is fast
            return
        quote = _QUOTE.match(source, start, end)
        start = quote.end() if quote else start
        if self._fenced(start, end):
            return
        if not source[start:end].strip():
            self._end_block(start, paragraph=True)
        elif self._skipped(start, end):
            pass
        elif self._in_table or (len(self._lines) == 1 and "|" in source[start:end]):
            self._table_line(start, end)
        else:
            self._text_line(start, end)

    def _fenced(self, start: int, end: int) -> bool:
        """Whether the line belongs to a code block."""
        match = _FENCE.match(self.build.source, start, end)
        if self._fence:
            if match and match[1].startswith(self._fence) and match.end(1) == match.end():
                self._end_fence(end)
            else:
                self._code_line(start, end)
            return True
        if match:
            self._end_block(start)
            self._fence, self._fenced_lines = match[1], 0
        return bool(match)

    def _code_line(self, start: int, end: int) -> None:
        self._fenced_lines += 1
        if self._code == "spell":
            first = self.build.length
            self.build.copy(start, end)
            if self.build.length > first:
                self.build.hint(SayAs(Span(first, self.build.length), "verbatim"))
                self.build.end_sentence(end)

    def _end_fence(self, at: int) -> None:
        if self._fence:
            lines = "1 line" if self._fenced_lines == 1 else f"{self._fenced_lines} lines"
            self.build.report(f"a code block of {lines} is {'spelled' if self._code == 'spell' else 'skipped'}")
            self._end_block(at, paragraph=True)
            self._fence = ""

    def _skipped(self, start: int, end: int) -> bool:
        """Lines that say nothing, and code by indentation."""
        source = self.build.source
        if _DEFINITION.match(source, start, end):
            return True
        if self._lines and _UNDERLINE.match(source, start, end) and not self._in_table:
            self._end_block(end)
            return True
        if _RULE.match(source, start, end):
            self._end_block(start, paragraph=True)
            return True
        if not self._lines and not self._in_list and _INDENTED.match(source, start, end):
            self.build.report(f"code by indentation is {'spelled' if self._code == 'spell' else 'skipped'}")
            self._code_line(start, end)
            return True
        return False

    def _text_line(self, start: int, end: int) -> None:
        source = self.build.source
        if source[start].isalpha():
            self._in_list = self._in_list and bool(self._lines)
        elif heading := _HEADING.match(source, start, end):
            self._end_block(start)
            title = source[heading.end() : end].rstrip()
            without = title.rstrip("#")  # as in "## Title ##"
            title = without.rstrip() if without[-1:].isspace() else title
            self._lines.append((heading.end(), heading.end() + len(title)))
            self._end_block(end, paragraph=True)
            return
        elif item := _ITEM.match(source, start, end) or _FOOTNOTE.match(source, start, end):
            self._end_block(start)
            self._in_list = True
            start = item.end()
        elif not self._lines and not source[start].isspace():
            self._in_list = False
        while start < end and source[start].isspace():
            start += 1
        while end > start and source[end - 1] in " \t\\":
            end -= 1
        self._lines.append((start, end))

    def _table_line(self, start: int, end: int) -> None:
        source = self.build.source
        if not self._in_table:
            if not (_TABLE_RULE.match(source, start, end) and "|" in source[slice(*self._lines[0])]):
                self._text_line(start, end)
                return
            first = self._lines.pop()
            self._in_table = True
            self._row(*first)
        elif "|" not in source[start:end]:
            self._in_table = False
            self._line(start, end)
        else:
            self._row(start, end)

    def _row(self, start: int, end: int) -> None:
        """A row of a table: its cells with commas between them, as a sentence."""
        source, cells = self.build.source, []
        for match in _CELL.finditer(source, start, end):
            if text := match[0].strip():
                begin = match.start() + match[0].index(text)
                cells.append((begin, begin + len(text)))
        for number, (begin, stop) in enumerate(cells):
            self._inline.paragraph([(begin, stop)])
            if number + 1 < len(cells):
                self.build.put(",", stop, stop)
        self.build.end_sentence(end)

    def _end_block(self, at: int, *, paragraph: bool = False) -> None:
        """The paragraph, item or heading ends here, and with it a sentence."""
        self._in_table = False
        if self._lines:
            self._inline.paragraph(self._lines)
            self._lines = []
            self.build.end_sentence(at, paragraph=paragraph)
        elif paragraph and self.build.length:
            self.build.end_sentence(at, paragraph=True)
