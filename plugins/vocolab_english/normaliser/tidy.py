"""Unicode as people paste it, made plain: quotes, spaces, ligatures, full width, invisible signs, combining marks.

Offsets are kept: every code point of the tidied text knows the span of the given text that it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from dataclasses import dataclass
from functools import lru_cache

_ODD = re.compile(r"[\x00-\x1f\x7f-\uffff\U00010000-\U0010ffff][\u0300-\u036f]*|[\x20-\x7e][\u0300-\u036f]+")
_MARKS_KEPT = 4
"""Combining marks after one letter that are looked at; a letter with more of them is meant as noise."""

_REPLACED = {
    **dict.fromkeys("‘’‚‛′‵ʼʻ`´", "'"), **dict.fromkeys("“”„‟″‶«»", '"'), **dict.fromkeys("‐‑", "-"),
    "‒": "–", "―": "—", "⸺": "—", "⁄": "/", "∕": "/", "º": "°", "⋅": "·", "∗": "*", "℃": "°C", "℉": "°F", "ℓ": "l",
    "Ω": "Ω", "µ": "μ", "￡": "£", "￠": "¢", "￥": "¥", "。": ".", "、": ",",
}  # fmt: skip
_JOINER = "\u200d"
_KEPT = frozenset("…⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞¼½¾⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼ⁿⁱ₀₁₂₃₄₅₆₇₈₉™℠№№" + _JOINER)
_COMPATIBLE = frozenset({"<wide>", "<narrow>", "<compat>", "<font>", "<circle>"})


@dataclass(frozen=True)
class Tidied:
    """A tidied text and where its code points came from."""

    text: str
    starts: array[int] | None = None
    """For each code point of `text` where it starts in the given text; None if nothing moved."""
    ends: array[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A span of `text` as a span of the given text."""
        if self.starts is None or self.ends is None or start >= end:
            return start, end
        return self.starts[start], self.ends[end - 1]


def tidy(text: str) -> Tidied:
    """The text with what is odd made plain; linear in its length."""
    if text.isascii() and text.isprintable():
        return Tidied(text)
    parts: list[str] = []
    starts, ends = array("I"), array("I")
    done = 0
    for match in _ODD.finditer(text):
        _copy(text, done, match.start(), parts, starts, ends)
        plain = _plain(match.group() if len(match.group()) <= 1 + _MARKS_KEPT else match.group()[: 1 + _MARKS_KEPT])
        parts.append(plain)
        starts.extend([match.start()] * len(plain))
        ends.extend([match.end()] * len(plain))
        done = match.end()
    _copy(text, done, len(text), parts, starts, ends)
    return Tidied("".join(parts), starts, ends)


def _copy(text: str, start: int, end: int, parts: list[str], starts: array[int], ends: array[int]) -> None:
    if start < end:
        parts.append(text[start:end])
        starts.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))


@lru_cache(maxsize=4096)
def _plain(odd: str) -> str:
    """One code point with its combining marks as plain text: empty if it is not to be seen, a space if it separates."""
    if len(odd) > 1:
        composed = unicodedata.normalize("NFC", odd)
        return _plain(composed[0]) if composed[0].isalpha() or not composed[0].isascii() else composed[0]
    if odd in _REPLACED:
        return _REPLACED[odd]
    if odd in _KEPT:
        return odd
    category = unicodedata.category(odd)
    if category in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    if category in ("Cf", "Mn", "Me", "Cs", "Co", "Cn"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(odd))
    form = unicodedata.decomposition(odd).partition(" ")[0]
    if form in _COMPATIBLE or (form == "<super>" and category == "Lm"):
        compatible = unicodedata.normalize("NFKC", odd)
        return f" {compatible} " if category == "No" else compatible
    return odd
