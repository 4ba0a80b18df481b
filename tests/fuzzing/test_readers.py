"""Every reader reads its smallest good file, and says in a line what is wrong with some hundred broken ones."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest
from target import check
from targets import TARGETS

N_MUTATIONS = int(os.environ.get("VOCOLAB_MUTATIONS", "200"))


@pytest.fixture(scope="module", params=TARGETS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_smallest_good_files_are_read(name: str, tmp_path: Path) -> None:
    for seed in TARGETS[name].seeds():
        assert check(TARGETS[name], seed, tmp_path), "an error about a file that is right"


def test_broken_files_are_told_in_a_line(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    for number in range(max(1, N_MUTATIONS // target.cost)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                check(target, target.mutated(seeds, number), tmp_path)
        except BaseException as error:
            raise AssertionError(f"mutation {number} of {name!r}: {type(error).__name__}: {error}") from error
