"""Processes that do the jobs of a batch: all of them, once, whatever becomes of a process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from errands_for_tests import Doing

from vocolab.crews.errands import Outcome, in_order
from vocolab.crews.processes import Processes


def outcomes(jobs: list[str], count: int = 2, errand: Doing = Doing()) -> list[Outcome[str, tuple[str, int, int]]]:  # noqa: B008
    return list(in_order(Processes(count, 1).outcomes(errand, jobs, lambda number, done: None)))


def test_every_job_is_done_once_and_in_another_process() -> None:
    jobs = [f"job {number}" for number in range(7)]
    found = outcomes(jobs)
    assert [one.job for one in found] == jobs
    assert [one.result[0] for one in found if one.result] == jobs
    assert os.getpid() not in {one.result[1] for one in found if one.result}
    assert {one.result[2] for one in found if one.result} <= {0, 1}  # threads of torch, where it is loaded


def test_a_process_that_is_killed_costs_its_own_job() -> None:
    found = outcomes(["a", "die", "b", "c"])
    assert [one.error is None for one in found] == [True, False, True, True]
    assert "was killed (SIGKILL)" in str(found[1].error)


def test_an_error_that_can_t_be_sent_is_told_in_words() -> None:
    (found,) = outcomes(["odd"])
    assert str(found.error) == "Odd: not to be sent"


def test_what_can_t_begin_fails_with_each_job() -> None:
    assert [str(one.error) for one in outcomes(["a", "b"], errand=Doing(fails=True))] == ["can't begin"] * 2


def test_progress_comes_before_the_outcome() -> None:
    seen: list[tuple[int, float]] = []
    list(Processes(1, 1).outcomes(Doing(), ["a"], lambda number, done: seen.append((number, done))))
    assert seen == [(0, 0.25)]


def test_who_stops_asking_ends_the_processes(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    coming = Processes(2, 1).outcomes(Doing(), ["a", f"wait {begun}"], lambda number, done: None)
    number, _ = next(coming)
    assert number == 0
    coming.close()  # would last a minute if nobody ended it


@pytest.mark.parametrize("value", ["a path", "b"])
def test_a_process_has_the_environment_of_the_call(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    from errands_for_tests import Environment

    monkeypatch.setenv("VOCOLAB_TEST_WORD", value)
    ((_, outcome),) = Processes(1, 1).outcomes(Environment(), ["VOCOLAB_TEST_WORD"], lambda number, done: None)
    assert outcome.result == value
