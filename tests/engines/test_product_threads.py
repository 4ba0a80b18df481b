"""NumPy's products take one thread once a voice is open; in a process of its own, since that is the whole process's."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

CODE = """
import ctypes, sys
from pathlib import Path
import numpy
import vocolab
def threads():
    for file in Path(numpy.__file__).parent.with_name("numpy.libs").glob("*openblas*"):
        found = getattr(ctypes.CDLL(str(file)), "scipy_openblas_get_num_threads64_", None)
        return found and found()
before = threads()
vocolab.vocoder("harmonic", engine="torch", threads=2)
print(before, threads())
"""


def test_a_voice_that_is_opened_holds_them() -> None:
    told = {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"}
    said = subprocess.run(
        [sys.executable, "-c", CODE], env={**os.environ, **told}, capture_output=True, text=True, check=True
    )
    before, after = said.stdout.split()
    if before != "2":
        pytest.skip("NumPy is built with another library, or there is one processor")
    assert after == "1"
