"""Tags as people write them: NAME=TEXT."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from vocolab.errors import CallError
from vocolab.tags import USUAL_NAMES, Tags, known_name

_COUNTED = re.compile(r"\d{1,4}(/\d{1,4})?")


def usual_tag_names() -> str:
    """What most programs know, for people."""
    return ", ".join(USUAL_NAMES)


def parse_tags(texts: Iterable[str]) -> Tags:
    """Tags from texts such as "title=Chapter 1"; a name that comes again has several texts.

    A name that is not usual is taken if it is in capitals, as in "CATALOGUE=7": a misspelled one would be lost in a
    field that nobody reads.

    Raises:
        CallError: if a text is not of that form, or names no tag.
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        spelled, equals, value = text.partition("=")
        name = known_name(spelled)
        if not equals or not name:
            raise CallError(f"--tag {text}: write NAME=TEXT; names: {usual_tag_names()}")
        if name not in USUAL_NAMES and name != name.upper():
            near = get_close_matches(name.casefold(), USUAL_NAMES, n=1)
            meant = f"did you mean {near[0]}? " if near else ""
            raise CallError(f"--tag {text}: {meant}names: {usual_tag_names()}; any other in capitals, {name.upper()}=")
        if name in ("track", "disc") and not _COUNTED.fullmatch(value.strip()):
            raise CallError(f"--tag {text}: a {name} is a number, or a number of how many: 3 or 3/12")
        found.setdefault(name, []).append(value.strip())
    return Tags(found)
