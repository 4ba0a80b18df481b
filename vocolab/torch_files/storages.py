"""The numbers of a torch file: storages that lie in it, and tensors that look into them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError
from vocolab.torch_files.limits import shown

if TYPE_CHECKING:
    from torch import Tensor

ITEM_BYTES = {
    "float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int64": 8, "int32": 4, "int16": 2, "int8": 1, "uint8": 1,
    "bool": 1, "complex64": 8, "complex128": 16,
}
_MOST_TIMES_THE_FILE = 8
_MOST_AXES = 25
_MOST_LENGTH = 2**63 - 1


class Storages:
    """All storages of one file, and how much its tensors may take together."""

    def __init__(self, path: str, file_bytes: int) -> None:
        self.path = path
        self._left_bytes = _MOST_TIMES_THE_FILE * file_bytes

    def take(self, n_bytes: int) -> None:
        """Count a tensor; tensors that share storages add up to a few times the file at most.

        Raises:
            CheckpointError: if they add up to more.
        """
        self._left_bytes -= n_bytes
        if self._left_bytes < 0:
            raise CheckpointError(
                f"its tensors add up to over {_MOST_TIMES_THE_FILE} times the file",
                about=self.path,
            )


class Storage:
    """A row of numbers in a file; without `data` one of which only the kind is known yet."""

    def __init__(self, owner: Storages, dtype: str, n_items: int, data: NDArray[np.uint8] | None) -> None:
        if data is not None and data.size != n_items * ITEM_BYTES[dtype]:
            raise CheckpointError(
                f"the checkpoint is truncated or damaged: {n_items} numbers of {dtype} need "
                f"{n_items * ITEM_BYTES[dtype]} bytes and there are {data.size}",
                about=owner.path,
            )
        self._owner, self._dtype, self._n_items, self._data = owner, dtype, n_items, data

    def tensor(self, offset: Any, size: Any, stride: Any) -> Tensor:
        """The tensor that looks into this storage, not a copy.

        Raises:
            CheckpointError: if it would look beyond it, or is larger than it.
        """
        if not _is_shape(size) or not _is_shape(stride) or len(size) != len(stride) or not _is_shape((offset,)):
            raise CheckpointError(f"{shown(size)} is not the shape of a tensor", about=self._owner.path)
        n_items = math.prod(size)
        last = offset + sum((length - 1) * step for length, step in zip(size, stride, strict=True))
        if n_items and (last >= self._n_items or n_items > self._n_items):
            raise CheckpointError(
                f"a tensor of the shape {tuple(size)} does not fit its {self._n_items} numbers",
                about=self._owner.path,
            )
        self._owner.take(n_items * ITEM_BYTES[self._dtype])
        if self._data is None or not n_items:
            return self._empty(tuple(size) if not n_items else (0,))
        import torch

        flat = torch.from_numpy(self._aligned(self._data, offset, last)).view(getattr(torch, self._dtype))
        return flat.as_strided(tuple(size), tuple(stride), 0)

    def _aligned(self, data: NDArray[np.uint8], first: int, last: int) -> NDArray[np.uint8]:
        """The bytes from one number to another. The old format puts them at any address; only those are copied."""
        n_bytes = ITEM_BYTES[self._dtype]
        part = data[first * n_bytes : (last + 1) * n_bytes]
        if part.ctypes.data % n_bytes == 0:
            return part
        self._owner.take(part.size)
        return part.copy()

    def _empty(self, size: tuple[int, ...]) -> Tensor:
        import torch

        try:
            return torch.empty(size, dtype=getattr(torch, self._dtype))
        except RuntimeError as error:  # (0, 2**40, 2**40): nothing in it, and too large all the same
            raise CheckpointError(f"{size} is not the shape of a tensor", about=self._owner.path) from error


def _is_shape(numbers: Any) -> bool:
    if not isinstance(numbers, tuple | list) or len(numbers) > _MOST_AXES:
        return False
    return all(type(number) is int and 0 <= number <= _MOST_LENGTH for number in numbers)
