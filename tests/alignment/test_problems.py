"""Gross failures are found, and good alignments are left in peace."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vocolab.alignment.clips import TimedClip
from vocolab.alignment.problems import examine

SOUNDS = ("HH", "AH0", "L", "OW1", "Y", "UW1", "AO1", "L", "N", "AW1", "T", "IY1")


def clip(name: str, seed: int = 0, fit: float = 2.5) -> TimedClip:
    random = np.random.default_rng(seed)
    seconds = [0.1, *random.uniform(0.04, 0.15, 12), 0.1]
    return TimedClip(name, ("<s>", *SOUNDS, "</s.>"), tuple(seconds), (-1, *range(12), -1),
                     tuple(map(str, range(12))), "a", fit + 0.05 * random.standard_normal())


GOOD = [clip(f"c{n:02d}", n) for n in range(20)]


def kinds(bad: TimedClip) -> set[str]:
    found = examine([*GOOD, bad])
    assert {finding.name for finding in found} <= {bad.name}
    return {finding.kind for finding in found}


def changed(places: slice, second: float) -> TimedClip:
    seconds = list(clip("bad").seconds)
    seconds[places] = [second] * len(seconds[places])
    return replace(clip("bad"), seconds=tuple(seconds))


def test_good_ones_have_no_findings() -> None:
    assert examine(GOOD) == []


def test_collapsed_sounds() -> None:
    assert "collapsed" in kinds(changed(slice(1, 11), 0.0116))


def test_a_sound_that_swallowed_others() -> None:
    assert "stretched" in kinds(changed(slice(5, 6), 0.9))


def test_silences() -> None:
    assert kinds(changed(slice(0, 1), 1.6)) == {"silence"}
    assert kinds(changed(slice(0, 1), 1.4)) == {"silence"}  # more than half of the clip


def test_a_speaking_rate_that_is_another() -> None:
    fast = replace(clip("bad"), seconds=tuple(second * 0.5 for second in clip("bad").seconds))
    assert "rate" in kinds(fast)


def test_a_text_that_is_not_what_was_said() -> None:
    assert kinds(replace(clip("bad"), fit=-0.5)) == {"fit"}
    assert kinds(replace(clip("bad"), fit=4.0)) == set()


def test_speakers_are_compared_with_themselves() -> None:
    slow = [replace(one, name=f"s{n}", speaker="b", seconds=tuple(2 * second for second in one.seconds))
            for n, one in enumerate(GOOD)]
    assert examine([*GOOD, *slow]) == []


def test_few_clips_have_no_outliers() -> None:
    assert examine([replace(GOOD[0], fit=-9.0), *GOOD[1:5]]) == []


def test_the_worst_come_first() -> None:
    worse = replace(changed(slice(5, 6), 2.0), name="worse", fit=-3.0)
    found = examine([*GOOD, replace(clip("bad"), fit=-0.5), worse])
    assert found[0].name == "worse" and found[-1].name == "bad"
