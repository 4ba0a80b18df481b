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
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.values import assumed, refuse
from vocolab_vocos.config import VocosConfig

Arrays = Mapping[str, NDArray[np.float32]]

FILTERS = "feature_extractor.mel_spec.mel_scale.fb"
WINDOWS = ("feature_extractor.mel_spec.spectrogram.window", "head.istft.window")
_CLASSES = {
    "feature_extractor": "MelSpectrogramFeatures", "backbone": "VocosBackbone", "head": "ISTFTHead",
}
_PADDINGS = {"center": "center", "same": "hifigan"}
_SHAPES = ("dim", "intermediate_dim", "num_layers")
_BLOCK_KEYS: dict[str, tuple[str, ...]] = {
    "feature_extractor": ("sample_rate", "n_fft", "hop_length", "n_mels", "padding"),
    "backbone": ("input_channels", *_SHAPES, "layer_scale_init_value", "adanorm_num_embeddings"),
    "head": ("dim", "n_fft", "hop_length", "padding"),
}
_ALLOWED = {"adanorm_num_embeddings": (None, 0)}
_BESIDE = ("class_path", "init_args", "sample_rate", "model", "feature_extractor", "backbone", "head", "trainer",
           "data", "pretrain_mel_steps", "decay_mel_coeff", "ckpt_path", "optimizer", "lr_scheduler")
_DEFAULTS: dict[str, dict[str, Any]] = {
    "feature_extractor": {"sample_rate": 24_000, "n_fft": 1024, "hop_length": 256, "n_mels": 100, "padding": "center"},
    "backbone": {}, "head": {"padding": "same"},
}
"""Those of Vocos' classes."""


def blocks_of(config: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The `init_args` of the three blocks of a config. Its class paths are read as names and not followed.

    Raises:
        CheckpointError: if a block is missing, or is of a class that is not the mel model's.
    """
    refuse_unknown(config, _BESIDE, "a config of Vocos")
    config = _model_of(config)
    refuse_unknown(config, _BESIDE, "a config of Vocos")
    blocks = {}
    for name, wanted in _CLASSES.items():
        block = config.get(name)
        if not isinstance(block, Mapping) or not isinstance(block.get("init_args"), Mapping):
            raise CheckpointError(f"not a Vocos config: it has no {name} with init_args")
        found = str(block.get("class_path", wanted)).rpartition(".")[2]
        if found != wanted:
            raise CheckpointError(f"its {name} is {found}; only mel models can be converted, with {wanted}")
        refuse_unknown(block["init_args"], _BLOCK_KEYS[name], f"the {name} of Vocos")
        refuse(block["init_args"], _ALLOWED, "vocolab's Vocos has")
        blocks[name] = block["init_args"]
    _check_agreement(config.get("sample_rate"), blocks)
    return blocks


def _check_agreement(rate: Any, blocks: Mapping[str, Mapping[str, Any]]) -> None:
    """Hold what stands in two places of a config against each other.

    Raises:
        CheckpointError: naming both.
    """
    features, backbone, head = blocks["feature_extractor"], blocks["backbone"], blocks["head"]
    pairs = (("sample_rate", rate, "feature_extractor has", features.get("sample_rate")),
             ("input_channels", backbone.get("input_channels"), "n_mels of its feature_extractor is",
              features.get("n_mels")),
             ("dim", head.get("dim"), "its backbone has", backbone.get("dim")))
    for key, one, where, other in pairs:
        if one is not None and other is not None and one != other:
            raise CheckpointError(f"the config contradicts itself: {key} is {one}, and {where} {other}")


def defaults_said(blocks: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """What the config leaves to the defaults of Vocos' classes, a sentence a block."""
    said = (assumed(block, _DEFAULTS[name], f"the {name} of Vocos") for name, block in blocks.items())
    return tuple(sentence for sentences in said for sentence in sentences)


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
    features, head = ({**_DEFAULTS[name], **blocks[name]} for name in ("feature_extractor", "head"))
    padding = str(features["padding"])
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
