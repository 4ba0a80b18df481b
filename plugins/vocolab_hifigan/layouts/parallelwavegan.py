"""The dialect of kan-bayashi/ParallelWaveGAN: config.yml, and statistics of the mels in a file of their own."""

from __future__ import annotations

from typing import Any

from vocolab.mels.spec import MelSpec
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.parallelwavegan import MEL_KEYS, pwg_mels
from vocolab_dialects.values import Config, assumed, named, number, refuse, table
from vocolab_hifigan.layouts.dialect import Dialect, Graph, Mels, Weights

_KEYS = {
    "upsample_initial_channel": "channels", "upsample_rates": "upsample_scales",
    "resblock_kernel_sizes": "resblock_kernel_sizes", "resblock_dilation_sizes": "resblock_dilations",
}
_DEFAULTS = {  # HiFiGANGenerator's own
    "channels": 512, "upsample_scales": [8, 8, 2, 2], "resblock_kernel_sizes": [3, 7, 11],
    "resblock_dilations": [[1, 3, 5], [1, 3, 5], [1, 3, 5]],
}
_ALLOWED: dict[str, tuple[Any, ...]] = {
    "kernel_size": (7,), "out_channels": (1,), "use_causal_conv": (False,), "nonlinear_activation": ("LeakyReLU",),
    "global_channels": (-1, None),
}
_PARAMS = frozenset({*_DEFAULTS, *_ALLOWED, "in_channels", "upsample_kernel_sizes", "upsample_kernal_sizes",
                     "use_additional_convs", "bias", "nonlinear_activation_params", "use_weight_norm"})
_CLASS, _SLOPE = "ParallelWaveGAN's class", 0.1
_WITHOUT_CONFIG = "slope 0.1 of the activations, as ParallelWaveGAN's class has by default: there is no config"


def _graph(config: Config) -> Graph:
    refuse(config, {"generator_type": ("HiFiGANGenerator",)}, "the hifigan plugin reads")
    if not config:
        return Graph({"upsample_padding": "parallelwavegan"}, (), (_WITHOUT_CONFIG,))
    refuse_unknown(config, MEL_KEYS, "a config of ParallelWaveGAN")
    params = table(config, "generator_params")
    refuse_unknown(params, _PARAMS, "generator_params of ParallelWaveGAN's HiFi-GAN")
    values = {**_DEFAULTS, **params}
    refuse(values, _ALLOWED, "vocolab's HiFi-GAN has")
    kernels = values.get("upsample_kernel_sizes", values.get("upsample_kernal_sizes", [16, 16, 4, 4]))
    architecture = {
        **named(values, _KEYS), "upsample_kernel_sizes": kernels, "upsample_padding": "parallelwavegan",
        "resblock": "1" if values.get("use_additional_convs", True) else "2",
        "leaky_relu_slope": number(table(values, "nonlinear_activation_params"), "negative_slope", _SLOPE),
    }
    without_bias = () if values.get("bias", True) else (r"resblocks\..*",)
    slope = table(values, "nonlinear_activation_params")
    said = (*assumed(params, _DEFAULTS, _CLASS), *assumed(slope, {"negative_slope": _SLOPE}, _CLASS))
    return Graph(architecture, without_bias, said, named(params, {"in_channels": "in_channels"}))


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    return Mels(*pwg_mels(config, weights.checkpoint, weights.buffers, weights.n_mels, given))


PARALLELWAVEGAN = Dialect(
    "ParallelWaveGAN", lambda config: "generator_params" in config, _graph, _mels, ("ParallelWaveGAN",)
)
