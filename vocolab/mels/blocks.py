"""A mel that comes in blocks: each examined as far as can be, and the first seconds together as a whole mel is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import MelError, MelMismatch
from vocolab.guarding.arrays import array_of
from vocolab.mels.conventions import spelled
from vocolab.mels.convert import convert
from vocolab.mels.evidence import ceiling_of, floor_of, raised
from vocolab.mels.mel import Mel
from vocolab.mels.reader import accept_mel, converted
from vocolab.mels.refusal import Said, judge_numbers, refuse, with_bands
from vocolab.mels.spec import MelSpec
from vocolab.mels.values import alone

_EXAMINED_FRAMES = 512
"""Some 6 s: what speaks against a convention has shown itself by then."""
_ENOUGH_FRAMES = 128
"""For voiced frames to tell where the bands stand."""
_LEAST_FRAMES = 64
"""After the first block: fewer say no more than that did."""


class MelBlocks:
    """Accepts the blocks of one mel, in the convention `wanted`.

    Args:
        wanted: What the vocoder takes.
        on_note: Told once what was assumed, or converted.
        stated: The convention of blocks that are arrays. None: what is wanted.
        force: Take what is stated, though the numbers speak against it.
    """

    def __init__(
        self, wanted: MelSpec, on_note: Callable[[str], None], stated: MelSpec | None = None, *, force: bool = False
    ) -> None:
        self.wanted, self.on_note, self.stated, self.force = wanted, on_note, stated, force
        self._seen: list[NDArray[np.float32]] = []
        self._seen_frames = 0
        self._enough_frames = _ENOUGH_FRAMES
        self._examined_next = 0
        self._low, self._high = math.inf, -math.inf

    def accept(self, block: Mel | NDArray[Any]) -> Mel:
        """The next frames, in the convention that is wanted.

        Args:
            block: A `Mel`, or an array (n_mels, frames): which axis is which can't be told from a few frames.

        Raises:
            MelError: if it is no block of a mel.
            MelMismatch: if it, or all that has come so far, is of another convention.
        """
        if self.stated is not None and not isinstance(block, Mel):
            block = self._as_stated(block, self.stated)
        if isinstance(block, Mel):
            accepted, notes = self._accept_mel(block)
        else:
            accepted, notes = Mel(self._raised(block), self.wanted), []
            self._examine(accepted.values, self.wanted, Said.NOBODY)
            notes = [f"the stream: no convention stated; taken as {spelled(self.wanted)}"]
        if self._seen_frames == 0:
            for note in notes:
                self.on_note(note)
        self._seen_frames += accepted.frames
        return accepted

    def _accept_mel(self, block: Mel) -> tuple[Mel, list[str]]:
        if self.wanted.dynamic_range_db is not None and block.spec != self.wanted:
            raise MelMismatch(f"the stream: {spelled(self.wanted)} is a convention of whole utterances, and blocks "
                              f"of {spelled(block.spec)} can't be brought to it", ["dynamic_range_db"])
        if self.force and not self._seen_frames:
            return accept_mel(block, self.wanted, force=True)
        if self._seen_frames:
            accepted, notes = convert(block, self.wanted), list[str]()
        else:
            accepted, notes = converted(block, self.wanted, "the mel")
        if not self.force:
            odd = self._examine(block.values, block.spec, Said.CALLER if self.stated else Said.ITSELF)
            notes += [f"the mel: {text}" for text in odd]
        return accepted, notes

    def _as_stated(self, block: NDArray[Any], stated: MelSpec) -> Mel:
        return _checked(block, stated)

    def _raised(self, block: NDArray[Any]) -> NDArray[np.float32]:
        return raised(_checked(block, self.wanted).values, self.wanted)[0]

    def _examine(self, values: NDArray[np.float32], spec: MelSpec, said: Said) -> tuple[str, ...]:
        """Refuse what speaks against the convention; what is odd.

        Numbers that go beyond those before, and may say something by that, are looked at at once, all others and the
        bands each time that there is twice as much: looking at each block of a few frames would take as long as
        rendering it.
        """
        frames, low, high = self._seen_frames + values.shape[1], float(values.min()), float(values.max())
        is_beyond = (low < self._low or high > self._high) and _may_tell(low, high, spec)
        is_new = is_beyond or frames >= self._examined_next
        self._low, self._high = min(low, self._low), max(high, self._high)
        if self._seen_frames < _EXAMINED_FRAMES:
            self._seen.append(values)
        else:
            self._seen.clear()
        if not is_new:
            return ()
        if self._seen:
            values = np.concatenate(self._seen, axis=1)
        self._examined_next = max(2 * frames, _LEAST_FRAMES)
        verdict = judge_numbers(values, spec, said)
        if values.shape[1] >= self._enough_frames and self._seen:
            self._enough_frames *= 2
            verdict = with_bands(verdict, values, spec)
        refuse(verdict, spec, "the stream", said)
        return verdict.oddities


def _may_tell(low: float, high: float, spec: MelSpec) -> bool:
    """Whether a least or a greatest value can rule out a convention: not where both are what any mel of it may have."""
    if spec.clip or spec.mean or spec.scale or spec.dynamic_range is not None:
        return True
    return not floor_of(spec) <= low <= high <= ceiling_of(spec)


def _checked(block: NDArray[Any], spec: MelSpec) -> Mel:
    values = alone(array_of(block, "a mel", MelError))
    if values.ndim != 2 or values.shape[0] != spec.n_mels:
        raise MelError(f"a block of this stream is ({spec.n_mels}, frames), not {values.shape}")
    return Mel(values, spec)
