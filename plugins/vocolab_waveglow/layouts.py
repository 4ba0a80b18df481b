"""The spellings of WaveGlow checkpoints, all to the names of the published code of today."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.checkpoints import find_state_dict, fold_weight_norm, renamed, without_prefixes
from vocolab.errors import CheckpointError

Arrays = dict[str, NDArray[np.float32]]

PLACES = ("model", "state_dict", "")
_PREFIXES = ("module.1.", "module.", "waveglow.")
_NEMO = ((r"wavenet\.(.+)", r"WN.\1"),)
_DROPPED = re.compile(r"convinv\.\d+\.inv_conv\.(weight|bias)|audio_to_melspec_precessor\..+")
"""NeMo keeps the inverse beside the weight, and its mel filters; both follow from the rest."""
_SECOND, _IN_TURN = "second half", "halves in turn"
_COUPLINGS = {
    _SECOND: ("glow", "glow_2018", "glow_2019", "waveglow", "waveglow_2018", "waveglow_2019"),
    _IN_TURN: ("glow_old", "waveglow_old"),
}
"""Couplings and the layouts by which a user can name them."""
_OF_MODULES = {"glow": _SECOND, "glow_old": _IN_TURN}
"""What the file of a pickled class says."""
_LAYER = re.compile(r"WN\.(\d+)\.(cond|res|skip)_layers\.(\d+)\.(weight|bias)")


def named_state(content: Any) -> dict[str, Any] | None:
    """The tensors of a WaveGlow under today's names, weight norm and old layers as they are; None if it is no WaveGlow.

    Looks at names only.
    """
    state = find_state_dict(content, *PLACES)
    if state is None:
        return None
    stripped = without_prefixes(state, *_PREFIXES)
    names = renamed({name: value for name, value in stripped.items() if not _DROPPED.fullmatch(name)}, _NEMO)
    is_flow = "convinv.0.conv.weight" in names and "upsample.weight" in names
    return names if is_flow and any(name.startswith("WN.0.") for name in names) else None


def has_old_layers(names: Iterable[str]) -> bool:
    """Whether a coupling network's layers are spelled as in the first releases, one by one."""
    return any(".res_layers." in name or ".skip_layers." in name or ".cond_layers." in name for name in names)


def coupling_of(names: Iterable[str], class_name: str, stated: str | None) -> str:
    """Which half of its channels a flow changes: `WaveGlowConfig.coupling`.

    NVIDIA's code has had two couplings under the same names and shapes: glow.py's, and glow_old.py's. Layers that
    are conditioned one by one are spelled so in both; a pickled module's class says which it was, a state dict does '
                                                                       'not.

    Args:
        names: Of the tensors.
        class_name: Of the pickled module, "glow_old.WaveGlow"; empty for a state dict.
        stated: The layout that the user named, or None.

    Raises:
        CheckpointError: if nothing tells, or the user named a layout that there is not.
    """
    of_class = _OF_MODULES.get(class_name.rpartition(".")[0].rpartition(".")[2])
    if stated is not None:
        layout = stated.lower().removesuffix(".py")
        found = next((coupling for coupling, known in _COUPLINGS.items() if layout in known), None)
        if found is None:
            raise CheckpointError(f"WaveGlow has no layout {stated!r}; it has glow and glow_old")
        if of_class is not None and found != of_class:
            raise CheckpointError(f"--layout {stated} contradicts the file, a pickled module of the class {class_name}")
        return found
    if of_class is not None:
        return of_class
    if has_old_layers(names):
        raise CheckpointError(
            "its layers are conditioned one by one, as in two versions of the published code that give different "
            "audio: glow.py of 2018 and 2019, whose flows all change the second half of the channels, and glow_old.py, "
            "whose flows change the halves in turn; the weights don't tell: give --layout glow or --layout glow_old"
        )
    return _SECOND


def folded_and_merged(state: Mapping[str, NDArray[np.float32]]) -> Arrays:
    """Plain weights, the layers of the first releases merged into `cond_layer` and `res_skip_layers`.

    Raises:
        CheckpointError: if layers that belong together are not all there, or do not fit each other.
    """
    tensors = fold_weight_norm(state)
    old = {name: match for name in tensors if (match := _LAYER.fullmatch(name))}
    merged = {name: tensor for name, tensor in tensors.items() if name not in old}
    parts: dict[tuple[str, str, str], dict[int, NDArray[np.float32]]] = {}
    for name, match in old.items():
        flow, kind, layer, leaf = match.groups()
        parts.setdefault((flow, kind, leaf), {})[int(layer)] = tensors[name]
    for (flow, kind, leaf), layers in parts.items():
        if kind == "cond":
            merged[f"WN.{flow}.cond_layer.{leaf}"] = _joined([layers[layer] for layer in sorted(layers)], flow, kind)
        elif kind == "skip":
            merged.update(_res_skip(flow, leaf, layers, parts.get((flow, "res", leaf), {})))
    return merged


def _res_skip(
    flow: str, leaf: str, skip: Mapping[int, NDArray[np.float32]], res: Mapping[int, NDArray[np.float32]]
) -> Arrays:
    """Rows for the next layer's input, then rows for the output; the last layer has output rows alone."""
    last = max(skip)
    missing = [layer for layer in range(last) if layer not in res or layer not in skip]
    if missing:
        raise CheckpointError(f"WN.{flow} lacks res_layers or skip_layers {missing} of {last + 1}")
    return {
        f"WN.{flow}.res_skip_layers.{layer}.{leaf}": (
            _joined([res[layer], rows], flow, "res and skip") if layer < last else rows
        )
        for layer, rows in skip.items()
    }


def _joined(rows: list[NDArray[np.float32]], flow: str, kind: str) -> NDArray[np.float32]:
    try:
        return np.concatenate(rows, axis=0)
    except ValueError as error:
        shapes = ", ".join(str(part.shape) for part in rows)
        raise CheckpointError(f"WN.{flow}: its {kind} layers do not fit together: {shapes}") from error
