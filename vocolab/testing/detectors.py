"""The contract for authors of detectors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from vocolab.catalog import Catalog
from vocolab.catalog.components import EffectRegistry
from vocolab.errors import UnknownName
from vocolab.findings import Figure, Finding, Remedy
from vocolab.guarding import read_only
from vocolab.options import option_problems
from vocolab.plugins.specs import DetectorSpec
from vocolab.plugins.targets import load_target
from vocolab.testing.components import ComponentContract, cuts, noise
from vocolab.testing.places import place_of

_PRIME = 9_973  # no block size divides it


class DetectorContract(ComponentContract):
    """Set `spec`; `rates` and `channels` are those that recordings come at."""

    spec: ClassVar[DetectorSpec]
    rates: ClassVar[tuple[int, ...]] = (8_000, 48_000, 192_000)
    channels: ClassVar[tuple[int, ...]] = (1, 2)

    def heard(self, samples: NDArray[np.float32], rate: int, edges: Iterable[tuple[int, int]] = ()) -> list[Finding]:
        """What the detector under test finds in (channels, n) samples, cut into blocks at `edges`."""
        detector = self.built(rate, len(samples))
        for start, stop in edges or [(0, samples.shape[1])]:
            if stop > start:
                detector.accept(read_only(samples[:, start:stop]))
        return list(detector.findings())

    def test_it_gives_findings_of_any_recording(self) -> None:
        """Silence, an impulse, one sample, full scale, none at all: nothing is raised, and each is a `Finding`."""
        for name, samples, rate in self._recordings():
            for found in self.heard(samples, rate):
                assert isinstance(found, Finding), f"{name}: it gave {type(found).__name__}{self._place('findings')}"

    def test_silence_has_no_fault(self) -> None:
        """Digital silence and recordings without a sample are nothing to be repaired."""
        for name, samples, rate in self._recordings():
            if name.startswith(("silence", "no samples")):
                faults = [found.sentence for found in self.heard(samples, rate) if found.is_fault]
                assert not faults, f"{name}: {faults[0]}{self._place('findings')}"

    def test_blocks_do_not_matter(self) -> None:
        """However a recording is cut, the same is found."""
        rate = self.rates[-1]
        samples = noise((2, 7 * _PRIME), 0.3)
        samples[:, 2 * _PRIME : 4 * _PRIME] *= np.float32(1e-3)
        whole = self.heard(samples, rate)
        for seed in range(3):
            parts = self.heard(samples, rate, cuts(samples.shape[1], seed))
            _check_alike(whole, parts, f"cuts {seed}", self._place("accept"))

    def test_what_is_found_can_be_marked(self) -> None:
        """Marks lie in the recording."""
        for name, samples, rate in self._recordings():
            seconds = samples.shape[1] / rate
            for found in self.heard(samples, rate):
                late = [mark.end_s for mark in found.marks if mark.end_s > seconds + 1e-6]
                assert not late, f"{name}: {found.fault} ends at {late[0]} s of {seconds} s{self._place('findings')}"

    def test_its_remedies_can_be_used(self) -> None:
        """An effect that is installed takes the settings of a remedy."""
        effects = Catalog.installed().effects
        for _, samples, rate in self._recordings():
            for remedy in (remedy for found in self.heard(samples, rate) for remedy in found.remedies):
                _check_remedy(remedy, effects, self._place("findings"))

    def _recordings(self) -> Iterator[tuple[str, NDArray[np.float32], int]]:
        for rate in self.rates:
            for channels in self.channels:
                impulse = np.zeros((channels, _PRIME), np.float32)
                impulse[:, _PRIME // 2] = 1.0
                recordings = {
                    "no samples": np.zeros((channels, 0), np.float32),
                    "one sample": np.full((channels, 1), 0.5, np.float32),
                    "silence": np.zeros((channels, rate), np.float32),
                    "impulse": impulse,
                    "full scale": np.sign(noise((channels, _PRIME), 1.0)).astype(np.float32),
                    "a second of noise": noise((channels, rate), 0.1),
                }
                for name, samples in recordings.items():
                    yield f"{name}, {channels} ch at {rate} Hz", samples, rate

    def _place(self, method: str) -> str:
        return place_of(load_target(self.spec), method)


def _check_alike(whole: list[Finding], parts: list[Finding], name: str, place: str) -> None:
    """That two lists of findings say the same: figures to a thousandth, marks to a millisecond."""
    assert [one.fault for one in whole] == [one.fault for one in parts], f"{name}: other findings{place}"
    for one, other in zip(whole, parts, strict=True):
        assert one.is_fault == other.is_fault, f"{name}: {one.sentence}, and in one block {other.sentence}{place}"
        for figure, value in one.figures.items():
            found = other.figures.get(figure)
            assert _are_alike(value, found), f"{name}: {figure} is {found}, and in one block {value}{place}"
        mine, theirs = (np.array([(mark.start_s, mark.end_s) for mark in found.marks]) for found in (one, other))
        is_same = mine.shape == theirs.shape and np.allclose(mine, theirs, atol=1e-3)
        assert is_same, f"{name}: marks of {one.fault} are elsewhere{place}"


def _are_alike(value: Figure, other: Figure) -> bool:
    if isinstance(value, tuple) and isinstance(other, tuple):
        return len(value) == len(other) and np.allclose(value, other, rtol=1e-3, atol=1e-3)
    if isinstance(value, float) and isinstance(other, float):
        return math.isclose(value, other, rel_tol=1e-3, abs_tol=1e-3)
    return value == other


def _check_remedy(remedy: Remedy, effects: EffectRegistry, place: str) -> None:
    try:
        options = effects.get(remedy.effect).spec.options
    except UnknownName:
        return  # somebody who has it installed is told of it
    for problem in option_problems(options, dict(remedy.settings)):
        raise AssertionError(f"{remedy.effect} takes no {problem.option} = {remedy.settings.get(problem.option)!r}: "
                             f"{problem.what}{place}")
