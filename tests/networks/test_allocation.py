"""Memory that a network has freed stays with the process; in processes of their own, since it can't be taken back."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's settings")

CODE = """
import resource
import numpy as np
from vocolab.networks.allocation import keep_freed_memory
told = keep_freed_memory()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    arrays = [np.ones(1 << 18, np.float32) for _ in range(4)]
    del arrays
print(told, resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def told_and_faults(**environment: str) -> tuple[str, int]:
    said = subprocess.run(
        [sys.executable, "-c", CODE], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    told, faults = said.stdout.split()
    return told, int(faults)


def test_arrays_are_mapped_once() -> None:
    """Four of 1 MB are 1,024 pages."""
    told, faults = told_and_faults()
    if told == "False":
        pytest.skip("another C library than glibc")
    assert faults < 3_000


def test_what_the_user_has_set_is_left_alone() -> None:
    told, _ = told_and_faults(MALLOC_TRIM_THRESHOLD_="131072")
    assert told == "False"
