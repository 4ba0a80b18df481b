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
        if equals and name and not value.strip():
            raise CallError(f"--tag {text}: give a text; 'vocolab tag --remove {name}' takes one out of a file")
        if not equals or not name:
            raise CallError(f"--tag {text}: write NAME=TEXT; names: {usual_tag_names()}")
        _check_name(name, f"--tag {text}")
        if name in ("track", "disc") and not _COUNTED.fullmatch(value.strip()):
            raise CallError(f"--tag {text}: a {name} is a number, or a number of how many: 3 or 3/12")
        found.setdefault(name, []).append(value.strip())
    return Tags(found)


def parse_names(names: Iterable[str]) -> frozenset[str]:
    """Names of tags, in small letters.

    Raises:
        CallError: if one is neither usual nor in capitals.
    """
    known = [known_name(name) for name in names]
    for name in known:
        _check_name(name, f"--remove {name}")
    return frozenset(name.casefold() for name in known)


def _check_name(name: str, said: str) -> None:
    if name in USUAL_NAMES or (name and name == name.upper()):
        return
    near = get_close_matches(name.casefold(), USUAL_NAMES, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise CallError(f"{said}: {meant}names: {usual_tag_names()}; any other in capitals, {name.upper()}")
