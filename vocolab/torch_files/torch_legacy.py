"""torch's file format before 1.6: pickles one after the other, then the numbers.

    pickle   a magic number
    pickle   the version of the format
    pickle   the byte order and sizes of the machine
    pickle   the object; storages in it are persistent ids
    pickle   the keys of the storages, in the order in which they follow
    for each storage: how many numbers (8 bytes, little-endian), and the numbers
"""

from __future__ import annotations

from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError
from vocolab.torch_files.inert_pickle import read_pickle
from vocolab.torch_files.limits import shown
from vocolab.torch_files.storages import ITEM_BYTES, Storage, Storages
from vocolab.torch_files.torch_globals import storage_dtype

_MAGIC = 0x1950A86A20F9469CFC6C
_COUNT_BYTES = 8


def read_torch_legacy(file: IO[bytes], data: NDArray[np.uint8], path: str) -> Any:
    """The object in a torch file; its tensors look into `data`, which holds the whole file.

    The object comes before its numbers, and its pickle says what kind they are: it is read twice.

    Raises:
        UnsafePickle: if its pickle asks for more than tensors and containers.
        CheckpointError: if it is truncated or not torch's.
    """
    stream: Any = _Clipped(file, data.size)
    magic = read_pickle(stream, _no_storages, path)
    if type(magic) is not int or magic != _MAGIC:
        raise CheckpointError("a pickle, but not a checkpoint of torch", about=path)
    read_pickle(stream, _no_storages, path)
    machine = read_pickle(stream, _no_storages, path)
    if isinstance(machine, dict) and machine.get("little_endian") is False:
        raise CheckpointError("its numbers are big-endian; save it again on a little-endian machine", about=path)
    start = stream.tell()
    found = _Found(path, data.size)
    read_pickle(stream, found.note, path)
    keys = read_pickle(stream, _no_storages, path)
    found.locate(keys, data, stream.tell())
    stream.seek(start)
    return read_pickle(stream, found.storage, path)


class _Clipped:
    """A stream that is never asked for more than the file has: Python takes the memory before it reads."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream, self._size = stream, size
        self.readline, self.tell, self.seek = stream.readline, stream.tell, stream.seek

    def read(self, n_bytes: int) -> bytes:
        """At most `n_bytes` more."""
        return self._stream.read(min(n_bytes, self._size))


def _no_storages(_identity: Any) -> Any:
    raise ValueError("a storage where none belongs")


class _Found:
    """The storages of a file: first their kinds, then where they lie."""

    def __init__(self, path: str, file_bytes: int) -> None:
        self._path = path
        self._first, self._second = Storages(path, file_bytes), Storages(path, file_bytes)
        self._kinds: dict[str, tuple[str, int]] = {}
        self._data: dict[str, NDArray[np.uint8]] = {}

    def note(self, identity: tuple[Any, ...]) -> Storage:
        key, dtype, n_items = _parsed(identity)
        self._kinds[key] = (dtype, n_items)
        return Storage(self._first, dtype, n_items, None)

    def locate(self, keys: Any, data: NDArray[np.uint8], position: int) -> None:
        if not isinstance(keys, list) or not all(isinstance(key, str) and key in self._kinds for key in keys):
            raise CheckpointError(
                "the checkpoint is damaged: its storages are not those of its object", about=self._path
            )
        for key in keys:
            dtype, n_items = self._kinds[key]
            end = position + _COUNT_BYTES + n_items * ITEM_BYTES[dtype]
            counted = int.from_bytes(data[position : position + _COUNT_BYTES].tobytes(), "little")
            if end > data.size or counted != n_items:
                raise CheckpointError(f"the checkpoint is truncated: storage {key} is incomplete", about=self._path)
            self._data[key] = data[position + _COUNT_BYTES : end]
            position = end

    def storage(self, identity: tuple[Any, ...]) -> Storage:
        key, dtype, n_items = _parsed(identity)
        if key not in self._data:
            raise CheckpointError(f"the checkpoint lacks the storage {key}", about=self._path)
        return Storage(self._second, dtype, n_items, self._data[key])


def _parsed(identity: tuple[Any, ...]) -> tuple[str, str, int]:
    """Key, dtype and count of a persistent id `("storage", type, key, location, count, view)`."""
    kind, storage_type, key, _location, n_items = identity[:5]
    if kind != "storage" or type(n_items) is not int or n_items < 0 or not isinstance(key, str):
        raise ValueError(f"a persistent id of the kind {shown(kind)}")
    if len(identity) > 5 and identity[5] is not None:
        raise ValueError("a view of a storage, as torch before 0.4 wrote them; save it again with a newer torch")
    return key, storage_dtype(storage_type), n_items
