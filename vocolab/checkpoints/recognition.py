"""Whose checkpoint is this? Every model that has a recogniser is asked, and the one that knows it converts it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from vocolab.checkpoints.checkpoint import Checkpoint
from vocolab.checkpoints.foreign import foreign_name
from vocolab.checkpoints.views import View, beside_prefix, parts_of
from vocolab.errors import CheckpointError, OptionError, PluginError, listed, naming
from vocolab.guarding import running
from vocolab.plugins.targets import load_target

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.plugins.host import Entry
    from vocolab.plugins.specs import ModelSpec

_MOST_LEVELS = 5
_RIVALS = re.compile(r"(\w*disc(riminators?)?|mpd|msd|mrd|mssbcqtd|cqtd|net_d|model_d|\w*loss\w*)\d*\.", re.IGNORECASE)
"""Names that only training has, beside those of a generator."""


@dataclass(frozen=True)
class Chosen:
    """A checkpoint, and the model that knows it."""

    entry: Entry[ModelSpec]
    checkpoint: Checkpoint
    """The part of the file that is the model, where it is not all of it."""


@dataclass(frozen=True)
class _Sighting:
    view: View
    entry: Entry[ModelSpec]
    layout: str


class _Search:
    """Asks all models about a checkpoint and its parts, and keeps what they say is wrong with it."""

    def __init__(self, catalog: Catalog, checkpoint: Checkpoint, only: str | None = None) -> None:
        self._checkpoint, self._only, self.remarks = checkpoint, only, list[CheckpointError]()
        entries = (entry for entry in catalog.models.entries() if entry.fact("recogniser"))
        self._entries = [entry for entry in entries if only in (None, entry.qualified)]

    def about(self, content: Any) -> list[tuple[Entry[ModelSpec], str]]:
        """The models that know this content, with the layout's name."""
        known = []
        for entry in self._entries:
            try:
                layout = called(entry, "recogniser", self._checkpoint.holding(content))
            except CheckpointError as error:
                self.remarks.append(error)
            except PluginError:
                if self._only:
                    raise
                # A broken plugin costs nobody else anything; 'vocolab plugins --check' shows it.
                continue
            else:
                if layout is not None:
                    known.append((entry, str(layout)))
        return known

    def inside(self, view: View, levels: int = _MOST_LEVELS) -> Iterator[_Sighting]:
        """The innermost parts that somebody knows."""
        deeper = [found for part in parts_of(view) for found in self.inside(part, levels - 1)] if levels else []
        if deeper:
            yield from deeper
            return
        yield from (_Sighting(view, entry, layout) for entry, layout in self.about(view.content))


def recognised(catalog: Catalog, checkpoint: Checkpoint) -> Chosen:
    """The one model that knows the checkpoint, and the part of it that it knows.

    Raises:
        CheckpointError: if nobody does, or several; says what the file is where that can be told.
    """
    search = _Search(catalog, checkpoint)
    whole = search.about(checkpoint.content)
    # Before its parts are asked about: a VITS has a decoder inside that looks like a vocoder.
    if not whole and (foreign := foreign_name(checkpoint.content)) is not None:
        raise CheckpointError(f"is {foreign}", about=checkpoint.path)
    chosen = _chosen(search, checkpoint, whole)
    if chosen is not None:
        return chosen
    if search.remarks:
        raise search.remarks[0]
    asked = ", ".join(entry.name for entry in catalog.models.entries() if entry.fact("recogniser"))
    raise CheckpointError(
        f"not a checkpoint that {asked or 'an installed model'} recognises; it holds {summary(checkpoint.content)}",
        about=checkpoint.path,
    )


def confirmed(catalog: Catalog, named: Entry[ModelSpec], checkpoint: Checkpoint) -> Chosen:
    """The model that was named, unless its recogniser does not know the checkpoint.

    Raises:
        CheckpointError: if it does not, and which model does.
    """
    if not named.spec.recogniser:
        return Chosen(named, checkpoint)
    search = _Search(catalog, checkpoint, only=named.qualified)
    whole = search.about(checkpoint.content)
    chosen = _chosen(search, checkpoint, whole)
    if chosen is not None:
        return chosen
    others = _Search(catalog, checkpoint).about(checkpoint.content)
    if others:
        entry, layout = others[0]
        raise CheckpointError(
            f"is a checkpoint of {entry.qualified} ({layout}), not of {named.name}; "
            f"give --model {entry.qualified}, or none",
            about=checkpoint.path,
        )
    foreign = foreign_name(checkpoint.content)
    told = f"is {foreign}" if foreign else f"not a checkpoint of {named.name}; it holds {summary(checkpoint.content)}"
    raise search.remarks[0] if search.remarks else CheckpointError(told, about=checkpoint.path)


def _chosen(search: _Search, checkpoint: Checkpoint, whole: list[tuple[Entry[ModelSpec], str]]) -> Chosen | None:
    """The one model in the file; running averages before the weights that they are of."""
    path = checkpoint.path
    content = checkpoint.content
    sightings = list(search.inside(View("", content))) if isinstance(content, Mapping) else []
    averages = [found for found in sightings if found.view.is_average]
    if averages and len(averages) < len(sightings):
        sightings = averages
    places = {found.view.place: found for found in sightings}
    _one_model(places, path)
    if len({entry.qualified for entry, _ in whole}) > 1:
        which = "; ".join(f"{entry.qualified}: {layout}" for entry, layout in whole)
        raise CheckpointError(f"could be of several models ({which}); name one with --model", about=path)
    found = next(iter(places.values()), None)
    if found is not None and (averages or not whole or _is_with_rivals(content, found.view.place)):
        remark = (f"running averages (EMA) in {found.view.place} taken, not the raw weights",) if averages else ()
        part = checkpoint.holding(found.view.content)
        return Chosen(found.entry, replace(part, remarks=(*checkpoint.remarks, *remark)))
    return Chosen(whole[0][0], checkpoint) if whole else None


def _is_with_rivals(content: Any, place: str) -> bool:
    """Whether a model shares its table of names with what trained it and with nothing else."""
    others = beside_prefix(content, place)
    return bool(others) and all(_RIVALS.match(name) for name in others)


def _one_model(places: Mapping[str, _Sighting], path: object) -> None:
    if len(places) > 1:
        which = "; ".join(f"{place or 'the whole'}: {found.entry.qualified}" for place, found in places.items())
        raise CheckpointError(
            f"holds {len(places)} models ({which}); say which with --key {next(iter(places))}", about=path
        )


def called(
    entry: Entry[ModelSpec], which: Literal["recogniser", "converter"], checkpoint: Checkpoint, *others: object
) -> Any:
    """What a plugin gives; its errors name the file, and what its author did not foresee is a PluginError."""
    function = load_target(entry, which)
    try:
        with naming(checkpoint.path), running(entry.origin, f"its {which}"):
            return function(checkpoint, *others)
    except OptionError as error:  # a config that no model can have
        raise CheckpointError(error.message, about=checkpoint.path) from error


def summary(content: Any) -> str:
    """The first names of what a file holds."""
    if not isinstance(content, Mapping):
        return f"one {type(content).__name__}"
    return listed((str(name)[:60] for name in content), 4) or "nothing"
