"""What tests of several parts share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Read when torch and numpy's libraries are first imported, here and in every process that a test starts. The tests'
# networks are small: several threads in each of several workers would spend their time waiting for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Tests of engines ask for one; all others run what the plugins wrote, and compile nothing.
os.environ.setdefault("VOCOLAB_ENGINE", "torch")

# How long an example takes says more of a busy machine than of the code.
settings.register_profile("vocolab", deadline=None)
settings.load_profile("vocolab")

# Whoever runs the tests may have a configuration; an empty file is none.
os.environ["VOCOLAB_CONFIG"] = os.devnull

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the repository; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared, which is not here")
    return SHARED
