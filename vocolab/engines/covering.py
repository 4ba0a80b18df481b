"""Lengths that an engine has not met are slow where it makes code for each: there a few lengths stand for all.

A mel is covered by overlapping parts of such lengths. Each part has the context that its middle depends on, what
depends on more than that is cut off, and the true ends stay ends: the samples are those of the whole, which padding
would not give.

    frames      |-----------------------------------------|
    part 0      |-----------------------|xx|
    part 1                            |xx|----------------|      x: computed twice, one context on each side
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vocolab.engines.fidelity import seam_difference
from vocolab.engines.parts import Shape, cut, frames_of, join
from vocolab.networks.interfaces import Execution
from vocolab.onnx_export.exportable import Arrays, Exportable

STEP_FRAMES, LONGEST_FRAMES = 16, 512
"""Parts have a multiple of this many frames, up to so many: 32 lengths."""
SLOW_AT_FIRST = 1.5
"""How many times as long as the second pass the first of a length takes, for lengths to be covered."""
_MOST_TIMES = 2.0
"""Shorter mels, of which more than so many times the frames would be computed, go as they are."""
_SEAM = 1e-5
_TRIED_FRAMES = (203, 205, 207, 209)
"""The least time of several counts: whatever else the machine does can only add to it."""


def cover(frames: int, context_frames: int) -> list[tuple[int, int]]:
    """Parts, first and last frame, that overlap by two contexts; one of any length where that is as good."""
    whole = [(0, frames)]
    if frames <= LONGEST_FRAMES and frames % STEP_FRAMES == 0:
        return whole
    overlap = 2 * context_frames
    if 2 * overlap >= LONGEST_FRAMES:
        return whole
    count = max(2, -(-(frames - overlap) // (LONGEST_FRAMES - overlap)))
    steps = -(-(frames + (count - 1) * overlap) // STEP_FRAMES)
    sizes = [(steps + index) // count * STEP_FRAMES for index in reversed(range(count))]
    if sum(sizes) > _MOST_TIMES * frames or max(sizes) > frames:
        return whole
    parts, start = [], 0
    for size in sizes[:-1]:
        parts.append((start, start + size))
        start += size - overlap
    return [*parts, (frames - sizes[-1], frames)]


class Covered:
    """An `Execution` that meets few lengths.

    Args:
        execution: What runs the parts.
        inputs: The shapes of what it takes, as ports state them.
        outputs: The same of what it gives.
        context_frames: What a part needs on either side.
    """

    def __init__(
        self, execution: Execution, inputs: Sequence[Shape], outputs: Sequence[Shape], context_frames: int
    ) -> None:
        self._execution, self._inputs, self._outputs = execution, inputs, outputs
        self._context = context_frames

    def __call__(self, *inputs: NDArray[np.float32]) -> Arrays:
        """What the graph makes of `inputs`."""
        frames, context = frames_of(self._inputs, inputs), self._context
        parts = cover(frames, context)
        if len(parts) == 1:
            return self._execution(*inputs)
        done, found = 0, []
        for first, last in parts:
            made = self._execution(*cut(self._inputs, inputs, first, last))
            until = last if last == frames else last - context
            found.append(cut(self._outputs, made, done - first, until - first))
            done = until
        return join(self._outputs, found)

    def to(self, device: str) -> None:
        """It goes where its parts are run."""
        self._execution.to(device)


def should_cover(execution: Execution, exportable: Exportable) -> bool:
    """Whether new lengths are slow enough, by measurement, and parts the whole closely enough."""
    if not exportable.context_frames or exportable.least_frames > STEP_FRAMES:
        return False
    examples = [exportable.example(1, frames, np.random.default_rng(3)) for frames in _TRIED_FRAMES]
    first_s, second_s = (min(_cpu_s(execution, arrays) for arrays in examples) for _ in range(2))
    if first_s < SLOW_AT_FIRST * second_s:
        return False
    seam = seam_difference(execution, exportable)
    return seam is not None and seam <= _SEAM


def _cpu_s(execution: Execution, arrays: Arrays) -> float:
    began = time.process_time()
    execution(*arrays)
    return time.process_time() - began
