"""The dialect of coqui's TTS: config.json with the generator's arguments and a table of audio settings."""

from __future__ import annotations

from typing import Any

from vocolab.mels.spec import MelSpec
from vocolab_dialects.coqui import TOP_KEYS, coqui_mels, is_coquis
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.values import Config, named, refuse, table
from vocolab_hifigan.layouts.dialect import Dialect, Graph, Mels, Weights

_KEYS = {
    "upsample_initial_channel": "upsample_initial_channel", "upsample_rates": "upsample_factors",
    "upsample_kernel_sizes": "upsample_kernel_sizes", "resblock_kernel_sizes": "resblock_kernel_sizes",
    "resblock_dilation_sizes": "resblock_dilation_sizes",
}
_ALLOWED: dict[str, tuple[Any, ...]] = {"cond_channels": (0, None), "out_channels": (1,)}
_NO_MATTER = ("in_channels", "resblock_type", "conv_post_bias", "inference_padding", "conv_pre_weight_norm",
              "conv_post_weight_norm", "cond_in_each_up_layer")


def _graph(config: Config) -> Graph:
    refuse(config, {"generator_model": ("hifigan_generator",)}, "the hifigan plugin reads")
    refuse_unknown(config, TOP_KEYS, "a config of coqui's HiFi-GAN")
    values = table(config, "generator_model_params")
    refuse(values, _ALLOWED, "vocolab's HiFi-GAN has")
    refuse_unknown(values, {*_KEYS.values(), *_ALLOWED, *_NO_MATTER}, "generator_model_params of coqui's HiFi-GAN")
    architecture = {**named(values, _KEYS)}
    if "resblock_type" in values:
        architecture["resblock"] = str(values["resblock_type"])
    bands = named(values, {"in_channels": "in_channels"})
    return Graph(architecture, () if values.get("conv_post_bias", True) else ("conv_post",), (), bands)


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    return Mels(given) if given is not None else Mels(*coqui_mels(config))


COQUI = Dialect("coqui", is_coquis, _graph, _mels)
