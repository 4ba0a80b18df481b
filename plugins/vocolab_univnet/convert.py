"""Published UnivNet checkpoints to voices."""

from __future__ import annotations

import re
from typing import Any

from vocolab.checkpoints import (
    Checkpoint,
    Conversion,
    as_arrays,
    fold_weight_norm,
    renamed,
    state_dict_with,
    weight_norm_spelling,
)
from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_dialects.hifigan import RECIPE, SIZE_KEYS, flattened, recipe_mels
from vocolab_dialects.keys import refuse_contradiction, refuse_unknown
from vocolab_dialects.values import Config, assumed, table
from vocolab_univnet import transformers
from vocolab_univnet.config import UnivNetConfig
from vocolab_univnet.sizes import LAYER_KERNEL
from vocolab_univnet.vocoder import build_generator

_PLACES = ("model_g", "generator", "model.generator", "model", "state_dict", "")
_PREFIXES = ("module.", "generator.")
_SIGNS = (r"res_stack\.0\.kernel_predictor\.", r"conv_pre\.", r"conv_post\.1\.")
_RULES = (
    (r"conv_pre\.(.+)", r"pre.\1"),
    (r"conv_post\.1\.(.+)", r"post.\1"),
    (r"res_stack\.(\d+)\.convt_pre\.1\.(.+)", r"stages.\1.up.\2"),
    (r"res_stack\.(\d+)\.conv_blocks\.(\d+)\.1\.(.+)", r"stages.\1.convs.\2.\3"),
    (r"res_stack\.(\d+)\.kernel_predictor\.input_conv\.0\.(.+)", r"stages.\1.predictor.input_conv.\2"),
    (r"res_stack\.(\d+)\.kernel_predictor\.residual_convs\.(\d+)\.1\.(.+)", r"stages.\1.predictor.residuals.\2.0.\3"),
    (r"res_stack\.(\d+)\.kernel_predictor\.residual_convs\.(\d+)\.3\.(.+)", r"stages.\1.predictor.residuals.\2.1.\3"),
    (r"res_stack\.(\d+)\.kernel_predictor\.(kernel_conv|bias_conv)\.(.+)", r"stages.\1.predictor.\2.\3"),
)
_CONFIG_TABLES = ("audio", "gen", "mpd", "mrd", "mel", "log")
_AUDIO_NO_MATTER = ("segment_length", "pad_short")
_SLOPE = 0.2


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is a UnivNet generator, else None."""
    state = _state(checkpoint.content)
    whose = "transformers' names" if state is not None and _is_transformers(state) else "official"
    return None if state is None else f"{whose}, {weight_norm_spelling(state)}"


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in a generator's checkpoint, its config inside as `hp_str` or beside it.

    Raises:
        CheckpointError: if it is no generator, lacks a config that it needs, or does not fit it.
    """
    state = _state(checkpoint.content)
    if state is None:
        raise CheckpointError("not a UnivNet: it has no res_stack with a kernel_predictor", about=checkpoint.path)
    theirs = _is_transformers(state)
    tensors = fold_weight_norm(as_arrays(renamed(state, transformers.RULES if theirs else _RULES), checkpoint.path))
    config = (checkpoint.config or {}) if mel_spec is not None else checkpoint.wanted_config()
    sizes = _sizes(tensors)
    bands = int(tensors["stages.0.predictor.input_conv.weight"].shape[1])
    stated, said = (
        transformers.architecture_of(config, sizes, bands) if theirs or transformers.speaks(config)
        else _stated(config, sizes)
    )
    architecture = {**sizes, **stated}
    of_mels: tuple[str, ...] = ()
    if mel_spec is None:
        mel_spec, of_mels = transformers.mels_of(checkpoint, bands) if theirs else _mels(config, bands)
    voice = Voice("univnet", architecture, mel_spec, tensors)
    build_generator(voice)  # refuses what does not fit, before anything is written
    return Conversion(voice, recognise(checkpoint) or "", (*of_mels, *said))


def _state(content: Any) -> dict[str, Any] | None:
    found = state_dict_with(content, _SIGNS, _PLACES, _PREFIXES)
    return state_dict_with(content, transformers.SIGNS, _PLACES, _PREFIXES) if found is None else found


def _is_transformers(state: dict[str, Any]) -> bool:
    return not any(name.startswith("res_stack.") for name in state)


def _stated(config: Config, sizes: Config) -> tuple[dict[str, Any], tuple[str, ...]]:
    refuse_unknown(config, _CONFIG_TABLES, "a config of UnivNet")
    values = table(config, "gen")
    refuse_unknown(values, UnivNetConfig.model_fields, "the table gen of UnivNet")
    refuse_contradiction(values, {key: value for key, value in sizes.items() if key != "dilations"})
    return dict(values), assumed(values, {"dilations": sizes["dilations"], "lReLU_slope": _SLOPE}, "UnivNet")


def _mels(config: Config, bands: int) -> tuple[MelSpec, tuple[str, ...]]:
    audio = flattened(table(config, "audio") or table(config, "mel"))
    refuse_unknown(audio, {*SIZE_KEYS, *_AUDIO_NO_MATTER}, "the table audio of UnivNet")
    return recipe_mels(audio, bands), (RECIPE,)


def _sizes(tensors: dict[str, Any]) -> dict[str, Any]:
    pre, kernels = tensors.get("pre.weight"), tensors.get("stages.0.predictor.kernel_conv.weight")
    if pre is None or kernels is None or not pre.ndim == kernels.ndim == 3:
        raise CheckpointError("not a UnivNet: conv_pre or the first kernel_conv, with three axes, is missing")
    stages = len({name for name in tensors if re.fullmatch(r"stages\.\d+\.up\.weight", name)})
    width = int(pre.shape[0])
    layers = int(kernels.shape[0]) // (2 * width * width * LAYER_KERNEL)
    return {
        "noise_dim": int(pre.shape[1]), "channel_size": width, "dilations": [3**layer for layer in range(layers)],
        "strides": [int(tensors[f"stages.{stage}.up.weight"].shape[2]) // 2 for stage in range(stages)],
        "kpnet_conv_size": int(kernels.shape[2]), "kpnet_channels": int(kernels.shape[1]),
    }
