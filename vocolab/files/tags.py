"""Tags: what a file says about itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from vocolab.errors import CallError

_LONGEST = 2000


@dataclass(frozen=True)
class Tags:
    """Texts that are written into the file; empty ones are left out. WAV, FLAC, Ogg, Opus and MP3 take all of them.

    Raises:
        CallError: if a text is longer than 2000 characters or holds a NUL.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    track: str = ""
    """The number in an album, as text: "3"."""
    comment: str = ""

    def __post_init__(self) -> None:
        for name, text in self.items():
            if len(text) > _LONGEST or "\0" in text:
                raise CallError(f"the tag {name} has to be a text of at most {_LONGEST} characters, without NUL")

    def items(self) -> list[tuple[str, str]]:
        """Names and texts of those that are set."""
        return [(name, text) for name in tag_names() if (text := getattr(self, name))]

    def __or__(self, other: Tags) -> Tags:
        """Both, `other`'s where both state something."""
        return Tags(**{**dict(self.items()), **dict(other.items())})


def tag_names() -> list[str]:
    """What can be tagged."""
    return [field.name for field in fields(Tags)]


def parse_tags(texts: Iterable[str]) -> Tags:
    """Tags from texts such as "title=Chapter 1".

    Raises:
        CallError: if a text is not of that form, or names no tag.
    """
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip().lower()
        if not equals or name not in tag_names():
            raise CallError(f"--tag {text}: write NAME=TEXT; names: {', '.join(tag_names())}")
        found[name] = value.strip()
    return Tags(**found)
