"""Published HiFi-GAN checkpoints to voices, in every spelling that `layouts` knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.checkpoints import Checkpoint, Conversion, as_arrays, fold_weight_norm
from vocolab.errors import CheckpointError, OptionError, naming
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_dialects.keys import refuse_contradiction
from vocolab_hifigan.layouts.coqui import COQUI
from vocolab_hifigan.layouts.dialect import Dialect, Graph, Mels, Weights
from vocolab_hifigan.layouts.names import Found, find_generator
from vocolab_hifigan.layouts.nemo import NEMO
from vocolab_hifigan.layouts.official import OFFICIAL
from vocolab_hifigan.layouts.parallelwavegan import PARALLELWAVEGAN
from vocolab_hifigan.layouts.shapes import completed, graph_of
from vocolab_hifigan.layouts.speechbrain import SPEECHBRAIN
from vocolab_hifigan.layouts.transformers import TRANSFORMERS
from vocolab_hifigan.vocoder import build_generator

_DIALECTS = (COQUI, PARALLELWAVEGAN, NEMO, SPEECHBRAIN, TRANSFORMERS, OFFICIAL)
_WRAPPERS = {"generator": "official", "generator.": "NeMo", "model": "coqui"}
_KINDS = ("conv_pre", "resblocks.", "conv_post")
_BUFFERS = ("mean", "scale")

Tensors = dict[str, NDArray[np.float32]]


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is a HiFi-GAN generator, else None.

    Raises:
        CheckpointError: if it holds the discriminators that go with one.
    """
    found = _found(checkpoint)
    return None if found is None else _layout(found, _dialect(checkpoint, found))


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in a generator's checkpoint; `mel_spec` overrides what its config says.

    Raises:
        CheckpointError: if it is no generator, lacks a config that it needs, or does not fit it.
    """
    path = checkpoint.path
    found = _found(checkpoint)
    if found is None:
        raise CheckpointError(
            "not a HiFi-GAN generator: it has no conv_pre and ups in any known spelling", about=path
        )
    dialect = _dialect(checkpoint, found)
    with naming(path):
        try:
            voice, assumptions = _voice(checkpoint, found, dialect, mel_spec)
        except (OptionError, TypeError, ValueError, IndexError) as error:  # a config with nonsense in it
            raise CheckpointError(str(error)) from error
    return Conversion(voice, _layout(found, dialect), assumptions)


def _voice(
    checkpoint: Checkpoint, found: Found, dialect: Dialect, mel_spec: MelSpec | None
) -> tuple[Voice, tuple[str, ...]]:
    buffers = {name: found.state[name] for name in _BUFFERS if name in found.state}
    layers = {name: tensor for name, tensor in found.state.items() if name not in buffers}
    tensors = fold_weight_norm(as_arrays(layers, checkpoint.path))
    graph = _completed(dialect.graph(checkpoint.config or {}), tensors, stated=checkpoint.config is not None)
    refuse_contradiction(graph.stated, dict.fromkeys(graph.stated, _bands(tensors)))
    mels = _mels(dialect, Weights(checkpoint, buffers, _bands(tensors), _hop_samples(graph)), mel_spec)
    graph = _with_head(graph, tensors, mels.spec)
    voice = Voice("hifigan", graph.config, mels.spec, {**tensors, **_zero_biases(tensors, graph)})
    build_generator(voice)  # refuses what does not fit, before anything is written
    return voice, (*graph.assumptions, *mels.assumptions)


def _completed(graph: Graph, tensors: Tensors, *, stated: bool) -> Graph:
    """What the config leaves open of the architecture, from the shapes, and said; `stated` is whether there is one."""
    config, said = completed(graph.config, tensors)
    said = said if stated or not said else graph_of(tensors).assumptions
    return replace(graph, config=config, assumptions=(*graph.assumptions, *said))


def _with_head(graph: Graph, tensors: Tensors, spec: MelSpec) -> Graph:
    """An iSTFT head that the config does not speak of: FFT from the last layer's outputs, hop from the mels'."""
    outputs = int(tensors["conv_post.weight"].shape[0]) if "conv_post.weight" in tensors else 1
    if outputs == 1 or "gen_istft_n_fft" in graph.config:
        return graph
    n_fft, hop = outputs - 2, spec.hop_samples // _hop_samples(graph)
    said = f"an inverse STFT of {n_fft} with a hop of {hop} as in iSTFTNet, from the shapes and the mels' hop"
    return replace(graph, config={**graph.config, "gen_istft_n_fft": n_fft, "gen_istft_hop_size": hop},
                   assumptions=(*graph.assumptions, said))


def _found(checkpoint: Checkpoint) -> Found | None:
    with naming(checkpoint.path):
        return find_generator(checkpoint.content)


def _dialect(checkpoint: Checkpoint, found: Found) -> Dialect:
    """The dialect of the config; without one, what the names or the wrapping tell."""
    config = checkpoint.config
    by_config = (dialect for dialect in _DIALECTS if config and dialect.speaks(config))
    by_names = (dialect for dialect in _DIALECTS if found.naming in dialect.namings)
    fallback = NEMO if found.place == "generator." and not config else OFFICIAL
    return next(by_config, None) or next(by_names, fallback)


def _layout(found: Found, dialect: Dialect) -> str:
    """In words: whose spelling, how it is wrapped, how its weight norm is written."""
    if found.naming != "hifi-gan":
        whose = f"{found.naming}'s names"
    elif dialect is not OFFICIAL:
        whose = f"{dialect.name}'s checkpoint"
    else:
        whose = _WRAPPERS.get(found.place, "bare state dict" if not found.place else f"generator in {found.place}")
    return f"{whose}, {found.weight_norm}"


def _mels(dialect: Dialect, weights: Weights, given: MelSpec | None) -> Mels:
    config = weights.checkpoint.config
    if config is None and given is None and dialect in (OFFICIAL, COQUI):
        weights.checkpoint.wanted_config()
    return dialect.mels(config or {}, weights, given)


def _bands(tensors: Mapping[str, NDArray[np.float32]]) -> int:
    weight = tensors.get("conv_pre.weight")
    if weight is None or weight.ndim != 3:
        raise CheckpointError("not a HiFi-GAN generator: conv_pre.weight, with three axes, is missing")
    return int(weight.shape[1])


def _hop_samples(graph: Graph) -> int:
    """The product of the rates as far as they make sense; what doesn't is refused with the whole config later."""
    rates: Any = graph.config.get("upsample_rates", [8, 8, 2, 2])
    fine = isinstance(rates, list) and all(type(rate) is int for rate in rates)
    return prod(rates) if fine else 1


def _zero_biases(tensors: Tensors, graph: Graph) -> Tensors:
    """The biases of layers that have none: zero, where the config says so or no layer of the kind has one."""
    layers = [name.removesuffix(".weight") for name in tensors if name.endswith(".weight")]
    bare = {kind for kind in _KINDS if not any(name.startswith(kind) and name.endswith(".bias") for name in tensors)}
    return {
        f"{layer}.bias": np.zeros(tensors[f"{layer}.weight"].shape[0], np.float32)
        for layer in layers
        if f"{layer}.bias" not in tensors and (layer.startswith(tuple(bare)) or any(re.fullmatch(pattern,
            layer) for pattern in graph.without_bias))
    }
