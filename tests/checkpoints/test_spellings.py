"""Every published case in every spelling converts to what its own code computes; the config's place takes turns."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from spellings import CASES, PLACES, SPELLINGS, Differences, case

TOLERANCE = 1e-4
_EVERY = 7
"""Of how many combinations one is tested always; each spelling and each place comes several times."""

differences = functools.cache(Differences)


def combinations() -> list[object]:
    """Case, spelling and place; all of them together are `benchmarks/checkpoint_spellings.py`'s."""
    found: list[object] = []
    for number, name in enumerate(CASES):
        for index, spelling in enumerate(SPELLINGS):
            place = PLACES[(number + index) % len(PLACES)]
            marks = () if (number + 2 * index) % _EVERY == 0 else (pytest.mark.slow,)
            found.append(pytest.param(name, spelling, place, marks=marks))
    return found


@pytest.mark.parametrize(("name", "spelling", "place"), combinations())
def test_it_converts_exactly(name: str, spelling: str, place: str, shared: Path, tmp_path: Path) -> None:
    known = case(shared / "conformance" / name)
    path = known.write(tmp_path, spelling, place) or known.write(tmp_path / "beside", spelling, "beside")
    assert path is not None
    assert differences().of(known, path) < TOLERANCE
