"""UnivNet in transformers: other names, config.json for the network, preprocessor_config.json for the mels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vocolab.checkpoints import Checkpoint
from vocolab.checkpoints.config_files import read_config
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_dialects.keys import refuse_contradiction, refuse_unknown
from vocolab_dialects.values import Config, assumed, named, number, refuse, whole

SIGNS = (r"resblocks\.0\.kernel_predictor\.", r"conv_pre\.", r"conv_post\.")
RULES = (
    (r"resblocks\.(\d+)\.convt_pre\.(.+)", r"stages.\1.up.\2"),
    (r"resblocks\.(\d+)\.resblocks\.(\d+)\.conv\.(.+)", r"stages.\1.convs.\2.\3"),
    (r"resblocks\.(\d+)\.kernel_predictor\.resblocks\.(\d+)\.conv1\.(.+)",
     r"stages.\1.predictor.residuals.\2.0.\3"),
    (r"resblocks\.(\d+)\.kernel_predictor\.resblocks\.(\d+)\.conv2\.(.+)",
     r"stages.\1.predictor.residuals.\2.1.\3"),
    (r"resblocks\.(\d+)\.kernel_predictor\.(input_conv|kernel_conv|bias_conv)\.(.+)", r"stages.\1.predictor.\2.\3"),
    (r"conv_pre\.(.+)", r"pre.\1"),
    (r"conv_post\.(.+)", r"post.\1"),
)
"""Their names to ours."""
_SIZES = {
    "model_in_channels": "noise_dim", "model_hidden_channels": "channel_size", "resblock_stride_sizes": "strides",
    "kernel_predictor_hidden_channels": "kpnet_channels", "kernel_predictor_conv_size": "kpnet_conv_size",
}
_STATED = ("leaky_relu_slope", "resblock_dilation_sizes", "resblock_kernel_sizes", "kernel_predictor_num_blocks",
           "num_mel_bins")
_NO_MATTER = ("kernel_predictor_dropout", "initializer_range")
_MELS: dict[str, Any] = {"sampling_rate": 24_000, "hop_length": 256, "win_length": 1024, "filter_length": 1024,
                         "fmin": 0.0, "fmax": 12_000.0, "mel_floor": 1e-9, "compression_clip_val": 1e-5}
_MELS_ALLOWED: dict[str, tuple[Any, ...]] = {
    "center": (False, None), "compression_factor": (1, None), "do_normalize": (False, None),
    "win_function": ("hann_window", None),
}
_MELS_NO_MATTER = ("feature_extractor_type", "feature_size", "padding_side", "padding_value", "return_attention_mask",
                   "max_length_s", "model_in_channels", "pad_end_length", "num_mel_bins", "normalize_min",
                   "normalize_max", "processor_class")
_CLASS = "transformers' class"


def speaks(config: Config) -> bool:
    """Whether a config is transformers'."""
    return "model_hidden_channels" in config


def architecture_of(config: Config, sizes: Config, bands: int) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The keys of `UnivNetConfig` that shapes don't tell, and what is to be said of them.

    Raises:
        CheckpointError: if the config speaks of other weights, or of a network that is not built here.
    """
    refuse_unknown(config, {*_SIZES, *_STATED, *_NO_MATTER}, "a config of transformers' UnivNet")
    refuse_contradiction(named(config, {ours: theirs for theirs, ours in _SIZES.items()}), sizes)
    refuse_contradiction(config, {"num_mel_bins": bands})
    refuse(config, {"resblock_kernel_sizes": ([3] * len(sizes["strides"]),), "kernel_predictor_num_blocks": (3,)},
           "vocolab's UnivNet has")
    dilations = config.get("resblock_dilation_sizes") or [sizes["dilations"]]
    if any(stage != dilations[0] for stage in dilations):
        raise CheckpointError(f"the config's resblock_dilation_sizes is {dilations}; vocolab's UnivNet has the same in "
                              "every stage")
    slope = number(config, "leaky_relu_slope", 0.2)
    said = assumed(config, {"leaky_relu_slope": slope, "resblock_dilation_sizes": dilations}, _CLASS)
    return {"lReLU_slope": slope, "dilations": dilations[0]}, said


def mels_of(checkpoint: Checkpoint, bands: int) -> tuple[MelSpec, tuple[str, ...]]:
    """The convention of preprocessor_config.json, or its class's where there is none, and what is to be said.

    Raises:
        CheckpointError: if it has what no convention can express.
    """
    path = checkpoint.beside("preprocessor_config.json")
    config = read_config(path) if path is not None else {}
    refuse_unknown(config, {*_MELS, *_MELS_ALLOWED, *_MELS_NO_MATTER}, "preprocessor_config.json of UnivNet")
    refuse(config, _MELS_ALLOWED, "vocolab reads UnivNet's mels with")
    sizes = {key: number(config, key, value) for key, value in _MELS.items()}
    spec = replace(
        convention("hifigan-22k"), sample_rate=whole(sizes, "sampling_rate", 0), n_fft=whole(sizes, "filter_length", 0),
        win_samples=whole(sizes, "win_length", 0), hop_samples=whole(sizes, "hop_length", 0), n_mels=bands,
        fmin_hz=sizes["fmin"], fmax_hz=sizes["fmax"], magnitude_eps=sizes["mel_floor"],
        clamp=sizes["compression_clip_val"],
    )
    return spec, assumed(config, _MELS, "transformers' feature extractor")
