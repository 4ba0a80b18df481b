"""Which room of the core knows which: imports go one way, those inside functions and for type checkers too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import vocolab

CORE = Path(vocolab.__file__).parent

LAYERS = (
    ("errors", "block_buffers", "deeds", "findings", "section_filters", "toml"),
    ("signals", "options", "toml_document"),
    ("files", "configuration", "torch_files"),
    ("audio", "loudness"),
    ("delivery", "mels"),
    ("effects", "interfaces", "pictures"),
    ("catalog",),
    ("rendering",),
    ("chain",),
    ("speaking", "mixing", "diagnosis"),
    ("api",),
    ("cli",),
)
"""From the ground up: a room may know what stands under it, and nothing beside it or over it."""

STILL_UPWARDS = {
    ("mels", "catalog"): "plugins describe mel conventions, and messages about mels name them",
    ("plugins", "catalog"): "plugins/check.py looks at everything that is installed",
    ("plugins", "training"): "the same, for recipes",
    ("texts", "catalog"): "a text is spoken in a language that is installed",
}
"""Imports that go up all the same, and why. None may be added."""


def imported(source: str) -> Iterator[str]:
    """The modules of the core that a module imports, wherever in it that stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("vocolab."))
        elif isinstance(node, ast.ImportFrom) and node.module == "vocolab":
            yield from (f"vocolab.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vocolab."):
            yield str(node.module)


def edges() -> Iterator[tuple[str, str, str]]:
    """Every import from room to room: who, whom, and the file that says so."""
    for file in sorted(CORE.rglob("*.py")):
        place = file.relative_to(CORE)
        room = place.parts[0].removesuffix(".py")
        for module in imported(file.read_text(encoding="utf-8")):
            other = module.split(".")[1]
            if other != room:
                yield room, other, str(place)


EDGES = list(edges())
ROOMS: dict[str, dict[str, str]] = {}
"""For each room the rooms that it knows, with a file that says so."""
for _room, _other, _place in EDGES:
    if (_room, _other) not in STILL_UPWARDS:
        ROOMS.setdefault(_room, {}).setdefault(_other, _place)


@pytest.mark.parametrize("layer", range(len(LAYERS)), ids=["-".join(layer) for layer in LAYERS])
def test_a_room_knows_nothing_beside_it_or_over_it(layer: int) -> None:
    too_high = {room for rooms in LAYERS[layer:] for room in rooms}
    for room in LAYERS[layer]:
        known = {other: file for other, file in ROOMS.get(room, {}).items() if other in too_high}
        assert known == {}, f"{room} must not know these"


def test_every_room_of_the_table_is_there() -> None:
    there = {path.stem for path in CORE.iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {room for rooms in LAYERS for room in rooms} <= there


def test_every_exception_is_still_needed() -> None:
    assert set(STILL_UPWARDS) <= {(room, other) for room, other, _ in EDGES}


def test_no_rooms_know_each_other_in_a_circle() -> None:
    reached = {room: _reached(room) for room in ROOMS}
    assert {room: seen for room, seen in reached.items() if room in seen} == {}


def _reached(room: str) -> set[str]:
    seen: set[str] = set()
    waiting = [room]
    while waiting:
        new = set(ROOMS.get(waiting.pop(), ())) - seen
        seen |= new
        waiting.extend(new)
    return seen
