"""What the readers of all formats do alike: put a document together, keeping count of where everything came from."""

from __future__ import annotations

import re
from collections import Counter

from vocolab.texts.document import (
    Document,
    Ending,
    Hint,
    Mark,
    Pause,
    Piece,
    Prosody,
    Span,
    Styled,
    Voiced,
)

MAX_PAUSE_MS = 10_000
"""The longest silence in one place; several pauses there count together."""

_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and lone surrogates: they separate words and are reported."""


class DocumentBuilder:
    """A document in the making. Text is appended in the order in which it is spoken."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._texts: list[str] = []
        self._pieces: list[tuple[int, int, int, bool]] = []  # as Piece has them, which takes longer to build
        self._open_end = -1
        """Where the source of the last piece ends, if the next may go on with it."""
        self._hints: list[tuple[int, Hint]] = []
        self._styles: list[Styled] = []
        self._voices: list[Voiced] = []
        self._pauses: list[Pause] = []
        self._marks: list[Mark] = []
        self._endings: list[Ending] = []
        self._whole: list[Span] = []
        self._reports: Counter[str] = Counter()
        self.language = ""
        self.length = 0
        """Code points of the text so far: where what comes next will stand."""
        self._last = " "
        self._after_ending = -1

    def copy(self, start: int, end: int) -> None:
        """Append `source[start:end]` as it stands."""
        if end > start:
            self._append(self.source[start:end], start, end, True)

    def put(self, text: str, start: int, end: int, *, literal: bool = False) -> None:
        """Append `text`, which stands for `source[start:end]`; `literal` if code point for code point."""
        if text:
            self._append(text, start, end, literal)

    def space(self, at: int) -> None:
        """Separate what comes from what was, where no space does it yet."""
        if not self._last.isspace():
            self._append(" ", at, at, False)

    def end_sentence(self, at: int, *, paragraph: bool = False) -> None:
        """The sentence ends here, whatever its punctuation says."""
        if self._endings and self._after_ending == self.length:
            if paragraph:
                self._endings[-1] = Ending(self._endings[-1].at, paragraph)
        elif self.length:
            self._endings.append(Ending(self.length, paragraph))
            self.space(at)
            self._after_ending = self.length

    def pause(self, ms: int) -> None:
        """Silence here; what is too long in one place is cut and reported."""
        before = self._pauses.pop().ms if self._pauses and self._pauses[-1].at == self.length else 0
        if before + ms > MAX_PAUSE_MS:
            self.report(f"a pause of {(before + ms) / 1000:g} s is cut to {MAX_PAUSE_MS / 1000:g} s")
        self._pauses.append(Pause(self.length, min(before + ms, MAX_PAUSE_MS)))

    def mark(self, name: str) -> None:
        """A mark here."""
        self._marks.append(Mark(self.length, name))

    def hint(self, hint: Hint) -> None:
        """Keep a hint; hints may be told in any order."""
        self._hints.append((hint.span.start, hint))

    def style(self, start: int, prosody: Prosody) -> int:
        """Begin a styled span; gives a number for `end_style`."""
        self._styles.append(Styled(Span(start, start), prosody))
        return len(self._styles) - 1

    def end_style(self, number: int) -> None:
        """The styled span ends here."""
        styled = self._styles[number]
        self._styles[number] = Styled(Span(styled.span.start, self.length), styled.prosody)

    def voice(self, start: int, name: str) -> None:
        """What was said since `start` is for the voice `name`."""
        self._voices.append(Voiced(Span(start, self.length), name))

    def whole_sentence(self, start: int) -> None:
        """What was said since `start` is one sentence."""
        self._whole.append(Span(start, self.length))

    def report(self, text: str) -> None:
        """One line for the user; the same line again is counted."""
        self._reports[text] += 1

    def document(self) -> Document:
        """The document."""
        text = "".join(self._texts)
        if found := _UNSPEAKABLE.findall(text):
            where = _UNSPEAKABLE.search(self.source)
            place = f", the first at offset {where.start()}" if where else ""
            self.report(f"{_count(len(found), 'character')} that can't be said (U+{ord(found[0]):04X}){place}: skipped")
            text = _UNSPEAKABLE.sub(" ", text)
        return Document(
            source=self.source,
            text=text,
            pieces=tuple(map(Piece._make, self._pieces)),
            hints=tuple(hint for _, hint in sorted(self._hints, key=lambda pair: pair[0])),
            styles=tuple(style for style in self._styles if style.span.end > style.span.start),
            voices=tuple(sorted(self._voices, key=lambda voiced: (voiced.span.start, -voiced.span.end))),
            pauses=tuple(self._pauses),
            marks=tuple(self._marks),
            endings=tuple(self._endings),
            whole=tuple(sorted(self._whole)),
            language=self.language,
            reports=tuple(text if times == 1 else f"{text} ({times} times)" for text, times in self._reports.items()),
        )

    def _append(self, text: str, start: int, end: int, literal: bool) -> None:
        self._texts.append(text)
        if literal and self._open_end == start:
            first, source_start, _, _ = self._pieces[-1]
            self._pieces[-1] = (first, source_start, end, True)
        else:
            self._pieces.append((self.length, start, end, literal))
        self._open_end = end if literal else -1
        self.length += len(text)
        self._last = text[-1]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
