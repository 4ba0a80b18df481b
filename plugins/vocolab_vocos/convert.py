"""Published Vocos checkpoints to voices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from vocolab.checkpoints import as_arrays, read_checkpoint
from vocolab.errors import CheckpointError, VocolabError
from vocolab.mels.conventions import convention
from vocolab.mels.filters import mel_filters
from vocolab.mels.spec import MelSpec
from vocolab.networks import load_tensors
from vocolab.voice import Voice
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator

_FILTERS = "feature_extractor.mel_spec.mel_scale.fb"
_PADDINGS = {"center": "center", "same": "hifigan"}
_FILTER_TOLERANCE = 1e-4


def convert(checkpoint: Path, config: Path | None, mel_spec: MelSpec | None) -> Voice:
    """The voice in `pytorch_model.bin` with `config.yaml` beside it. `mel_spec` overrides what the config says.

    The checkpoint carries its own mel filters; they are compared with those of the convention.

    Raises:
        CheckpointError: if the file is truncated, unsafe, or does not fit its config or the convention.
    """
    content = read_checkpoint(checkpoint)
    blocks = read_config(config or checkpoint.parent / "config.yaml")
    if not isinstance(content, Mapping):
        raise CheckpointError(f"{checkpoint}: holds {type(content).__name__}, not a state dict")
    state = as_arrays(content.get("state_dict", content), checkpoint)
    try:
        spec = mel_spec or mel_spec_of(blocks)
        architecture = {key: blocks["backbone"][key] for key in ("dim", "intermediate_dim", "num_layers")}
        network = VocosGenerator(VocosConfig.model_validate(architecture), spec)
    except (KeyError, TypeError, ValueError, VocolabError) as error:
        raise CheckpointError(f"{checkpoint}: its config describes no Vocos mel model: {error}") from error
    _check_filters(state, spec, checkpoint)
    tensors = {
        name: tensor
        for name, tensor in state.items()
        if name.startswith(("backbone.", "head.")) and name != "head.istft.window"
    }
    load_tensors(network, tensors, "the checkpoint")
    return Voice("vocos", architecture, spec, tensors, {"source": checkpoint.name})


def read_config(path: Path) -> dict[str, dict[str, Any]]:
    """The `init_args` of the three blocks of a published config.yaml. Class paths in it are not followed.

    Raises:
        CheckpointError: if it is missing or has no such blocks.
    """
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        blocks = {name: document[name]["init_args"] for name in ("feature_extractor", "backbone", "head")}
    except OSError as error:
        hint = "put config.yaml beside the checkpoint or give --config"
        raise CheckpointError(f"{path}: no config; {hint}: {error.strerror}") from error
    except (UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise CheckpointError(f"{path}: no Vocos config with feature_extractor, backbone and head: {error}") from error
    return blocks


def mel_spec_of(blocks: Mapping[str, Mapping[str, Any]]) -> MelSpec:
    """The convention of a config: torchaudio's mel with the config's sizes.

    Raises:
        KeyError: if a size is missing.
    """
    features = blocks["feature_extractor"]
    rate = features["sample_rate"]
    return replace(
        convention("vocos-24k"), sample_rate=rate, n_fft=features["n_fft"], win_samples=features["n_fft"],
        hop_samples=features["hop_length"], n_mels=features["n_mels"], fmax_hz=rate / 2,
        padding=_PADDINGS[features.get("padding", "center")],  # type: ignore[arg-type]
    )


def _check_filters(state: Mapping[str, NDArray[np.float32]], spec: MelSpec, checkpoint: Path) -> None:
    """Refuse a convention whose filters are not those that the checkpoint was trained on."""
    if _FILTERS not in state:
        return
    own, trained = mel_filters(spec), state[_FILTERS].T
    if own.shape != trained.shape or float(np.max(np.abs(own - trained))) > _FILTER_TOLERANCE:
        raise CheckpointError(
            f"{checkpoint}: its mel filters {trained.shape} are not those of the convention {own.shape}; "
            "name the right one with --mel-spec"
        )
