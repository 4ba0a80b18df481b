"""A control signal at a lower rate than the audio: a value for every cell of samples, and back to a gain a sample.

    samples   |  cell 0  |  cell 1  |  ..    cells lie on a fixed grid, however the stream is cut
    values         v0         v1             once a cell is complete
    gain        to v0      to v1             a straight line over each cell, that ends at the cell's value

The line over a cell can only be drawn once the cell is complete, so the gain is one sample less than a cell late. By
as much it turns down before the peak that it is for.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.effects import Block
from vocolab_mastering.ballistics import Curve

_LONGEST_MS = 1 / 3
_CELLS_AN_ATTACK = 4


def cell_samples(sample_rate: int, attack_ms: float) -> int:
    """Length of cells for a detector: 1/3 ms or a quarter of the attack, whichever is shorter; at least 1."""
    return max(1, int(min(_LONGEST_MS, attack_ms / _CELLS_AN_ATTACK) * sample_rate / 1000))


class Cells:
    """Cuts a stream of (rows, n) into cells of `length` samples."""

    def __init__(self, length: int, rows: int) -> None:
        self._length = length
        self._open = np.zeros((rows, 0), np.float32)

    def process(self, values: NDArray[np.floating]) -> NDArray[np.floating]:
        """The cells (rows, cells, length) that are complete with the next values (rows, n)."""
        if self._open.shape[1]:
            values = np.concatenate([self._open, values], axis=1)
        n_cells = values.shape[1] // self._length
        self._open = values[:, n_cells * self._length :].copy()
        return values[:, : n_cells * self._length].reshape(len(values), n_cells, self._length)


def highest(cells: NDArray[np.floating]) -> NDArray[np.floating]:
    """The highest value of each cell, (rows, cells) of (rows, cells, length).

    Sample by sample over all cells: numpy's maximum along an axis of a few samples takes ten times as long.
    """
    most = cells[..., 0].copy()
    for index in range(1, cells.shape[-1]):
        np.maximum(most, cells[..., index], out=most)
    return most


class Ramps:
    """Straight lines from cell to cell: a gain for every sample, `length` - 1 samples late, from gain 1 on."""

    def __init__(self, length: int, rows: int = 1) -> None:
        self._length = length
        self._steps = np.stack([np.ones(length), np.arange(1, length + 1) / length]).astype(np.float32)
        self._last = np.ones((rows, 1), np.float32)
        self._ready = np.ones((rows, length - 1), np.float32)

    def process(self, ends: Curve, n_samples: int) -> Block:
        """Gains (rows, n_samples), with the values (rows, cells) at the ends of the cells that are complete by now."""
        corners = np.concatenate([self._last, ends.astype(np.float32)], axis=1)
        self._last = corners[:, -1:]
        # An exact 1 between 1 and 1: gains that rest change no bit.
        lines = np.stack([corners[:, :-1], np.diff(corners)], axis=-1) @ self._steps
        ready = np.concatenate([self._ready, lines.reshape(len(lines), -1)], axis=1)
        self._ready = ready[:, n_samples:].copy()
        return np.asarray(ready[:, :n_samples])
