"""A job: which file becomes which."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """One file to read and one to write."""

    source: Path
    output: Path
