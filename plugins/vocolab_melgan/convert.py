"""Published MelGAN checkpoints to voices."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.checkpoints import Checkpoint, Conversion, as_arrays, fold_weight_norm, weight_norm_spelling
from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_melgan.names import Found, find_generator
from vocolab_melgan.projects import PROJECTS, Proved
from vocolab_melgan.vocoder import build_generator

Tensors = dict[str, NDArray[np.float32]]


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is a MelGAN generator, else None."""
    found = find_generator(checkpoint.content)
    return None if found is None else _layout(found)


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in a generator's checkpoint; `mel_spec` overrides what its config says.

    Raises:
        CheckpointError: if it is no generator, lacks a config that it needs, or does not fit it.
    """
    found = find_generator(checkpoint.content)
    if found is None:
        raise CheckpointError("not a MelGAN generator: no list of layers in any known spelling", about=checkpoint.path)
    tensors = fold_weight_norm(as_arrays(found.state, checkpoint.path))
    sizes = sizes_of(tensors)
    proved = Proved(int(tensors["pre.weight"].shape[1]), sizes, found.buffers)
    project = PROJECTS[found.naming.project](checkpoint, proved, mel_spec)
    architecture = {**sizes, **project.config}
    voice = Voice("melgan", architecture, project.spec, {**tensors, **_zero_biases(tensors)})
    build_generator(voice)  # refuses what does not fit, before anything is written
    return Conversion(voice, _layout(found), project.assumptions)


def sizes_of(tensors: Tensors) -> dict[str, Any]:
    """The config that the shapes speak of; kernels of upsampling are twice their rates in every published code.

    Raises:
        CheckpointError: if a layer that says a size is missing or has other dimensions.
    """
    for name in ("pre.weight", "ups.0.weight", "stages.0.0.dilated.weight", "post.weight"):
        if name not in tensors or tensors[name].ndim != 3:
            raise CheckpointError(f"not a MelGAN generator: {name}, with three axes, is missing")
    stages = len({name for name in tensors if re.fullmatch(r"ups\.\d+\.weight", name)})
    blocks = len({name for name in tensors if re.fullmatch(r"stages\.0\.\d+\.dilated\.weight", name)})
    return {
        "upsample_rates": [int(tensors[f"ups.{stage}.weight"].shape[2]) // 2 for stage in range(stages)],
        "channels": int(tensors["pre.weight"].shape[0]), "blocks": blocks,
            "bands": int(tensors["post.weight"].shape[0]),
        "kernel_size": int(tensors["pre.weight"].shape[2]),
        "block_kernel_size": int(tensors["stages.0.0.dilated.weight"].shape[2]),
    }


def _layout(found: Found) -> str:
    return f"{found.naming.project}'s names, {weight_norm_spelling(found.state)}"


def _zero_biases(tensors: Tensors) -> Tensors:
    """Biases, all zero, for a generator that has none at all."""
    if any(name.endswith(".bias") for name in tensors):
        return {}
    layers = {name.removesuffix(".weight"): tensor for name, tensor in tensors.items()}
    return {
        f"{name}.bias": np.zeros(tensor.shape[1 if name.startswith("ups.") else 0], np.float32)
        for name, tensor in layers.items()
    }
