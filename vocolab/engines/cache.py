"""Files of what was compiled: a line of JSON that says what it is, then the bytes. All of it can be made again.

A file is written beside its place and renamed, so that two processes that compile the same at once each find a whole
one. What a file says of itself is compared with what is wanted, and its bytes with their checksum: one that was cut
off, damaged, or brought from another machine counts as not there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from vocolab.configuration import cache_folder
from vocolab.errors import OutputError
from vocolab.files.atomic import whole_file
from vocolab.given_files import open_given

FORMAT = 3
_LONGEST_HEADER = 2**20


class Kept(NamedTuple):
    """What a file holds."""

    facts: dict[str, Any]
    data: bytes


def engines_folder() -> Path:
    """Where it all is: `engines` in the cache."""
    return cache_folder() / "engines"


def digest(identity: Mapping[str, Any]) -> str:
    """A short name for what is identified by these facts."""
    text = json.dumps(identity, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def read(name: str, identity: Mapping[str, Any]) -> Kept | None:
    """What is kept under `name` with that identity, whole and undamaged; None if nothing is."""
    try:
        with open_given(engines_folder() / name) as file:
            header = json.loads(file.readline(_LONGEST_HEADER))
            data = file.read()
        stated = header["identity"], header["format"], header["sha256"]
        facts = dict(header["facts"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if stated != (json.loads(json.dumps(identity)), FORMAT, hashlib.sha256(data).hexdigest()):
        return None
    return Kept(facts, data)


def keep(name: str, identity: Mapping[str, Any], kept: Kept) -> str:
    """Keep it; gives why that can't be done, an empty string if it was."""
    header = {
        "format": FORMAT, "identity": dict(identity), "facts": kept.facts,
        "sha256": hashlib.sha256(kept.data).hexdigest(),
    }
    place = engines_folder() / name
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(place, sync=False) as temporary:
            temporary.write_bytes(json.dumps(header).encode() + b"\n" + kept.data)
    except OSError as error:
        return f"{place.parent}: {error.strerror or error}"
    except OutputError as error:
        return str(error)
    return ""
