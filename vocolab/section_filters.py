"""Second-order sections over a stream, by products of matrices.

A recursion goes from sample to sample, and a processor waits for each. A segment of samples x, though, is linear in x
and in the state s before it,

    y = x T + s O        s' = x B + s A

so that the segments of a block are one product, once their states are known. So are the states of a group of segments,
once that before the group is known, with a power of A in place of A; and those of groups of groups. This is what
`scipy.signal.sosfilt` gives, but for the rounding of float64, in about half of its time.

What is wanted in float32 needs no float64 in the product that gives y, which is the largest. The states stay in
float64; where they enter y, they are turned to s U S for O = U S V, its singular value decomposition: scipy's are far
larger than what they add up to, while those are as large as it, so that rounding them costs no more than rounding y.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Doubles: TypeAlias = NDArray[np.float64]
_Level: TypeAlias = tuple[Doubles, Doubles]
"""What steps within a group add up to, (bands, 1, group * state, group * state), and what the state before it adds to
each, (bands, 1, state, group * state)."""

_SEGMENT_SAMPLES = 32
_LEAST_WORK = 8192
"""Sections times samples from which on products are faster: under it their many small steps cost more."""
_GROUP, _N_LEVELS = 4, 6
_MOST_SAMPLES = 2**16
"""Of one product, over all bands: what it works on stays in a processor's cache."""
_NOTHING = np.array([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])


