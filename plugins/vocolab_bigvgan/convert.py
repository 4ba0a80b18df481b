"""Published BigVGAN checkpoints to voices."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.checkpoints import (
    Checkpoint,
    Conversion,
    as_arrays,
    as_state_dict,
    find_state_dict,
    fold_weight_norm,
    weight_norm_spelling,
    without_prefixes,
)
from vocolab.errors import CheckpointError, listed
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.filters import lowpass_taps
from vocolab_bigvgan.vocoder import build_generator
from vocolab_dialects.hifigan import SIZE_KEYS, flattened, recipe_mels
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.values import refuse

Arrays = dict[str, NDArray[np.float32]]

_PREFIXES = ("module.", "generator.")
_PLACES = ("generator", "model", "state_dict", "")
_FILTERS = (".upsample.filter", ".downsample.lowpass.filter")
_LEAST_TOLERANCE = 1e-4
_ALLOWED: dict[str, tuple[Any, ...]] = {"speaker_embed_dim": (0, None), "gin_channels": (0, None)}
_REQUIRED = ("upsample_rates", "upsample_kernel_sizes", "upsample_initial_channel", "resblock_kernel_sizes",
             "resblock_dilation_sizes", "activation", "snake_logscale")
"""snake_logscale for one: with it and without, the same tensors give other audio."""
_ABOUT_THE_END = "use_tanh_at_final"


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is a BigVGAN generator, else None."""
    state = find_state_dict(checkpoint.content, *_PLACES)
    if state is None:
        return None
    names = without_prefixes(state, *_PREFIXES)
    if not {"resblocks.0.activations.0.act.alpha", "activation_post.act.alpha"} <= set(names):
        return None
    kind = "snakebeta" if "activation_post.act.beta" in names else "snake"
    return f"official, {kind}, {weight_norm_spelling(names)}"


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in `bigvgan_generator.pt`, `{"generator": state dict}`, or in a bare state dict.

    The filters of the activations, which the file carries for each of them, are compared with those that the generator
    computes, and left out. `mel_spec` overrides what the config says.

    Raises:
        CheckpointError: if it does not fit its config, or its filters are others.
    """
    path = checkpoint.path
    state = without_prefixes(as_state_dict(checkpoint.content, path, *_PLACES), *_PREFIXES)
    values = flattened(checkpoint.wanted_config())
    refuse_unknown(values, {*BigVganConfig.model_fields, *SIZE_KEYS, *_ALLOWED}, "a config of BigVGAN")
    refuse(values, _ALLOWED, "vocolab's BigVGAN has")
    if lacking := [key for key in _REQUIRED if key not in values]:
        raise CheckpointError(f"the config lacks {listed(lacking)}, which the weights don't tell: add it")
    tensors = fold_weight_norm(_without_filters(as_arrays(state, path), _tolerance(state), path))
    spec = mel_spec or recipe_mels(values, _bands(tensors, path))
    architecture = {key: values[key] for key in BigVganConfig.model_fields if key in values}
    architecture["resblock"] = str(architecture.get("resblock", "1"))
    assumed = () if _ABOUT_THE_END in values else (f"the config has no {_ABOUT_THE_END}: tanh at the end, as in v1",)
    voice = Voice("bigvgan", architecture, spec, tensors)
    build_generator(voice)  # refuses what does not fit, before anything is written
    return Conversion(voice, recognise(checkpoint) or "named as BigVGAN", assumed)


def _tolerance(state: Mapping[str, Any]) -> float:
    """How far stored filters may be off: by the rounding of the type that they are stored in."""
    import torch

    kinds = {tensor.dtype for name, tensor in state.items() if name.endswith(_FILTERS) and tensor.is_floating_point()}
    return max([_LEAST_TOLERANCE, *(torch.finfo(kind).eps / 2 for kind in kinds)])


def _without_filters(tensors: Arrays, tolerance: float, path: Path) -> Arrays:
    """The tensors but for the filters, which have to be those of the design."""
    taps = lowpass_taps()
    for name, tensor in tensors.items():
        if not name.endswith(_FILTERS):
            continue
        if tensor.size != taps.size or float(np.max(np.abs(tensor.ravel() - taps))) > tolerance:
            raise CheckpointError(
                f"{name} is not the Kaiser-windowed sinc of {taps.size} taps at half band; a generator with other "
                "filters would sound different here",
                about=path,
            )
    return {name: tensor for name, tensor in tensors.items() if not name.endswith(_FILTERS)}


def _bands(tensors: Arrays, path: Path) -> int:
    weight = tensors.get("conv_pre.weight")
    if weight is None or weight.ndim != 3:
        raise CheckpointError("not a BigVGAN generator: conv_pre.weight, with three axes, is missing", about=path)
    return int(weight.shape[1])
