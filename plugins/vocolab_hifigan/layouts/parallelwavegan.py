"""The dialect of kan-bayashi/ParallelWaveGAN: config.yml, and statistics of the mels in a file of their own."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from vocolab.checkpoints import as_arrays
from vocolab.errors import CheckpointError
from vocolab.given_files import open_given
from vocolab.mels.conventions import convention
from vocolab.mels.npy import read_npy
from vocolab.mels.spec import MelSpec
from vocolab_hifigan.layouts.dialect import Config, Dialect, Graph, Mels, Weights, named, number, refuse, table, whole

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
}


def _graph(config: Config) -> Graph:
    refuse(config, {"generator_type": ("HiFiGANGenerator",)}, "the hifigan plugin reads")
    values = {**_DEFAULTS, **table(config, "generator_params")}
    refuse(values, _ALLOWED, "vocolab's HiFi-GAN has")
    kernels = values.get("upsample_kernel_sizes", values.get("upsample_kernal_sizes", [16, 16, 4, 4]))
    architecture = {
        **named(values, _KEYS), "upsample_kernel_sizes": kernels, "upsample_padding": "parallelwavegan",
        "resblock": "1" if values.get("use_additional_convs", True) else "2",
        "leaky_relu_slope": number(table(values, "nonlinear_activation_params"), "negative_slope", 0.1),
    }
    without_bias = () if values.get("bias", True) else (r"resblocks\..*",)
    return Graph(architecture, without_bias)


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    assumptions = []
    if given is None:
        given = _convention(config, weights)
        gain = number(config, "global_gain_scale", 1.0)
        if gain != 1.0:
            assumptions.append(f"mels of audio at {gain:g} times its level, as global_gain_scale says")
    statistics = _statistics(weights)
    if statistics is None and given.mean is None:
        assumptions.append("mels that are not normalised: no mean and scale were found")
    elif statistics is not None and given.mean is None:
        given = given.with_statistics(*statistics)
    return Mels(given, tuple(assumptions))


def _convention(config: Config, weights: Weights) -> MelSpec:
    if _statistics(weights) is None:
        raise CheckpointError(
            "ParallelWaveGAN's mels are normalised by statistics that are not in the checkpoint: put its stats.npy or "
            "stats.h5 beside it, or name the convention with --mel-spec"
        )
    lacking = [key for key in ("sampling_rate", "fft_size", "hop_size") if config.get(key) is None]
    if lacking:
        raise CheckpointError(f"the config lacks {', '.join(lacking)}: give it, or name the convention with --mel-spec")
    rate, n_fft = whole(config, "sampling_rate", 0), whole(config, "fft_size", 0)
    base = number(config, "log_base", 10.0)
    return replace(
        convention("pwg-22k"), sample_rate=rate, n_fft=n_fft, win_samples=whole(config, "win_length", n_fft),
        hop_samples=whole(config, "hop_size", 0), n_mels=whole(config, "num_mels", weights.n_mels),
        fmin_hz=number(config, "fmin", 0.0), fmax_hz=number(config, "fmax", rate / 2),
        log_base="10" if base == 10 else "e",
    )


def _statistics(weights: Weights) -> tuple[tuple[float, ...], tuple[float, ...]] | None:
    """Mean and scale of every band, from the weights or from the file beside them."""
    if {"mean", "scale"} <= set(weights.buffers):
        arrays: Any = as_arrays(weights.buffers, weights.checkpoint.path)
        return tuple(arrays["mean"].ravel()), tuple(arrays["scale"].ravel())
    for name, read in (("stats.npy", _from_npy), ("stats.h5", _from_h5)):
        path = weights.checkpoint.beside(name)
        if path is not None:
            mean, scale = read(path)
            return tuple(map(float, mean)), tuple(map(float, scale))
    return None


def _from_npy(path: Path) -> Any:
    try:
        with open_given(path) as stream:
            values = read_npy(stream, path.stat().st_size)
    except (OSError, ValueError) as error:
        raise CheckpointError(f"not an array with mean and scale: {error}", about=path) from error
    if values.ndim != 2 or values.shape[0] != 2 or values.dtype.kind != "f":
        raise CheckpointError(f"an array of {values.shape}; mean and scale are two rows", about=path)
    return values


def _from_h5(path: Path) -> Any:
    try:
        h5py: Any = import_module("h5py")
    except ImportError as error:
        raise CheckpointError(
            "reading it takes h5py, which is not installed: install it, or save mean and scale as the two "
            "rows of stats.npy beside it",
            about=path,
        ) from error
    try:
        with h5py.File(path, "r") as file:
            return np.asarray(file["mean"]), np.asarray(file["scale"])
    except (OSError, KeyError, ValueError) as error:
        raise CheckpointError(f"holds no statistics with mean and scale: {error}", about=path) from error


PARALLELWAVEGAN = Dialect(
    "ParallelWaveGAN", lambda config: "generator_params" in config, _graph, _mels, ("ParallelWaveGAN",)
)
