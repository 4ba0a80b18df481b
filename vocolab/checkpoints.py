"""Reading published checkpoints safely, and folding their weight norm away."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError, UnsafePickle

_SPELLINGS = (
    (".weight_g", ".weight_v"),
    (".parametrizations.weight.original0", ".parametrizations.weight.original1"),
)


def read_checkpoint(path: Path) -> Any:
    """What a torch or safetensors file holds: tensors, numbers, texts and containers of them; nothing is executed.

    Raises:
        UnsafePickle: if the file asks for more than that.
        CheckpointError: if it is missing, truncated, or no checkpoint.
    """
    if not path.is_file():
        raise CheckpointError(f"{path}: there is no such file")
    return _read_safetensors(path) if path.suffix == ".safetensors" else _read_torch(path)


def _read_safetensors(path: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        return dict(load(path.read_bytes()))
    except (SafetensorError, ValueError, KeyError) as error:
        raise CheckpointError(f"{path}: the safetensors file is damaged: {error}") from error


def _read_torch(path: Path) -> Any:
    import pickle
    import warnings

    import torch

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        detail = str(error)
        if "Unsupported global" in detail or "unsupported" in detail.lower() or "weights_only" in detail.lower():
            found = detail.split("GLOBAL ")[1].split(" ")[0] if "GLOBAL " in detail else "something else"
            raise UnsafePickle(
                f"{path}: the pickle asks for {found}, which is no tensor; it was refused and nothing of it was run"
            ) from error
        raise CheckpointError(f"{path}: not a torch checkpoint: {detail.splitlines()[0]}") from error
    except (RuntimeError, EOFError, ValueError, KeyError, AttributeError, IndexError, OSError, TypeError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise CheckpointError(f"{path}: the checkpoint is truncated or no checkpoint: {first}") from error


def as_arrays(state: Mapping[str, Any], path: Path) -> dict[str, NDArray[np.float32]]:
    """A state dict's tensors in float32.

    Raises:
        CheckpointError: if something in it is no tensor, or holds NaN or infinity.
    """
    import torch

    arrays = {}
    for name, tensor in state.items():
        if not isinstance(tensor, torch.Tensor):
            kind = type(tensor).__name__
            raise CheckpointError(f"{path}: {name} is {kind}, not a tensor; is this a generator's state dict?")
        array = tensor.detach().to(torch.float32).numpy() if tensor.is_floating_point() else tensor.numpy()
        if not np.all(np.isfinite(array)):
            raise CheckpointError(f"{path}: {name} holds NaN or infinity; the checkpoint is damaged")
        arrays[str(name)] = array
    return arrays


def fold_weight_norm(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
    """Plain weights w = g * v / ||v||, the norm over every axis but the first, for both of torch's spellings.

    Salimans and Kingma, "Weight Normalization" (2016), eq. 2. Tensors without a partner come back as they are.
    """
    folded: dict[str, NDArray[np.float32]] = {}
    for name, tensor in tensors.items():
        for gain_end, direction_end in _SPELLINGS:
            if name.endswith(gain_end) and name.removesuffix(gain_end) + direction_end in tensors:
                base = name.removesuffix(gain_end)
                folded[base + ".weight"] = _folded(tensor, tensors[base + direction_end])
                break
            if name.endswith(direction_end) and name.removesuffix(direction_end) + gain_end in tensors:
                break
        else:
            folded[name] = tensor
    return folded


def _folded(gain: NDArray[np.float32], direction: NDArray[np.float32]) -> NDArray[np.float32]:
    axes = tuple(range(1, direction.ndim))
    norm = np.sqrt(np.sum(direction.astype(np.float64) ** 2, axis=axes, keepdims=True))
    return np.asarray(gain * (direction / np.maximum(norm, 1e-30)), dtype=np.float32)
