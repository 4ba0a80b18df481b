"""An architecture from nothing but the weights, where there is no config.

Shapes tell widths, kernels and how many layers there are. Rates and dilations they do not: the published ones are
taken, and that is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError
from vocolab_hifigan.layouts.dialect import Graph

_UP = re.compile(r"ups\.(\d+)\.weight")
_BLOCK = re.compile(r"resblocks\.(\d+)\.(convs1?)\.(\d+)\.weight")
_DILATIONS = {"1": [1, 3, 5], "2 of 3": [1, 2], "2 of 5": [2, 6], "2 of 7": [3, 12]}


_KEYS = ("upsample_rates", "upsample_kernel_sizes", "upsample_initial_channel", "resblock_kernel_sizes",
         "resblock_dilation_sizes")


def completed(
    stated: Mapping[str, Any], tensors: Mapping[str, NDArray[np.float32]]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """An architecture with what a config leaves open of it from the shapes, and what is to be said of that.

    Raises:
        CheckpointError: if something is open that the shapes don't tell either.
    """
    lacking = [key for key in _KEYS if stated.get(key) is None]
    if not lacking and stated.get("resblock") is not None:
        return dict(stated), ()
    inferred = graph_of(tensors)
    architecture = {**stated, **{key: inferred.config[key] for key in lacking}}
    architecture.setdefault("resblock", inferred.config["resblock"])  # names prove it
    said = f"{', '.join(lacking)} from the shapes, rates and dilations as published: the config does not say"
    return architecture, (said,) if lacking else ()


def graph_of(tensors: Mapping[str, NDArray[np.float32]]) -> Graph:
    """The architecture that folded weights of our names have.

    Raises:
        CheckpointError: if they are no generator's, or not like any published one.
    """
    ups = {int(match[1]): tensor.shape[-1] for name, tensor in tensors.items() if (match := _UP.fullmatch(name))}
    blocks = [(int(m[1]), m[2], int(m[3]), int(t.shape[-1])) for n, t in tensors.items() if (m := _BLOCK.fullmatch(n))]
    if not ups or not blocks or "conv_pre.weight" not in tensors:
        raise CheckpointError("not a HiFi-GAN generator: it has no ups and resblocks")
    a_stage = (1 + max(block[0] for block in blocks)) // len(ups)
    first = {number: kernel for number, _, layer, kernel in blocks if layer == 0}
    kernels = [first.get(index, 0) for index in range(a_stage)]
    resblock = "1" if blocks[0][1] == "convs1" else "2"
    dilations = [_DILATIONS.get("1" if resblock == "1" else f"2 of {kernel}") for kernel in kernels]
    layers = [sum(number == index for number, *_ in blocks) for index in range(a_stage)]
    up_kernels = [int(ups[index]) for index in sorted(ups)]
    if any(known is None or len(known) != count for known, count in zip(dilations, layers, strict=True)):
        raise CheckpointError(
            "there is no config, and the shapes do not tell the dilations of these blocks: give --config"
        )
    config = {
        "resblock": resblock, "upsample_rates": [kernel // 2 for kernel in up_kernels],
        "upsample_kernel_sizes": up_kernels, "upsample_initial_channel": int(tensors["conv_pre.weight"].shape[0]),
        "resblock_kernel_sizes": kernels, "resblock_dilation_sizes": dilations,
    }
    return Graph(config, assumptions=(
        f"upsample_rates {config['upsample_rates']} (half of each kernel), dilations {dilations} and slope 0.1, as "
        "published: there is no config",
    ))