class SectionBank:
    """Cascades of second-order sections on one input, with their states; no latency.

    It works in float64: a high-pass at 20 Hz and 192 kHz has poles that float32 can't tell from 1.

    Args:
        cascades: (sections, 6) each, as scipy has them.
        channels: Of the stream.
        dtype: Of what it gives. The input may be an array of float32 with either.
    """

    def __init__(
        self, cascades: Sequence[NDArray[np.float64]], channels: int, dtype: Literal["float32", "float64"] = "float64"
    ) -> None:
        longest = max(1, *(len(cascade) for cascade in cascades))
        self._sections = np.tile(_NOTHING, (len(cascades), longest, 1))
        for index, cascade in enumerate(cascades):
            self._sections[index, : len(cascade)] = cascade
        self.state: Doubles = np.zeros((len(cascades), longest, channels, 2))
        """(cascades, sections, channels, 2), each cascade's as scipy's `zi`."""
        self._dtype = dtype

    def process(self, block: NDArray[np.floating]) -> NDArray[Any]:
        """What each cascade makes of the next block (channels, n): (cascades, channels, n)."""
        bands, sections, _ = self._sections.shape
        n_samples = block.shape[1]
        whole = n_samples - n_samples % _SEGMENT_SAMPLES if bands * sections * n_samples >= _LEAST_WORK else 0
        filtered = np.empty((bands, *block.shape), self._dtype)
        most = _even_step(whole, max(1, _MOST_SAMPLES // bands))
        for start in range(0, whole, most):
            here = slice(start, min(start + most, whole))
            self._by_segments(block[:, here], filtered[..., here])
        if whole < n_samples:
            self._by_samples(block[:, whole:], filtered[..., whole:])
        return filtered

    def _by_samples(self, block: NDArray[np.floating], filtered: NDArray[Any]) -> None:
        from scipy.signal import sosfilt  # half a second and 65 MB, which rendering without a target does without

        wide = block.astype(np.float64)
        for index, sections in enumerate(self._sections):
            filtered[index], self.state[index] = sosfilt(sections, wide, zi=self.state[index])

    def _by_segments(self, block: NDArray[np.floating], filtered: NDArray[Any]) -> None:
        bands, sections, channels, _ = self.state.shape
        matrices = _matrices(self._sections.tobytes(), sections, self._dtype)
        count = block.shape[1] // _SEGMENT_SAMPLES
        segments = block.reshape(channels, count, _SEGMENT_SAMPLES)
        steps = np.empty((bands, channels, count + 1, 2 * sections))
        steps[:, :, 0] = self.state.transpose(0, 2, 1, 3).reshape(bands, channels, -1)
        np.matmul(segments.astype(np.float64, copy=False), matrices.to_state, out=steps[:, :, 1:])
        states = _running(steps, matrices.levels)
        joined = np.empty((channels, count, _SEGMENT_SAMPLES + 2 * sections), self._dtype)
        joined[..., :_SEGMENT_SAMPLES] = segments
        for band in range(bands):
            joined[..., _SEGMENT_SAMPLES:] = states[band, :, :-1] @ matrices.turned[band]
            for channel in range(channels):
                out = filtered[band, channel].reshape(count, _SEGMENT_SAMPLES)
                np.matmul(joined[channel], matrices.to_output[band], out=out)
        self.state = states[:, :, -1].reshape(bands, channels, sections, 2).transpose(0, 2, 1, 3).copy()


def _even_step(n_samples: int, most: int) -> int:
    """Samples of a part, whole segments and at least one, of as few parts of about one size as `most` allows."""
    parts = max(1, -(-n_samples // most))
    return max(1, -(-n_samples // (parts * _SEGMENT_SAMPLES))) * _SEGMENT_SAMPLES


def _running(steps: Doubles, levels: Sequence[_Level]) -> Doubles:
    """r[k] = steps[k] + r[k - 1] A, along the last but one axis: within groups, then from group to group."""
    bands, channels, count, size = steps.shape
    if count == 1:
        return steps
    within, carried = levels[0]
    groups = -(-count // _GROUP)
    padded = np.zeros((bands, channels, groups * _GROUP, size))
    padded[:, :, :count] = steps
    totals = padded.reshape(bands, channels, groups, _GROUP * size) @ within
    ends = _running(totals[..., -size:], levels[1:])
    totals[..., 1:, :] += ends[..., :-1, :] @ carried
    return totals.reshape(bands, channels, -1, size)[:, :, :count]


def _levels(onward: Doubles) -> Iterator[_Level]:
    """For A (bands, state, state), then for A of a whole group, and so on."""
    bands, size, _ = onward.shape
    for _ in range(_N_LEVELS):
        powers = [np.broadcast_to(np.eye(size), onward.shape)]
        for _ in range(_GROUP):
            powers.append(powers[-1] @ onward)
        within = np.zeros((bands, _GROUP, size, _GROUP, size))
        for first in range(_GROUP):
            for last in range(first, _GROUP):
                within[:, first, :, last] = powers[last - first]
        yield within.reshape(bands, 1, _GROUP * size, -1), np.concatenate(powers[1:], axis=2)[:, None]
        onward = powers[-1]


@dataclass(frozen=True)
class _Matrices:
    to_output: NDArray[Any]
    """[T; V] (bands, inputs and state, outputs)."""
    to_state: Doubles
    """B (bands, 1, inputs, state)."""
    turned: Doubles
    """U S (bands, state, state), which turns states for V."""
    levels: tuple[_Level, ...]
    """What carries states on by A."""


@lru_cache(maxsize=32)
def _matrices(stored: bytes, n_sections: int, dtype: str) -> _Matrices:
    """Read off what scipy makes of impulses, and of silence after each state."""
    from scipy.signal import sosfilt

    to_output, to_state, turned, onward = [], [], [], []
    size, length = 2 * n_sections, _SEGMENT_SAMPLES
    for sections in np.frombuffer(stored).reshape(-1, n_sections, 6).copy():
        rest = np.zeros((n_sections, length + size, 2))
        rest.transpose(1, 0, 2)[length:] = np.eye(size).reshape(size, n_sections, 2)
        outputs, after = sosfilt(sections, np.eye(length + size, length), zi=rest)
        states = after.transpose(1, 0, 2).reshape(length + size, size)
        left, singular, right = np.linalg.svd(outputs[length:], full_matrices=False)
        to_output.append(np.concatenate([outputs[:length], right]))
        turned.append(left * singular)
        to_state.append(states[:length])
        onward.append(states[length:])
    return _Matrices(np.stack(to_output).astype(dtype), np.stack(to_state)[:, None], np.stack(turned),
                     tuple(_levels(np.stack(onward))))
