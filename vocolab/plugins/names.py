"""What a name means among what plugins offer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from vocolab.errors import CallError, UnknownName
from vocolab.plugins.records import Entry, PluginRecord

S = TypeVar("S", covariant=True)


def resolve(
    entries: Iterable[Entry[S]], wanted: str, *, kind: str, hooks: Sequence[str] = (),
    records: Iterable[PluginRecord] = (), first: Sequence[str] = (),
) -> Entry[S]:
    """The entry that `limiter` or `some-dist/limiter` means.

    A bare name is that of the packages that the user's configuration puts `first`, else the built-in one, else the only
    one there is.

    Raises:
        UnknownName: if there is none; says which failed or disabled plugins may have had it.
        CallError: if several packages have it and none of them is vocolab; lists the qualified names.
    """
    pool = list(entries)
    dist, _, name = wanted.rpartition("/")
    hits = [entry for entry in pool if entry.name == name and dist in ("", entry.dist)]
    wanted_first = [entry for chosen in first for entry in hits if entry.dist == chosen]
    ours = wanted_first or [entry for entry in hits if entry.builtin]
    if ours or len(hits) == 1:
        return (ours or hits)[0]
    if hits:
        choices = " or ".join(repr(qualified) for qualified in sorted(entry.qualified for entry in hits))
        raise CallError(f"several packages have the {kind} {wanted!r}: write {choices}")
    error = UnknownName(kind, wanted, reachable_names(pool))
    note = _why_missing(dist, hooks, list(records))
    if note:
        near = f"Did you mean {error.suggestion!r}? " if error.suggestion else ""
        raise UnknownName(kind, wanted, error.available, hint=near + note)
    raise error


def reachable_names(entries: Iterable[Entry[Any]]) -> list[str]:
    """One name an entry that means just it: bare where that is enough, else qualified; sorted."""
    pool = list(entries)
    names = []
    for entry in pool:
        namesakes = [other for other in pool if other.name == entry.name and other is not entry]
        alone = entry.builtin or not namesakes
        names.append(entry.name if alone else entry.qualified)
    return sorted(set(names))


def normalized(dist: str) -> str:
    """A distribution's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", dist).lower()


def _why_missing(dist: str, hooks: Sequence[str], records: list[PluginRecord]) -> str:
    """Which failed or disabled plugins may be the reason that a name is missing."""
    if dist:
        records = [record for record in records if record.dist == dist]
    notes = [
        f"{record.dist} {record.version} failed to load and may have had it: {record.error}"
        for record in records
        if record.may_have_had(*hooks)
    ]
    if disabled := [record.dist for record in records if record.status == "disabled"]:
        notes.append(f"Plugins that are switched off may have it: {', '.join(disabled)}")
    return "; ".join(notes)
