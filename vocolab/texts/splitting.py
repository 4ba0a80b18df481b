"""Cuts text into sentences as it arrives, in pieces of any size.

A place is judged by what stands before it and a bounded stretch after it, never by where a piece of input ended: so
that any partition of a text gives the same sentences, and none is waited for longer than that stretch. What a
language knows, its abbreviations for one, comes as `SplitRules`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from vocolab.texts.clauses import cut_places
from vocolab.texts.document import Span
from vocolab.texts.language import SplitRules

MAX_CHARACTERS = 300
"""A sentence that is longer is cut at a clause."""


class _Stretch:
    """What may follow a sign, up to a number of characters: so that no judgement has to see further."""

    def __init__(self, characters: str, at_most: int) -> None:
        self.pattern, self.at_most = re.compile(f"{characters}{{0,{at_most}}}"), at_most


_CANDIDATE = re.compile(r"[.!?…。！？\n]")
_RUN = _Stretch(r"[.!?…]", 64)
_CLOSERS = _Stretch(r"""["'”’»)\]}*_`]""", 8)
_OPENERS = _Stretch(r"""["'“‘«(\[{*_`]""", 8)
_GAP = _Stretch(r"\s", 64)
_WORD = _Stretch(r"[^\W\d_]", 24)
_SERIAL = _Stretch(r"[^\W_]", 24)
_ROMAN = re.compile(r"[IVXLC]{2,6}|[VX]")
_MEASURE = re.compile(r"\d{1,6}[^\W\d_]{1,2}")
"""As in "10s. 6d."."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_LAST_TOKEN = re.compile(r"""["'“‘«(\[{*_]*(\S+)\Z""")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_BULLET = re.compile(r"(?:[-*•+]|\d{1,3}[.)])[^\S\n]")
_BULLET_REACH = 5
_TOKEN_REACH = 40
_CODE_REACH = 200
_FULL_WIDTH = "。！？"
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Cut:
    """A sentence that was found, in code points of all text that was fed."""

    span: Span
    text: str
    """What stands there."""
    paragraph: bool = False
    """Whether a blank line follows, or the text ends."""
    complete: bool = True
    """False for a clause of a sentence that was cut because of its length."""


class _Wait(Exception):
    """More text is needed to judge."""


