"""What tells one set of named arrays from another: a voice's weights, the mels that a run is given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray


def arrays_sha256(arrays: Mapping[str, NDArray[Any]]) -> str:
    """Of names, shapes and values, whatever the order of the names."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.shape}".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
