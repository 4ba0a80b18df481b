"""Every reader reads its smallest good file, and says in a line what is wrong with some hundred broken ones."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest
from mutations import mutated
from targets import TARGETS, check

N_MUTATIONS = int(os.environ.get("VOCOLAB_MUTATIONS", "200"))


@pytest.fixture(scope="module", params=TARGETS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_smallest_good_files_are_read(name: str, tmp_path: Path) -> None:
    for seed in TARGETS[name].seeds():
        assert check(TARGETS[name], seed, tmp_path), "an error about a file that is right"


def test_broken_files_are_told_in_a_line(name: str, tmp_path: Path) -> None:
    seeds = TARGETS[name].seeds()
    for number in range(N_MUTATIONS):
        data = mutated(seeds, number)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                check(TARGETS[name], data, tmp_path)
        except BaseException as error:
            raise AssertionError(f"mutation {number} of {name!r}: {type(error).__name__}: {error}") from error
