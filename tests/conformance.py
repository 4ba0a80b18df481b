"""What published implementations compute for given weights: `tests/published`, and how its checkpoints are made."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

PUBLISHED = Path(__file__).parent / "published"


def write_checkpoint(folder: Path, path: Path) -> Path:
    """The folder's checkpoint as the implementation's own torch.save would have written it, its config beside it."""
    layout = json.loads((folder / "layout.json").read_text())
    torch.save(wrapped(layout["wrap"], state_dict(folder, layout)), path)
    for config in folder.glob("config.*"):
        (path.parent / config.name).write_bytes(config.read_bytes())
    return path


def arrays(folder: Path) -> dict[str, Any]:
    """Inputs and outputs of a folder in one dictionary."""
    return {**np.load(folder / "inputs.npz"), **np.load(folder / "outputs.npz")}


def state_dict(folder: Path, layout: dict[str, Any]) -> dict[str, torch.Tensor]:
    """The tensors of a layout in its order: those that are stored, and those that a seed makes."""
    stored = np.load(folder / "fixed.npz") if (folder / "fixed.npz").exists() else {}
    return {
        name: torch.from_numpy(np.array(stored[name]) if entry.get("fixed") else _seeded(name, layout["seed"], **entry))
        for name, entry in layout["parameters"].items()
    }


def _seeded(
    name: str, seed: int, shape: list[int], scale: float = 1.0, orthogonal: bool = False
) -> NDArray[np.float32]:
    """Weights by name, shape and seed, the same on every machine: near 1 where they are gains, small where biases."""
    if orthogonal:
        values = _rotation(_normal(name, seed, shape[:2]) / np.sqrt(shape[1]))[..., None]
        return np.ascontiguousarray(values, np.float32) * np.float32(scale)
    values = _normal(name, seed, shape)
    leaf = name.rpartition(".")[2]
    if leaf == "weight_g":
        values = 0.9 + 0.1 * values
    elif leaf == "bias" or len(shape) == 1:
        values = 0.05 * values + (leaf == "weight")
    elif leaf != "weight_v":
        values = values / np.sqrt(np.prod(shape[1:]))
    return values.astype(np.float32) * np.float32(scale)


def _normal(name: str, seed: int, shape: list[int]) -> NDArray[np.float32]:
    random = np.random.Generator(np.random.PCG64([zlib.crc32(name.encode()), seed]))
    return random.standard_normal(tuple(shape)).astype(np.float32)


def _rotation(values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """An orthonormal matrix of determinant 1."""
    rotation, _ = np.linalg.qr(values.astype(np.float32))
    if np.linalg.det(rotation) < 0:
        rotation[:, 0] *= -1
    return rotation


def wrapped(wrap: Any, state: dict[str, torch.Tensor]) -> Any:
    """The state dict in the checkpoint's outer dicts: where they have "@", or as it is where there are none."""
    if isinstance(wrap, dict):
        return {key: wrapped(value, state) for key, value in wrap.items()}
    return state if wrap in (None, "@") else wrap
