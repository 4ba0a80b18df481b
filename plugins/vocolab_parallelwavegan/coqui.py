"""Parallel WaveGAN in coqui's code: the published names and shapes, and layers that are scaled otherwise."""

from __future__ import annotations

from typing import Any

from vocolab_dialects.coqui import TOP_KEYS
from vocolab_dialects.keys import refuse_contradiction, refuse_unknown
from vocolab_dialects.values import Config, assumed, named, refuse, table

RESIDUAL_SCALE = 0.25
_SIZES = {
    "kernel_size": "kernel_size", "num_res_blocks": "layers", "res_channels": "residual_channels",
    "gate_channels": "gate_channels", "skip_channels": "skip_channels", "upsample_factors": "upsample_scales",
}
_ALLOWED: dict[str, tuple[Any, ...]] = {"in_channels": (1,), "out_channels": (1,), "dropout": (0, 0.0, None)}
_NO_MATTER = ("aux_channels", "stacks", "bias", "use_weight_norm", "inference_padding")
_STACKS = 3


def architecture_of(config: Config, sizes: Config, bands: int) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The keys of `ParallelWaveGanConfig` that shapes don't tell, and what is to be said of them.

    Raises:
        CheckpointError: if the config speaks of other weights, or of a network that is not built here.
    """
    refuse_unknown(config, TOP_KEYS, "a config of coqui's Parallel WaveGAN")
    refuse(config, {"generator_model": ("parallel_wavegan_generator",)}, "the parallelwavegan plugin reads")
    params = table(config, "generator_model_params")
    refuse_unknown(params, {*_SIZES, *_ALLOWED, *_NO_MATTER}, "generator_model_params of coqui's Parallel WaveGAN")
    refuse(params, _ALLOWED, "vocolab's Parallel WaveGAN has")
    refuse_contradiction(named(params, {ours: theirs for theirs, ours in _SIZES.items()}), sizes)
    refuse_contradiction(params, {"aux_channels": bands})
    stacks = params.get("stacks") or _STACKS
    return {"stacks": stacks, "residual_scale": RESIDUAL_SCALE}, assumed(params, {"stacks": stacks}, "coqui's class")
