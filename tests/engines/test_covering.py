"""Any length by parts of few lengths, and the samples are those of the whole."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from tiny_engine_voices import SPEC, hifigan

from vocolab.catalog import Catalog
from vocolab.engines import EngineChoice
from vocolab.engines.covering import LONGEST_FRAMES, STEP_FRAMES, Covered, cover, should_cover
from vocolab.engines.graphs import exportable_of
from vocolab.engines.parts import frames_of
from vocolab.rendering import open_vocoder

INPUTS, OUTPUTS = [("batch", 2, "frames")], [("batch", "3*frames")]


@given(st.integers(1, 3000), st.integers(1, 60))
def test_parts_cover_everything_with_a_context_on_each_side(frames: int, context: int) -> None:
    parts = cover(frames, context)
    assert parts[0][0] == 0 and parts[-1][1] == frames
    for (first, last), (following, its_last) in pairwise(parts):
        assert first < following < last < its_last
        assert last - following >= 2 * context
    if len(parts) > 1:
        sizes = {last - first for first, last in parts}
        assert all(size % STEP_FRAMES == 0 and size <= LONGEST_FRAMES for size in sizes)
        assert sum(last - first for first, last in parts) <= 2 * frames


class Smoothing:
    """Sums over 2 x reach + 1 frames, zeros beyond the ends, each frame three times; remembers what lengths it met."""

    def __init__(self, reach: int) -> None:
        self.reach, self.met = reach, set[int]()

    def __call__(self, *inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        (values,) = inputs
        self.met.add(values.shape[2])
        sums = [np.convolve(row, np.ones(2 * self.reach + 1), mode="full") for row in values.sum(axis=1)]
        inner = np.stack([row[self.reach : self.reach + values.shape[2]] for row in sums])
        return (np.repeat(inner, 3, axis=1).astype(np.float32),)

    def to(self, device: str) -> None: ...


@given(st.integers(1, 1500))
def test_the_samples_are_those_of_the_whole(frames: int) -> None:
    values = np.random.default_rng(frames).integers(-9, 9, (1, 2, frames)).astype(np.float32)
    (whole,) = Smoothing(14)(values)
    (covered,) = Covered(Smoothing(14), INPUTS, OUTPUTS, 14)(values)
    assert frames_of(INPUTS, [values]) == frames and frames_of(OUTPUTS, [whole]) == frames
    np.testing.assert_array_equal(covered, whole)


def test_all_lengths_but_short_ones_come_down_to_few() -> None:
    inner = Smoothing(14)
    covered = Covered(inner, INPUTS, OUTPUTS, 14)
    for frames in range(64, 1200):
        covered(np.zeros((1, 2, frames), np.float32))
    assert len(inner.met) <= LONGEST_FRAMES // STEP_FRAMES


def spinning(run: Callable[..., tuple[NDArray[np.float32], ...]]) -> Callable[..., tuple[NDArray[np.float32], ...]]:
    """`run`, ten times as slow with a length that it has not met."""
    met: set[int] = set()

    def slow(*inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        frames = inputs[0].shape[2]
        for _ in range(1 if frames in met else 10):
            made = run(*inputs)
        met.add(frames)
        return made

    return slow


def test_only_an_engine_that_is_slow_with_new_lengths_has_them_covered(catalog: Catalog) -> None:
    import torch

    exportable = exportable_of(catalog.vocoders.get("hifigan"), hifigan())

    def run(*inputs: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
        with torch.inference_mode():
            return (exportable.network(*map(torch.from_numpy, inputs)).numpy(),)

    for frames in range(203, 211):
        run(*exportable.example(1, frames, np.random.default_rng(3)))  # torch itself has met them
    assert not should_cover(run, exportable)  # type: ignore[arg-type]
    assert should_cover(spinning(run), exportable)  # type: ignore[arg-type]


def test_no_length_is_slow_at_first_on_openvino(catalog: Catalog) -> None:
    """After one of the same bucket, a new length takes no more than twice what it takes the second time."""
    pytest.importorskip("openvino")
    from vocolab.bench.speed.clock import timed_s
    from vocolab.engines.covering import SLOW_AT_FIRST

    vocoder = open_vocoder(catalog, voice=hifigan(), engine=EngineChoice("openvino", threads=1)).vocoder
    assert SLOW_AT_FIRST < 2
    random = np.random.default_rng(0)
    mels = [random.standard_normal((SPEC.n_mels, frames)).astype(np.float32) for frames in (310, 309, 308, 307)]
    vocoder.render(mels[0])
    ratios = [timed_s(lambda mel=mel: vocoder.render(mel), "cpu") / timed_s(lambda mel=mel: vocoder.render(mel), "cpu")
              for mel in mels[1:]]  # fmt: skip
    assert min(ratios) < 2
