"""What a published Vocos config says, and what the features that come with the weights say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention, conventions
from vocolab.mels.filters import analysis_window, mel_filters
from vocolab.mels.spec import MelSpec
from vocolab_vocos.config import VocosConfig

Arrays = Mapping[str, NDArray[np.float32]]

FILTERS = "feature_extractor.mel_spec.mel_scale.fb"
WINDOWS = ("feature_extractor.mel_spec.spectrogram.window", "head.istft.window")
_CLASSES = {
    "feature_extractor": "MelSpectrogramFeatures", "backbone": "VocosBackbone", "head": "ISTFTHead",
}
_PADDINGS = {"center": "center", "same": "hifigan"}
_SHAPES = ("dim", "intermediate_dim", "num_layers")


def blocks_of(config: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The `init_args` of the three blocks of a config. Its class paths are read as names and not followed.

    Raises:
        CheckpointError: if a block is missing, or is of a class that is not the mel model's.
    """
    config = _model_of(config)
    blocks = {}
    for name, wanted in _CLASSES.items():
        block = config.get(name)
        if not isinstance(block, Mapping) or not isinstance(block.get("init_args"), Mapping):
            raise CheckpointError(f"not a Vocos config: it has no {name} with init_args")
        found = str(block.get("class_path", wanted)).rpartition(".")[2]
        if found != wanted:
            raise CheckpointError(f"its {name} is {found}; only mel models can be converted, with {wanted}")
        blocks[name] = block["init_args"]
    return blocks


def _model_of(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The table with the three blocks: the config itself, or what Lightning nests as `model` with `init_args`."""
    for key in ("model", "init_args"):
        inner = config.get(key)
        if isinstance(inner, Mapping) and "backbone" not in config:
            config = inner
    return config


def mel_spec_of(blocks: Mapping[str, Mapping[str, Any]]) -> MelSpec:
    """The convention of a config: torchaudio's mel with the config's sizes.

    Raises:
        CheckpointError: if a size is missing, or the head's STFT is another than the features'.
        OptionError: if no convention can have these sizes.
    """
    features, head = blocks["feature_extractor"], blocks["head"]
    missing = [key for key in ("sample_rate", "n_fft", "hop_length", "n_mels") if key not in features]
    if missing:
        raise CheckpointError(f"its feature_extractor lacks {', '.join(missing)}; name the convention with --mel-spec")
    padding = str(features.get("padding", "center"))
    if padding not in _PADDINGS:
        raise CheckpointError(f"its feature_extractor has padding {padding!r}; known are {', '.join(_PADDINGS)}")
    wanted = {"n_fft": features["n_fft"], "hop_length": features["hop_length"], "padding": padding}
    if differing := [key for key, value in wanted.items() if head.get(key, value) != value]:
        key = differing[0]
        raise CheckpointError(f"its head has {key} {head[key]!r} and its features {wanted[key]!r}")
    rate = features["sample_rate"]
    return replace(
        convention("vocos-24k"), sample_rate=rate, n_fft=features["n_fft"], win_samples=features["n_fft"],
        hop_samples=features["hop_length"], n_mels=features["n_mels"], fmax_hz=rate / 2,
        padding=_PADDINGS[padding],  # type: ignore[arg-type]
    )


def architecture_of(blocks: Mapping[str, Mapping[str, Any]] | None, tensors: Arrays) -> dict[str, Any]:
    """The sizes of the network from its config, or from its weights where there is none.

    Raises:
        CheckpointError: if the config lacks one.
    """
    if blocks is not None:
        missing = [key for key in _SHAPES if key not in blocks["backbone"]]
        if missing:
            raise CheckpointError(f"its backbone lacks {', '.join(missing)}")
        return {key: blocks["backbone"][key] for key in _SHAPES}
    inner = tensors.get("backbone.convnext.0.pwconv1.weight")
    if inner is None or inner.ndim != 2:
        raise CheckpointError("not a Vocos model: backbone.convnext.0.pwconv1.weight, with two axes, is missing")
    layers = {name.split(".")[2] for name in tensors if name.startswith("backbone.convnext.")}
    return VocosConfig(dim=inner.shape[1], intermediate_dim=inner.shape[0], num_layers=len(layers)).model_dump()


def check_features(arrays: Arrays, spec: MelSpec, tolerance: float) -> None:
    """Hold the filters and windows that come with the weights against those of the convention.

    Raises:
        CheckpointError: if they are others; names the conventions that have these filters, where there are any.
    """
    filters = arrays.get(FILTERS)
    if filters is not None and not _alike(filters.T, mel_filters(spec), tolerance):
        names = [known.name for known in conventions() if _alike(filters.T, mel_filters(known.spec), tolerance)]
        known = f" but of {', '.join(names)}" if names else ""
        bins, bands = filters.shape if filters.ndim == 2 else (0, 0)
        raise CheckpointError(
            f"its mel filters ({bands} bands of {bins} bins) are not those of the convention{known}; "
            "name the right one with --mel-spec"
        )
    for name in WINDOWS:
        if name in arrays and not _alike(arrays[name], analysis_window(spec), tolerance):
            raise CheckpointError(f"{name} is not the convention's window ({spec.window}, {spec.win_samples} samples)")


def _alike(one: NDArray[np.float32], other: NDArray[np.float32], tolerance: float) -> bool:
    return one.shape == other.shape and float(np.max(np.abs(one - other))) <= tolerance
