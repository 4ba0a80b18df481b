"""The pace is of the steps alone, and of the last ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from jobs import job

from vocolab.training.corpus import Corpus
from vocolab.training.pace import Pace


class Clock:
    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def test_pauses_are_no_part_of_it() -> None:
    clock = Clock()
    pace = Pace(clock)
    assert pace.steps_per_s == 0.0
    for _ in range(4):
        clock.now_s += 0.5
        pace.step()
        with pace.paused():
            clock.now_s += 100.0
    assert pace.steps_per_s == pytest.approx(2.0)


def test_a_change_of_pace_shows_within_a_minute_or_two() -> None:
    clock = Clock()
    pace = Pace(clock)
    for step_s, steps in ((0.25, 2000), (2.0, 40)):
        for _ in range(steps):
            clock.now_s += step_s
            pace.step()
    assert pace.steps_per_s == pytest.approx(0.5)
    clock.now_s += 300.0  # one step longer than the window
    pace.step()
    assert pace.steps_per_s == pytest.approx(1 / 300.0)


def test_a_pause_that_fails_is_a_pause_as_well() -> None:
    clock = Clock()
    pace = Pace(clock)
    with pytest.raises(ValueError, match="broken"), pace.paused():
        clock.now_s += 10.0
        raise ValueError("broken")
    clock.now_s += 1.0
    pace.step()
    assert pace.steps_per_s == pytest.approx(1.0)


def test_every_step_is_reported_and_not_only_the_logged_ones(corpus: Corpus, tmp_path: Path) -> None:
    trainer = job("vocos", tmp_path, log={"every_steps": 4, "tensorboard": False}).trainer(corpus)
    reached: list[int] = []
    paces: list[float] = []
    trainer.train(until=6, reach=lambda step, pace: (reached.append(step), paces.append(pace)))  # type: ignore[func-returns-value]
    assert reached == [0, 1, 2, 3, 4, 5, 6]
    assert paces[0] == 0.0 and all(pace > 0 for pace in paces[1:])
