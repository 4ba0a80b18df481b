"""Published Parallel WaveGAN checkpoints to voices."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from vocolab.checkpoints import (
    Checkpoint,
    Conversion,
    as_arrays,
    fold_weight_norm,
    state_dict_with,
    weight_norm_spelling,
)
from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_dialects.coqui import coqui_mels, is_coquis
from vocolab_dialects.keys import refuse_contradiction, refuse_unknown
from vocolab_dialects.parallelwavegan import MEL_KEYS, pwg_mels
from vocolab_dialects.values import Config, assumed, refuse, table
from vocolab_parallelwavegan import coqui
from vocolab_parallelwavegan.config import ParallelWaveGanConfig
from vocolab_parallelwavegan.vocoder import build_generator

_PLACES = ("model.generator", "generator", "model", "state_dict", "model_g", "")
_PREFIXES = ("module.", "generator.")
_SIGNS = (r"first_conv\.", r"upsample_net\.", r"conv_layers\.0\.conv\.", r"last_conv_layers\.")
_BUFFERS = ("mean", "scale")
_ALLOWED: dict[str, tuple[Any, ...]] = {
    "in_channels": (1,), "out_channels": (1,), "use_causal_conv": (False,), "bias": (True, False),
    "upsample_conditional_features": (True,), "upsample_net": ("ConvInUpsampleNetwork",), "dropout_rate": (0.0, None),
}
_UPSAMPLING_ALLOWED: dict[str, tuple[Any, ...]] = {
    "freq_axis_kernel_size": (1,), "interpolate_mode": ("nearest",), "nonlinear_activation": (None,),
    "use_causal_conv": (False,), "nonlinear_activation_params": ({}, None),
}
_STACKS = 3
_LAYOUTS = ("parallelwavegan", "coqui")
_NO_MATTER = ("aux_channels", "dropout", "use_weight_norm", "upsample_params")
_UPSAMPLING_NO_MATTER = ("upsample_scales", "aux_channels", "aux_context_window")


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is a Parallel WaveGAN generator, else None."""
    state = _state(checkpoint.content)
    return None if state is None else f"ParallelWaveGAN's names, {weight_norm_spelling(state)}"


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in a generator's checkpoint; `mel_spec` overrides what its config says.

    Raises:
        CheckpointError: if it is no generator, lacks a config that it needs, or does not fit it.
    """
    state = _state(checkpoint.content)
    if state is None:
        raise CheckpointError("not a Parallel WaveGAN: it has no first_conv and conv_layers", about=checkpoint.path)
    buffers = {name: state[name] for name in _BUFFERS if name in state}
    layers = {name: tensor for name, tensor in state.items() if name not in _BUFFERS}
    tensors = fold_weight_norm(as_arrays(layers, checkpoint.path))
    config = (checkpoint.config or {}) if mel_spec is not None else checkpoint.wanted_config()
    sizes = _sizes(tensors)
    bands = int(tensors["upsample_net.conv_in.weight"].shape[0])
    if is_coquis(config) or (not config and _is_coquis_layout(checkpoint.layout, sizes)):
        stated, said = coqui.architecture_of(config, sizes, bands)
        spec, of_mels = coqui_mels(config) if mel_spec is None else (mel_spec, ())
    else:
        stated, said = _stated(config, sizes, bands)
        spec, of_mels = pwg_mels(config, checkpoint, buffers, bands, mel_spec)
    architecture = {**sizes, **stated}
    voice = Voice("parallelwavegan", architecture, spec, {**tensors, **_zero_biases(tensors)})
    build_generator(voice)  # refuses what does not fit, before anything is written
    return Conversion(voice, recognise(checkpoint) or "", (*said, *of_mels))


def _state(content: Any) -> dict[str, Any] | None:
    return state_dict_with(content, _SIGNS, _PLACES, _PREFIXES)


def _is_coquis_layout(stated: str | None, sizes: dict[str, Any]) -> bool:
    """Whether weights without a config are coqui's: a network of the same names and shapes that scales its layers.

    Raises:
        CheckpointError: if nobody says, and the mel is mixed over one frame, as coqui's code always does.
    """
    if stated is not None:
        if stated not in _LAYOUTS:
            raise CheckpointError(f"Parallel WaveGAN has no layout {stated!r}; it has {' and '.join(_LAYOUTS)}")
        return stated == "coqui"
    if sizes["aux_context_window"] == 0:
        raise CheckpointError(
            "could be of ParallelWaveGAN's code, whose layers are scaled by the root of a half, or of coqui's, where "
            f"it is a quarter; the weights don't tell: give its config, or --layout {' or --layout '.join(_LAYOUTS)}"
        )
    return False


def _stated(config: Config, sizes: dict[str, Any], bands: int) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What shapes don't tell: how the layers are stacked.

    Raises:
        CheckpointError: if the config asks for a network that is not built here, or names what nobody knows.
    """
    refuse_unknown(config, MEL_KEYS, "a config of ParallelWaveGAN")
    refuse(config, {"generator_type": ("ParallelWaveGANGenerator",)}, "the parallelwavegan plugin reads")
    params = table(config, "generator_params")
    known = {*ParallelWaveGanConfig.model_fields, *_ALLOWED, *_NO_MATTER} - {"residual_scale"}
    refuse_unknown(params, known, "generator_params of Parallel WaveGAN")
    refuse(params, _ALLOWED, "vocolab's Parallel WaveGAN has")
    upsampling = table(params, "upsample_params")
    refuse_unknown(upsampling, {*_UPSAMPLING_ALLOWED, *_UPSAMPLING_NO_MATTER}, "upsample_params")
    refuse(upsampling, _UPSAMPLING_ALLOWED, "vocolab's Parallel WaveGAN has")
    refuse_contradiction(params, {"aux_channels": bands, **sizes, "upsample_scales": None})
    refuse_contradiction(upsampling, {"upsample_scales": sizes["upsample_scales"], "aux_channels": bands,
                                      "aux_context_window": sizes["aux_context_window"]})
    said = assumed(params, {"stacks": _STACKS}, "ParallelWaveGAN's class")
    return {"stacks": params.get("stacks", _STACKS)}, said


