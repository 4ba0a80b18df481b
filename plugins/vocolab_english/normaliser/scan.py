"""Reads a tidied text from left to right: plain words quickly, all else by the first rule that fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from vocolab_english.normaliser import numbers
from vocolab_english.normaliser.rule import DIGIT, JOINED, PICTURE, WORD, Context, Rule, Said

LONGEST_CHUNK = 200
"""Signs without a space that the rules look at; a longer run is read word by word and digit by digit."""

_PLAIN_WORD = re.compile(
    r"(?:[A-Za-z]?[a-z]+|I(?!\.|'[A-Z]))(?:'[a-z]{1,5}|(?<=s)'(?=\s[a-z]))*(?=[\s,;!?\"')\]…—]|:(?!//)|-[A-Za-z]|[.](?:[\s\"')\]]|$)|--|$)"
)
_LETTER = r"[^\W\d_²³¹⁰-₉¼-¾⅐-⅞]"
_ANY_WORD = re.compile(rf"{_LETTER}+(?:'{_LETTER}+)*")
_SIGNS = frozenset(",;:.?!…–—")
_RUNS = re.compile(r"(?P<dash>--+)|(?P<dots>\.(?:\s?\.)+)|[()\[\]{}\"']+")
_OPEN_QUOTE = re.compile(r"(?:^|[\s(\[\"])'(?:[^']|'(?=\w))*$")
_ALONE = re.compile(r"[A-Za-z]+(?=[\s,;!?\"')\]]|$)")
_PIECES = re.compile(
    rf"(?P<letters>(?:[A-Za-z]\.){{3,}})|(?P<word>{_LETTER}+(?:'{_LETTER}+)*)|(?P<digits>[0-9]{{1,64}})|(?P<sign>[,;:.?!…–—])"
)


@dataclass
class Result:
    """What was said, and for each number of it the punctuation after it."""

    said: list[Said] = field(default_factory=list)
    signs: dict[int, str] = field(default_factory=dict)

    def add(self, parts: Sequence[Said]) -> None:
        """Appends what has words."""
        self.said.extend(part for part in parts if part.words)

    def has_words(self) -> bool:
        """Whether this is more than a name or a measure, which end with an abbreviation: "Main St.", "6 ft."."""
        return any(part.kind == "plain" and part.words.islower() and len(part.words) > 1 for part in self.said[:64])

    def close(self, end: int) -> None:
        """The full stop of the last token ends the sentence too, and is then no longer the token's own."""
        self.sign(".")
        if self.said and self.said[-1].end == end and not self.said[-1].words.endswith("."):
            self.said[-1] = self.said[-1]._replace(end=end - 1)

    def sign(self, sign: str) -> None:
        """Keeps a sign for the last word; of a row of a thousand exclamation marks it keeps three."""
        last = len(self.said) - 1
        if last >= 0 and len(self.signs.get(last, "")) < 3:
            self.signs[last] = self.signs.get(last, "") + sign


class Scanner:
    """The rules of a language in the order in which they are tried, by the sign that a token begins with."""

    def __init__(self, rules: Sequence[Rule], is_trigger: Callable[[str, str], bool]) -> None:
        """`is_trigger` says of a word and the one before it whether the rules have to look at it."""
        self._rules, self._is_trigger = rules, is_trigger
        self._by_start: dict[str, list[Rule]] = {}

    def scan(self, context: Context, start: int, end: int, result: Result) -> None:
        """Adds what is said between two places."""
        text, at, looked = context.text, start, start
        while at < end:
            if text[at] == " ":
                at += 1
                continue
            found = _PLAIN_WORD.match(text, at, end)
            if found and not self._is_trigger(found.group(), result.said[-1].words if result.said else ""):
                until = found.end() - (found.group()[-1] == "'" and _in_quotation(text, at))
                result.said.append(Said(text[at:until], at, until, "plain"))
                at = until
                continue
            if at >= looked:
                looked = _chunk_end(text, at, end)
                if looked - at > LONGEST_CHUNK:
                    at = _plainly(text, at, looked, result)
                    continue
            at = self._token(context, at, end, result)

    def _token(self, context: Context, at: int, end: int, result: Result) -> int:
        """Reads one token by the first rule that takes it; returns where the next begins."""
        for rule in self._rules_for(context.text[at], bool(_ALONE.match(context.text, at, end))):
            match = rule.pattern.match(context.text, at, end)
            if match and match.end() > at:
                read = rule.read(match, context)
                if read is not None:
                    is_sentence = result.has_words()
                    result.add(read)
                    if is_sentence and _closes(context.text, match.end(), end):
                        result.close(match.end())
                    return match.end()
        word = _ANY_WORD.match(context.text, at, end)
        if word:
            result.said.append(Said(word.group(), at, word.end(), "plain"))
            return word.end()
        return _sign(context.text, at, end, result)

    def _rules_for(self, sign: str, alone: bool) -> list[Rule]:
        key = sign + " " if alone else sign
        rules = self._by_start.get(key)
        if rules is None:
            kind = _kind(sign, alone)
            rules = [rule for rule in self._rules if sign in rule.starts or (kind and kind in rule.starts)]
            if len(self._by_start) < 4096:
                self._by_start[key] = rules
        return rules


def _kind(sign: str, alone: bool) -> str:
    if sign.isdecimal():
        return DIGIT
    if sign.isalpha():
        return WORD if alone else JOINED
    return "" if sign.isascii() else PICTURE


def _in_quotation(text: str, at: int) -> bool:
    """Whether a single quote was opened before, so that the one after a plural in -s closes it."""
    return bool(_OPEN_QUOTE.search(text[max(0, at - 200) : at]))


def _chunk_end(text: str, at: int, end: int) -> int:
    space = text.find(" ", at, end)
    return end if space < 0 else space


def _plainly(text: str, at: int, end: int, result: Result) -> int:
    """Reads words, digits one by one and punctuation without any rule, up to the end of the chunk."""
    for piece in _PIECES.finditer(text, at, end):
        kind, written = piece.lastgroup, piece.group()
        if kind == "sign":
            result.sign(written)
        elif kind == "letters":
            result.said.append(Said(written.lower(), piece.start(), piece.end(), "letters", True))
        elif kind == "word":
            result.said.append(Said(written, piece.start(), piece.end(), "plain"))
        else:
            result.said.append(Said(numbers.spelled(written), piece.start(), piece.end(), "digits"))
    return end


def _closes(text: str, after: int, end: int) -> bool:
    """Whether a token that took a full stop stands at the end of the sentence."""
    return text[after - 1] == "." and not text[after : min(end, after + 8)].strip(" \"')]")


def _sign(text: str, at: int, end: int, result: Result) -> int:
    """Keeps a sign of punctuation for the word before it; returns where to go on."""
    run = _RUNS.match(text, at, end)
    if run:
        if run["dash"] or run["dots"]:
            result.sign("—" if run["dash"] else "…")
        return run.end()
    if text[at] in _SIGNS:
        result.sign(text[at])
    elif text[at] == "-" and text[at - 1 : at] == " " and text[at + 1 : at + 2] == " ":
        result.sign("–")
    return at + 1
