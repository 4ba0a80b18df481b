"""State dicts in other people's spellings: where they are, how their names become ours, how weight norm folds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError, listed

Arrays = Mapping[str, NDArray[np.float32]]

_COMPILED = "_orig_mod."
_SPELLINGS = (
    (".weight_g", ".weight_v"),
    (".parametrizations.weight.original0", ".parametrizations.weight.original1"),
)


def find_state_dict(content: Any, *places: str) -> Mapping[str, Any] | None:
    """The state dict at the first of `places` where there is one, else None; cheap, for recognisers.

    A place is a path of keys, as in "model.generator"; "" is the content itself. A state dict is a table in which
    something is a tensor.
    """
    for place in places:
        found = content
        for key in filter(None, place.split(".")):
            found = found.get(key) if isinstance(found, Mapping) else None
        if isinstance(found, Mapping) and any(hasattr(value, "shape") for value in found.values()):
            return found
    return None


def state_dict_with(
    content: Any, signs: Sequence[str], places: Sequence[str], prefixes: Sequence[str]
) -> dict[str, Any] | None:
    """The state dict at the first of `places` that has names for all of `signs`, without `prefixes`; else None.

    A sign is a regular expression which the beginning of a name has to match.
    """
    for place in places:
        found = find_state_dict(content, place)
        state = {} if found is None else without_prefixes(found, *prefixes)
        if all(any(re.match(sign, name) for name in state) for sign in signs):
            return state
    return None


def as_state_dict(content: Any, path: Path, *places: str) -> Mapping[str, Any]:
    """What `find_state_dict` finds.

    Raises:
        CheckpointError: if there is no state dict at any of the places.
    """
    state = find_state_dict(content, *places)
    if state is None:
        holds = f"keys {listed(content, 6)}" if isinstance(content, Mapping) else ""
        raise CheckpointError(f"holds {holds or type(content).__name__}, not a state dict", about=path)
    return state


def without_prefixes(state: Mapping[str, Any], *prefixes: str) -> dict[str, Any]:
    """The state dict, its names without what wrappers leave in front, as in "module."; repeated ones go too.

    What torch.compile puts into a name goes in any case, and wherever it stands: single modules can be compiled.

    Raises:
        CheckpointError: if two names become one.
    """
    stripped: dict[str, Any] = {}
    for name, tensor in state.items():
        short = str(name).replace(_COMPILED, "")
        while short.startswith(prefixes):  # most names have none: asked of all at once
            short = short[len(next(prefix for prefix in prefixes if short.startswith(prefix))):]
        if short in stripped:
            raise _two_tensors(short, name)
        stripped[short] = tensor
    return stripped


def under_prefix(state: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Only what stands under `prefix`, without it: "generator." of a file that holds more than a generator."""
    return {str(name)[len(prefix):]: tensor for name, tensor in state.items() if str(name).startswith(prefix)}


def renamed(state: Mapping[str, Any], rules: Sequence[tuple[str, str]]) -> dict[str, Any]:
    r"""The state dict with every name changed by the first rule whose pattern matches all of it.

    A rule is a regular expression and its replacement, as in (r"upsamples\.(\d+)\.1\.(.+)", r"ups.\1.\2"). A name
    that no rule matches stays.

    Raises:
        CheckpointError: if two names become one.
    """
    compiled = [(re.compile(pattern), replacement) for pattern, replacement in rules]
    result: dict[str, Any] = {}
    for name, tensor in state.items():
        match = next(((found, new) for pattern, new in compiled if (found := pattern.fullmatch(str(name)))), None)
        new_name = match[0].expand(match[1]) if match else str(name)
        if new_name in result:
            raise _two_tensors(new_name, name)
        result[new_name] = tensor
    return result


def as_arrays(state: Mapping[str, Any], path: Path) -> dict[str, NDArray[np.float32]]:
    """A state dict's tensors in float32, whatever they are stored in; whole numbers stay.

    Raises:
        CheckpointError: if something in it is no tensor, or holds NaN or infinity.
    """
    import torch

    arrays = {}
    for name, tensor in state.items():
        if not isinstance(tensor, torch.Tensor):
            kind = type(tensor).__name__
            raise CheckpointError(f"{name} is {kind}, not a tensor; is this a generator's state dict?", about=path)
        array = tensor.detach().to(torch.float32).numpy() if tensor.is_floating_point() else tensor.numpy()
        if not np.all(np.isfinite(array)):
            raise CheckpointError(f"{name} holds NaN or infinity; the checkpoint is damaged", about=path)
        arrays[str(name)] = array
    return arrays


def fold_weight_norm(tensors: Arrays) -> dict[str, NDArray[np.float32]]:
    """Plain weights w = g * v / ||v||, the norm over every axis but the first, for both of torch's spellings.

    Salimans and Kingma, "Weight Normalization" (2016), eq. 2. Tensors without a partner come back as they are.

    Raises:
        CheckpointError: if a gain and a direction do not fit together.
    """
    folded: dict[str, NDArray[np.float32]] = {}
    for name, tensor in tensors.items():
        for gain_end, direction_end in _SPELLINGS:
            if name.endswith(gain_end) and name.removesuffix(gain_end) + direction_end in tensors:
                base = name.removesuffix(gain_end)
                folded[base + ".weight"] = _folded(base, tensor, tensors[base + direction_end])
                break
            if name.endswith(direction_end) and name.removesuffix(direction_end) + gain_end in tensors:
                break
        else:
            folded[name] = tensor
    return folded


def weight_norm_spelling(names: Sequence[str] | Mapping[str, Any]) -> str:
    """How the weight norm of a state dict is spelled, in words, for the name of a layout."""
    if any(name.endswith(".weight_g") for name in names):
        return "weight norm as weight_g and weight_v"
    if any(name.endswith(_SPELLINGS[1][0]) for name in names):
        return "weight norm as parametrizations"
    return "weight norm folded"


def _two_tensors(name: str, spelled: Any) -> CheckpointError:
    return CheckpointError(f"the checkpoint has two tensors for {name}, one of them as {spelled}")


def _folded(name: str, gain: NDArray[np.float32], direction: NDArray[np.float32]) -> NDArray[np.float32]:
    if gain.ndim != direction.ndim or gain.shape[:1] != direction.shape[:1] or gain.size != gain.shape[0]:
        raise CheckpointError(f"{name}: weight norm of {gain.shape} and {direction.shape} does not fit together")
    axes = tuple(range(1, direction.ndim))
    norm = np.sqrt(np.sum(direction.astype(np.float64) ** 2, axis=axes, keepdims=True))
    return np.asarray(gain * (direction / np.maximum(norm, 1e-30)), dtype=np.float32)