def _sizes(tensors: dict[str, Any]) -> dict[str, Any]:
    layers = len({name for name in tensors if re.fullmatch(r"conv_layers\.\d+\.conv\.weight", name)})
    conv, skip = tensors.get("conv_layers.0.conv.weight"), tensors.get("conv_layers.0.conv1x1_skip.weight")
    mixing = tensors.get("upsample_net.conv_in.weight")
    if conv is None or skip is None or mixing is None or not conv.ndim == skip.ndim == mixing.ndim == 3:
        raise CheckpointError("not a Parallel WaveGAN: its first layer, with three axes, is missing")
    scales = [
        int(tensor.shape[-1] - 1) // 2
        for name, tensor in sorted(tensors.items(), key=lambda item: [int(n) for n in re.findall(r"\d+", item[0])])
        if re.fullmatch(r"upsample_net\.upsample\.up_layers\.\d+\.weight", name)
    ]
    return {
        "layers": layers, "kernel_size": int(conv.shape[2]), "residual_channels": int(conv.shape[1]),
        "gate_channels": int(conv.shape[0]), "skip_channels": int(skip.shape[0]),
        "aux_context_window": int(mixing.shape[2]) // 2, "upsample_scales": scales,
    }


def _zero_biases(tensors: dict[str, Any]) -> dict[str, Any]:
    """The biases of the WaveNet's layers, for one that was built without them."""
    layers = {
        name.removesuffix(".weight"): tensor for name, tensor in tensors.items()
        if re.fullmatch(r"conv_layers\.\d+\.conv(1x1_out|1x1_skip)?\.weight", name)
    }
    if any(f"{name}.bias" in tensors for name in layers):
        return {}
    return {f"{name}.bias": np.zeros(tensor.shape[0], np.float32) for name, tensor in layers.items()}
