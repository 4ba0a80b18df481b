"""Parts of what runs over frames: which axis of an array counts them, and the array between two frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Shape: TypeAlias = Sequence[int | str]
"""As a `Port` states it: "frames", or a multiple, "256*frames", is the length of the axis that counts frames."""
Arrays: TypeAlias = tuple[NDArray[np.float32], ...]


def frames_of(shapes: Iterable[Shape], arrays: Iterable[NDArray[np.float32]]) -> int:
    """How many frames the arrays are of; 0 where none runs over frames."""
    for shape, array in zip(shapes, arrays, strict=True):
        if (axis := _axis(shape)) is not None:
            return int(array.shape[axis]) // _times(shape[axis])
    return 0


def cut(shapes: Iterable[Shape], arrays: Iterable[NDArray[np.float32]], first: int, last: int) -> Arrays:
    """The part of frames `first` to `last` of each array that runs over frames; the others as they are."""
    return tuple(_part(shape, np.asarray(array), first, last) for shape, array in zip(shapes, arrays, strict=True))


def join(shapes: Iterable[Shape], parts: Sequence[Arrays]) -> Arrays:
    """The arrays whose parts follow one another; of what does not run over frames the first."""
    return tuple(
        pieces[0] if (axis := _axis(shape)) is None else np.concatenate(pieces, axis=axis)
        for shape, pieces in zip(shapes, zip(*parts, strict=True), strict=True)
    )


def _part(shape: Shape, array: NDArray[np.float32], first: int, last: int) -> NDArray[np.float32]:
    axis = _axis(shape)
    if axis is None:
        return array
    times, wanted = _times(shape[axis]), [slice(None)] * array.ndim
    wanted[axis] = slice(first * times, last * times)
    return np.ascontiguousarray(array[tuple(wanted)])


def _axis(shape: Shape) -> int | None:
    return next((axis for axis, length in enumerate(shape) if isinstance(length, str) and length.endswith("frames")),
                None)


def _times(length: int | str) -> int:
    return int(str(length).partition("*")[0]) if "*" in str(length) else 1
