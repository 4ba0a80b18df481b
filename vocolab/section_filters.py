"""Second-order sections over a stream, by products of matrices.

A recursion goes from sample to sample, and a processor waits for each. A segment of samples x, though, is linear in x
and in the state s before it,

    y = x T + s O        s' = x B + s A

so that the segments of a block are one product, once their states are known. So are the states of a group of segments,
once that before the group is known, with a power of A in place of A; and those of groups of groups. This is what
`scipy.signal.sosfilt` gives, but for the rounding of float64, in about half of its time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

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
    """

    def __init__(self, cascades: Sequence[NDArray[np.float64]], channels: int) -> None:
        longest = max(1, *(len(cascade) for cascade in cascades))
        self._sections = np.tile(_NOTHING, (len(cascades), longest, 1))
        for index, cascade in enumerate(cascades):
            self._sections[index, : len(cascade)] = cascade
        self.state: Doubles = np.zeros((len(cascades), longest, channels, 2))
        """(cascades, sections, channels, 2), each cascade's as scipy's `zi`."""

    def process(self, block: NDArray[np.floating]) -> Doubles:
        """What each cascade makes of the next block (channels, n): (cascades, channels, n)."""
        bands, sections, _ = self._sections.shape
        n_samples = block.shape[1]
        whole = n_samples - n_samples % _SEGMENT_SAMPLES if bands * sections * n_samples >= _LEAST_WORK else 0
        filtered = np.empty((bands, *block.shape))
        most = max(1, _MOST_SAMPLES // bands // _SEGMENT_SAMPLES - 1) * _SEGMENT_SAMPLES
        for start in range(0, whole, most):
            here = slice(start, min(start + most, whole))
            self._by_segments(block[:, here], filtered[..., here])
        if whole < n_samples:
            self._by_samples(block[:, whole:], filtered[..., whole:])
        return filtered

    def _by_samples(self, block: NDArray[np.floating], filtered: Doubles) -> None:
        from scipy.signal import sosfilt  # half a second and 65 MB, which rendering without a target does without

        wide = block.astype(np.float64)
        for index, sections in enumerate(self._sections):
            filtered[index], self.state[index] = sosfilt(sections, wide, zi=self.state[index])

    def _by_segments(self, block: NDArray[np.floating], filtered: Doubles) -> None:
        bands, sections, channels, _ = self.state.shape
        to_output, to_state, levels = _matrices(self._sections.tobytes(), sections)
        count = block.shape[1] // _SEGMENT_SAMPLES
        joined = np.empty((channels, count, _SEGMENT_SAMPLES + 2 * sections))
        joined[..., :_SEGMENT_SAMPLES] = block.reshape(channels, count, _SEGMENT_SAMPLES)
        given = joined[..., :_SEGMENT_SAMPLES] @ to_state  # (bands, channels, segments, state)
        begun = self.state.transpose(0, 2, 1, 3).reshape(bands, channels, 1, -1)
        states = _running(np.concatenate([begun, given], axis=2), levels)
        for band in range(bands):
            joined[..., _SEGMENT_SAMPLES:] = states[band, :, :-1]
            for channel in range(channels):
                out = filtered[band, channel].reshape(count, _SEGMENT_SAMPLES)
                np.matmul(joined[channel], to_output[band], out=out)
        self.state = states[:, :, -1].reshape(bands, channels, sections, 2).transpose(0, 2, 1, 3).copy()


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


@lru_cache(maxsize=32)
def _matrices(stored: bytes, n_sections: int) -> tuple[Doubles, Doubles, tuple[_Level, ...]]:
    """[T; O] (bands, inputs and state, outputs), B (bands, 1, inputs, state), and what carries states on by A.

    Read off what scipy makes of impulses, and of silence after each state.
    """
    from scipy.signal import sosfilt

    to_output, to_state, onward = [], [], []
    size, length = 2 * n_sections, _SEGMENT_SAMPLES
    for sections in np.frombuffer(stored).reshape(-1, n_sections, 6).copy():
        rest = np.zeros((n_sections, length + size, 2))
        rest.transpose(1, 0, 2)[length:] = np.eye(size).reshape(size, n_sections, 2)
        outputs, after = sosfilt(sections, np.eye(length + size, length), zi=rest)
        states = after.transpose(1, 0, 2).reshape(length + size, size)
        to_output.append(outputs)
        to_state.append(states[:length])
        onward.append(states[length:])
    return np.stack(to_output), np.stack(to_state)[:, None], tuple(_levels(np.stack(onward)))
