"""Published HiFi-GAN checkpoints to voices."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.checkpoints import as_arrays, fold_weight_norm, read_checkpoint
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.vocoder import build_generator

_PREFIXES = ("module.", "generator.")


def convert(checkpoint: Path, config: Path | None, mel_spec: MelSpec | None) -> Voice:
    """The voice in an official checkpoint, `{"generator": state dict}` with `config.json` beside it.

    A bare state dict will do as well. Weight norm may be there in either of torch's spellings, or folded. `mel_spec`
    overrides what the config says.

    Raises:
        CheckpointError: if the file is truncated, unsafe, or does not fit its config.
    """
    content = read_checkpoint(checkpoint)
    values = read_config(config or checkpoint.parent / "config.json")
    tensors = fold_weight_norm(as_arrays(_state_dict(content, checkpoint), checkpoint))
    spec = mel_spec or mel_spec_of(values, bands=_bands(tensors, checkpoint))
    architecture = {key: values[key] for key in HifiGanConfig.model_fields if key in values}
    architecture["resblock"] = str(architecture.get("resblock", "1"))
    voice = Voice("hifigan", architecture, spec, tensors, {"source": checkpoint.name})
    build_generator(voice)  # refuses what does not fit, before anything is written
    return voice


def read_config(path: Path) -> dict[str, Any]:
    """A published config.json.

    Raises:
        CheckpointError: if it is missing or no JSON object.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        hint = "put config.json beside the checkpoint or give --config"
        raise CheckpointError(f"{path}: no config; {hint}: {error.strerror}") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CheckpointError(f"{path}: the config is no JSON: {error}") from error
    if not isinstance(values, dict):
        raise CheckpointError(f"{path}: the config is a JSON {type(values).__name__}, not an object")
    return values


def mel_spec_of(values: Mapping[str, Any], *, bands: int) -> MelSpec:
    """The mel convention of a published config: hifi-gan's recipe with the config's sizes.

    Raises:
        CheckpointError: if the config lacks one of the sizes.
    """
    names = {
        "sample_rate": "sampling_rate", "n_fft": "n_fft", "win_samples": "win_size", "hop_samples": "hop_size",
        "fmin_hz": "fmin", "fmax_hz": "fmax",
    }
    missing = [key for key in names.values() if key not in values]
    if missing:
        lacking = ", ".join(missing)
        raise CheckpointError(f"the config lacks {lacking}: give them, or name the convention with --mel-spec")
    sizes = {field: values[key] for field, key in names.items()}
    if sizes["fmax_hz"] is None:
        sizes["fmax_hz"] = sizes["sample_rate"] / 2
    return replace(convention("hifigan-22k"), n_mels=int(values.get("num_mels", bands)), **sizes)


def _state_dict(content: Any, checkpoint: Path) -> Mapping[str, Any]:
    """The generator's state dict, without the prefixes that wrappers leave."""
    if not isinstance(content, Mapping):
        raise CheckpointError(f"{checkpoint}: holds {type(content).__name__}, not a state dict")
    state = content.get("generator", content)
    if not isinstance(state, Mapping):
        raise CheckpointError(f"{checkpoint}: its 'generator' is {type(state).__name__}, not a state dict")
    if "conv_pre.bias" not in state:
        state = {_without_prefix(str(name)): tensor for name, tensor in state.items()}
    if not any(name.startswith("conv_pre.") for name in state):
        some = ", ".join(list(map(str, state))[:4])
        raise CheckpointError(f"{checkpoint}: no HiFi-GAN generator: there is no conv_pre, but {some or 'nothing'}")
    return state


def _without_prefix(name: str) -> str:
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    return name


def _bands(tensors: Mapping[str, NDArray[np.float32]], checkpoint: Path) -> int:
    weight = tensors.get("conv_pre.weight")
    if weight is None or weight.ndim != 3:
        raise CheckpointError(f"{checkpoint}: lacks conv_pre.weight of shape (channels, n_mels, 7)")
    return int(weight.shape[1])
