"""Reads the conformance folders: what published implementations compute for given weights."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch


def write_checkpoint(folder: Path, path: Path) -> Path:
    """The folder's checkpoint as the implementation's own torch.save would have written it, its config beside it."""
    sys.path.insert(0, str(folder.parent))
    try:
        from checkpoint import checkpoint  # type: ignore[import-not-found]
    finally:
        sys.path.pop(0)
    torch.save(checkpoint(folder), path)
    for config in folder.glob("config.*"):
        (path.parent / config.name).write_bytes(config.read_bytes())
    return path


def arrays(folder: Path) -> dict[str, Any]:
    """Inputs and outputs of a folder in one dictionary."""
    return {**np.load(folder / "inputs.npz"), **np.load(folder / "outputs.npz")}