class SentenceSplitter:
    """Feed it text, get sentences.

    Args:
        rules: What the language knows of abbreviations.
        max_characters: Longer sentences are cut at clauses.
        protected: Spans of the text, in order, that are not cut.
    """

    def __init__(
        self, rules: SplitRules, *, max_characters: int = MAX_CHARACTERS, protected: Sequence[Span] = ()
    ) -> None:
        self._rules, self._max, self._protected = rules, max_characters, protected
        self._starts = [span.start for span in protected]
        self._text = ""
        self._base = 0
        """Where `_text` begins in all that was fed."""
        self._scan = 0
        self._final = False

    def feed(self, text: str) -> list[Cut]:
        """The sentences that are certain now."""
        cuts = []
        for start in range(0, len(text), _BLOCK):  # what is left has to be copied at every cut, so it stays short
            self._text += text[start : start + _BLOCK]
            cuts += self._certain()
        return cuts

    def close(self) -> list[Cut]:
        """What is left, now that no more comes."""
        self._final = True
        return self._certain()

    def _certain(self) -> list[Cut]:
        cuts: list[Cut] = []
        try:
            while (cut := self._next()) is not None:
                cuts.append(cut)
        except _Wait:
            pass
        return cuts

    def _next(self) -> Cut | None:
        """The next sentence, None at the end; raises _Wait if it is not certain yet."""
        space = len(self._text) - len(self._text.lstrip())
        self._drop(space, scan=max(0, self._scan - space))
        while match := _CANDIDATE.search(self._text, self._scan, self._max):
            self._scan = match.start()
            end, paragraph, scan = self._judge(match.start())
            if end and not self._inside_protected(end):
                return self._cut(end, paragraph=paragraph)
            self._scan = scan
        if len(self._text) <= self._max:
            self._scan = len(self._text)
            if not self._final:
                raise _Wait
            return self._cut(len(self._text), paragraph=True) if self._text else None
        return self._cut(self._clause(), complete=False)

    def _cut(self, end: int, *, paragraph: bool = False, complete: bool = True) -> Cut:
        text = self._text[:end].rstrip()
        cut = Cut(Span(self._base, self._base + len(text)), text, paragraph, complete)
        self._drop(end)
        return cut

    def _drop(self, count: int, scan: int = 0) -> None:
        self._text = self._text[count:]
        self._base += count
        self._scan = scan

    def _judge(self, at: int) -> tuple[int, bool, int]:
        """End of the sentence or 0, whether a paragraph ends too, and where to go on if it is 0."""
        if self._text[at] == "\n":
            return self._judge_line(at)
        if self._text[at] in _FULL_WIDTH:
            end = self._reach(_CLOSERS, at + 1)
            return end, self._paragraph_ends(end, self._reach(_GAP, end)), end
        run_end = self._reach(_RUN, at)
        end = self._reach(_CLOSERS, run_end)
        gap_end = self._reach(_GAP, end)
        if gap_end == end < len(self._text) or not any(c.isalnum() for c in self._text[:at]) or self._in_code(at):
            return 0, False, end
        paragraph = self._paragraph_ends(end, gap_end)
        ends = paragraph or self._ends(at, run_end, end, gap_end)
        return (end if ends else 0), paragraph, end

    def _judge_line(self, at: int) -> tuple[int, bool, int]:
        """A line break ends a sentence if a blank line or an item of a list follows."""
        gap_end = self._reach(_GAP, at)
        if self._paragraph_ends(at, gap_end):
            return at, True, at + 1
        if gap_end + _BULLET_REACH > len(self._text) and not self._final:
            raise _Wait
        return (at if _BULLET.match(self._text, gap_end) else 0), False, at + 1

    def _ends(self, at: int, run_end: int, end: int, gap_end: int) -> bool:
        """Whether the signs at `at` end a sentence, by what stands before and after them."""
        run, quoted = self._text[at:run_end], any(c in "\"'”’»" for c in self._text[run_end:end])
        word_start = self._reach(_OPENERS, gap_end)
        if word_start == len(self._text):
            if not self._final:
                raise _Wait
            return True
        follows = self._text[word_start]
        if "!" in run or "?" in run:
            return not (quoted and follows.islower())
        if len(run) > 1 or run == "…":
            return not follows.islower()
        return self._period_ends(at, word_start, follows)

    def _period_ends(self, at: int, word_start: int, follows: str) -> bool:
        rules = self._rules
        match = _LAST_TOKEN.search(self._text[max(0, at - _TOKEN_REACH) : at])
        token = match[1] if match else ""
        known = token.lower()
        if known in rules.titles or (known in rules.before_numbers and self._is_number(word_start)):
            return False
        if token.isdecimal() and len(token) <= 3 and not self._text[: at - len(token)].strip():
            return False  # the number of an item
        if follows.isdigit() and _MEASURE.fullmatch(token):
            return False
        if known in rules.abbreviations or _INITIALS.fullmatch(token):
            word_end = self._reach(_WORD, word_start)
            word, is_initial = self._text[word_start:word_end], self._text[word_end : word_end + 1] == "."
            return word[:1].isupper() and word.lower() in rules.openers and not (is_initial and len(word) == 1)
        return not follows.islower() or (len(token) >= 4 and token.isalpha() and token.islower())

    def _is_number(self, start: int) -> bool:
        """Whether digits follow, alone or in a serial number, or a roman numeral."""
        word = self._text[start : self._reach(_SERIAL, start)]
        return any(character.isdigit() for character in word) or bool(_ROMAN.fullmatch(word))

    def _in_code(self, at: int) -> bool:
        """Whether `at` is between two backticks."""
        if self._text.count("`", 0, at) % 2 == 0:
            return False
        if self._text.find("`", at, at + _CODE_REACH) >= 0:
            return True
        if len(self._text) < at + _CODE_REACH and not self._final:
            raise _Wait
        return False

    def _reach(self, stretch: _Stretch, start: int) -> int:
        """Where a stretch that begins at `start` ends; raises _Wait if more of it may come."""
        match = stretch.pattern.match(self._text, start)
        end = match.end() if match else start
        if end == len(self._text) and end - start < stretch.at_most and not self._final:
            raise _Wait
        return end

    def _paragraph_ends(self, start: int, gap_end: int) -> bool:
        """Whether the gap has a blank line, or is followed by nothing more."""
        at_end = self._final and gap_end == len(self._text)
        return at_end or bool(_BLANK_LINE.search(self._text, start, gap_end))

    def _inside_protected(self, end: int) -> bool:
        number = bisect_right(self._starts, self._base + end - 1) - 1
        return number >= 0 and self._protected[number].end > self._base + end

    def _clause(self) -> int:
        """Where to cut a sentence that is too long: behind the last strong sign, else comma, else before a word."""
        for place in cut_places(self._text[: self._max], self._rules.clause_words):
            if not self._inside_protected(place):
                return place
        return self._max
