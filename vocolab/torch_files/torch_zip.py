"""torch's file format since 1.6: a zip file, nothing in it compressed.

    NAME/data.pkl      the pickle; storages in it are persistent ids
    NAME/data/KEY      the numbers of a storage
    NAME/byteorder     "little", in newer files
"""

from __future__ import annotations

import io
import zipfile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError
from vocolab.torch_files.inert_pickle import read_pickle
from vocolab.torch_files.limits import shown
from vocolab.torch_files.storages import Storage, Storages
from vocolab.torch_files.torch_globals import storage_dtype

_LOCAL_HEADER_BYTES = 30
_PICKLE = "data.pkl"


def read_torch_zip(stream: IO[bytes], data: NDArray[np.uint8], path: str) -> Any:
    """The object in a torch file; its tensors look into `data`, which holds the whole file.

    Raises:
        UnsafePickle: if its pickle asks for more than tensors and containers.
        CheckpointError: if it is truncated, compressed, a program of TorchScript, or not torch's.
    """
    members = _Members(stream, data, path)
    storages = Storages(path, data.size)

    def load(identity: tuple[Any, ...]) -> Storage:
        kind, storage_type, key, _location, n_items = identity[:5]
        if kind != "storage" or type(n_items) is not int or n_items < 0 or not isinstance(key, str | int):
            raise ValueError(f"a persistent id of the kind {shown(kind)}")
        dtype = storage_dtype(storage_type)
        return Storage(storages, dtype, n_items, members.bytes_of(f"data/{key}"))

    return read_pickle(io.BytesIO(members.bytes_of(_PICKLE).tobytes()), load, path)


class _Members:
    """The files inside, as ranges of the whole."""

    def __init__(self, stream: IO[bytes], data: NDArray[np.uint8], path: str) -> None:
        self._data, self._path = data, path
        try:
            with zipfile.ZipFile(stream) as archive:
                self._infos = {info.filename: info for info in archive.infolist()}
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise CheckpointError(f"truncated, or not a checkpoint: {error}", about=path) from error
        tops = [name.removesuffix(_PICKLE) for name in self._infos if name.endswith("/" + _PICKLE)]
        if len(tops) != 1 or tops[0].count("/") != 1:
            raise CheckpointError(f"a zip file, but no checkpoint of torch: there is no {_PICKLE} in it", about=path)
        self._top = tops[0]
        if any(name.startswith(f"{self._top}code/") for name in self._infos):
            raise CheckpointError("a TorchScript program; save its state dict instead", about=path)
        order = self._infos.get(f"{self._top}byteorder")
        if order is not None and self.bytes_of("byteorder").tobytes() != b"little":
            raise CheckpointError("its numbers are big-endian; save it again on a little-endian machine", about=path)

    def bytes_of(self, name: str) -> NDArray[np.uint8]:
        """One member's bytes, a part of the whole file and not a copy.

        Raises:
            CheckpointError: if it is missing, compressed, or not inside the file.
        """
        info = self._infos.get(self._top + name)
        if info is None:
            raise CheckpointError(f"the checkpoint lacks {name}", about=self._path)
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise CheckpointError(
                f"{name} claims {info.file_size} bytes in {info.compress_size}; "
                "torch does not compress, so this file is not torch's and was not unpacked",
                about=self._path,
            )
        header = self._data[info.header_offset : info.header_offset + _LOCAL_HEADER_BYTES].tobytes()
        start = info.header_offset + _LOCAL_HEADER_BYTES
        start += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
        if header[:4] != b"PK\x03\x04" or start + info.file_size > self._data.size:
            raise CheckpointError(f"truncated, or not a checkpoint: {name} is not inside the file", about=self._path)
        return self._data[start : start + info.file_size]
