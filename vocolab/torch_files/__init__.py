"""What files of torch hold: tensors, numbers, texts and containers of them. Nothing in them is executed.

    torch_zip.py, torch_legacy.py, storages.py              the formats, and the numbers in them
    inert_pickle.py, torch_globals.py, pickled_object.py    pickles without running them
    limits.py, dangerous_names.py                           what is bounded, and what is named as an attack
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from vocolab.torch_files.pickled_object import PickledObject
from vocolab.torch_files.torch_legacy import read_torch_legacy
from vocolab.torch_files.torch_zip import read_torch_zip

__all__ = ["PickledObject", "is_torch_file", "read_torch"]

_LEGACY_MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa85019")
"""A pickle of the number that torch put in front of its files before they were zip archives."""


def is_torch_file(start: bytes, members: Iterable[str] = ()) -> bool:
    """Whether a file is torch's that begins like that, and holds these members where it is a zip archive."""
    return start.startswith(_LEGACY_MAGIC) or any(name.endswith("/data.pkl") for name in members)


def read_torch(stream: IO[bytes], data: NDArray[np.uint8], name: str) -> Any:
    """The object in a file of torch; its tensors look into `data`, which holds the whole file.

    Args:
        stream: The same file, to be read from its beginning.
        data: Its bytes.
        name: What messages call it.

    Raises:
        UnsafePickle: if it asks for more than tensors and containers.
        CheckpointError: if it is truncated, or not torch's.
    """
    read = read_torch_zip if data[:2].tobytes() == b"PK" else read_torch_legacy
    return read(stream, data, name)
