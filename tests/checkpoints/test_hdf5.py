"""Statistics in HDF5: small files that say the same thing ten thousand times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from bounded import bounded
from hdf5_files import hdf5_file

from vocolab.errors import CheckpointError
from vocolab_dialects.hdf5 import read_arrays

ARRAYS = {"mean": np.arange(80.0), "scale": np.arange(1.0, 81.0)}


def test_there_and_back(tmp_path: Path) -> None:
    (tmp_path / "stats.h5").write_bytes(hdf5_file(ARRAYS))
    found = read_arrays(tmp_path / "stats.h5")
    assert {name: array.tolist() for name, array in found.items()} == {n: a.tolist() for n, a in ARRAYS.items()}


def _elsewhere(file: bytes, node: int) -> bytes:
    """The file with a node of 100 equal entries behind its end in the place of the node at `node`."""
    entries = b"SNOD\x01\0" + (100).to_bytes(2, "little") + file[node + 8 : node + 48] * 100
    return file.replace(node.to_bytes(8, "little"), len(file).to_bytes(8, "little"), 1) + entries


def _many_nodes(file: bytes, node: int) -> bytes:
    """The file with a tree behind its end that has the node at `node` 100 times."""
    tree = b"TREE\0\0" + (100).to_bytes(2, "little") + bytes(16) + (bytes(8) + node.to_bytes(8, "little")) * 100
    return file.replace(file.index(b"TREE").to_bytes(8, "little"), len(file).to_bytes(8, "little"), 1) + tree


def _bombs() -> dict[str, bytes]:
    nothing = hdf5_file({f"{number}": np.zeros(0) for number in range(100)})
    large = hdf5_file({"a": np.zeros(100_000)})
    return {
        "more than 10000 messages": _many_nodes(nothing, nothing.index(b"SNOD")),  # 10,000 entries of three each
        "data sets that overlap": _elsewhere(large, large.index(b"SNOD")),
    }


@pytest.mark.parametrize("said", _bombs())
def test_little_that_says_much_is_refused(said: str, tmp_path: Path) -> None:
    (tmp_path / "stats.h5").write_bytes(_bombs()[said])
    outcome = bounded(lambda: read_arrays(tmp_path / "stats.h5"), more_bytes=200_000_000, cpu_s=5)
    assert isinstance(outcome.error, CheckpointError), outcome
    assert said in str(outcome.error)
