"""NumPy's headers, read without Python's parser."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from bounded import bounded
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numbers

from vocolab.errors import MelError
from vocolab.mels.npy import read_npy
from vocolab.mels.storage import read_array


def with_header(header: str, numbers: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    data = header.encode("latin-1")
    length = struct.pack("<H" if version == b"\x01\x00" else "<I", len(data))
    return b"\x93NUMPY" + version + length + data + numbers


@given(numbers.arrays(
    st.sampled_from(["<f4", ">f8", "<f2", "|i1", "<i8", "|b1", "<U3", "<c8"]),
    numbers.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)), st.booleans())
def test_what_numpy_writes_comes_out_as_numpy_reads_it(array: np.ndarray, fortran: bool) -> None:
    stream = io.BytesIO()
    np.save(stream, np.asfortranarray(array) if fortran else array)
    size = stream.tell()
    stream.seek(0)
    found = read_npy(stream, size)
    stream.seek(0)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, np.load(stream))
    assert found.flags.writeable


@pytest.mark.parametrize("header", [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", '{"shape":(2,3),"fortran_order":False,"descr":"<f4"}',
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L), }          \n",
])
def test_other_writers_spell_it_otherwise(header: str) -> None:
    values = np.arange(6, dtype="<f4")
    for version in (b"\x01\x00", b"\x02\x00", b"\x03\x00"):
        np.testing.assert_array_equal(read_npy(io.BytesIO(with_header(header, values.tobytes(), version)), 24),
                                      values.reshape(2, 3))


BROKEN = {
    "brackets": "{'descr': " + "(" * 9_900, "sums": "{'descr': " + "1+" * 4_900,
    "minus": "{'shape': (" + "-" * 9_000 + "1)}",
    "cut off": "{'descr': '<f4', 'fortran_order': False, 'shape': (80, \n", "nothing": "", "empty": "{}",
    "too large": "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 1000000000000000000000), }",
    "large and empty": "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 99999999999999999, 99999999999999999)}",
    "more than there is": "{'descr': '<f4', 'fortran_order': False, 'shape': (80, 1000000), }",
    "records": "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
    "records in short": "{'descr': 'f4,f4', 'fortran_order': False, 'shape': (1,), }",
    "objects": "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }",
    "no such type": "{'descr': '<q9', 'fortran_order': False, 'shape': (1,), }",
    "digits": "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1" * 9_000 + ",), }",
    "many axes": "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1," * 4_000 + "), }",
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_header_is_told_at_once(case: str, tmp_path: Path) -> None:
    path = tmp_path / "m.npy"
    path.write_bytes(with_header(BROKEN[case], bytes(64)))
    outcome = bounded(lambda: read_array(path), more_bytes=100_000_000, cpu_s=2)
    assert isinstance(outcome.error, MelError), outcome
    assert "\n" not in str(outcome.error)
