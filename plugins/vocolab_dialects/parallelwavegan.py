"""ParallelWaveGAN's way to write mels: sizes in config.yml, statistics of every band in a file of their own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from vocolab.checkpoints import Checkpoint, as_arrays
from vocolab.errors import CheckpointError
from vocolab.given_files import open_given
from vocolab.mels.conventions import convention
from vocolab.mels.npy import read_npy
from vocolab.mels.spec import MelSpec
from vocolab_dialects.hdf5 import read_arrays
from vocolab_dialects.values import Config, number, refuse, whole

Statistics = tuple[tuple[float, ...], tuple[float, ...]]

MEL_KEYS = frozenset({
    "sampling_rate", "fft_size", "hop_size", "win_length", "window", "num_mels", "fmin", "fmax", "global_gain_scale",
    "format", "log_base", "trim_silence", "trim_threshold_in_db", "trim_frame_size", "trim_hop_size", "generator_type",
    "generator_params", "version", "pqmf_params", "use_noise_input", "use_f0_and_excitation", "use_local_condition",
    "use_global_condition", "sampling_rate_for_feats", "eps", "min_amplitude", "stats",
})
"""Keys of config.yml that are read, or are known to change neither network nor mels."""
_ALLOWED: dict[str, tuple[Any, ...]] = {
    "sampling_rate_for_feats": (None,), "use_f0_and_excitation": (None, False), "use_local_condition": (None, False),
    "use_global_condition": (None, False),
}
_FLOOR = 1e-10
_RECIPE = ("mels as ParallelWaveGAN makes them (log10 from 1e-10 where it names no base, Slaney filters, centred): its "
           "config has sizes")


def pwg_mels(
    config: Config, checkpoint: Checkpoint, buffers: Mapping[str, Any], n_mels: int, given: MelSpec | None
) -> tuple[MelSpec, tuple[str, ...]]:
    """The convention of a checkpoint's mels, and what had to be assumed about it.

    Args:
        config: config.yml's.
        checkpoint: Where stats.npy or stats.h5 lies beside the weights.
        buffers: Tensors `mean` and `scale`, where the weights carry them.
        n_mels: How many bands the weights take.
        given: The convention that the user named; statistics that are there complete it.

    Raises:
        CheckpointError: if sizes or statistics are missing, or a value can't be expressed.
    """
    assumed = []
    statistics = statistics_of(checkpoint, buffers)
    if given is None:
        if statistics is None:
            raise CheckpointError(
                "ParallelWaveGAN's mels are normalised by statistics that are not in the checkpoint: put its "
                "stats.npy or "
                "stats.h5 beside it, or name the convention with --mel-spec"
            )
        given = _convention(config, n_mels)
        assumed.append(_RECIPE)
        gain = number(config, "global_gain_scale", 1.0)
        if gain != 1.0:
            assumed.append(f"mels of audio at {gain:g} times its level, as global_gain_scale says")
    if statistics is None and given.mean is None:
        assumed.append("mels that are not normalised: no mean and scale were found")
    elif statistics is not None and given.mean is None:
        given = given.with_statistics(*statistics)
    return given, tuple(assumed)


def _convention(config: Config, n_mels: int) -> MelSpec:
    lacking = [key for key in ("sampling_rate", "fft_size", "hop_size") if config.get(key) is None]
    if lacking:
        raise CheckpointError(f"the config lacks {', '.join(lacking)}: give it, or name the convention with --mel-spec")
    refuse(config, _ALLOWED, "vocolab's mels have")
    rate, n_fft = whole(config, "sampling_rate", 0), whole(config, "fft_size", 0)
    base, gain = _logarithm(config)
    return replace(
        convention("pwg-22k"), sample_rate=rate, n_fft=n_fft, win_samples=whole(config, "win_length", n_fft),
        hop_samples=whole(config, "hop_size", 0), n_mels=whole(config, "num_mels", n_mels),
        fmin_hz=number(config, "fmin", 0.0), fmax_hz=number(config, "fmax", rate / 2), window=_window(config),
        log_base=base, log_gain=gain, clamp=number(config, "eps", _FLOOR),
    )


def _logarithm(config: Config) -> tuple[Any, float]:
    """Base and gain; a `log_base` that is there and null is the natural one, and one that is not there is 10."""
    if "log_base" not in config:
        return "10", 1.0
    if config["log_base"] is None:
        return "e", 1.0
    base = number(config, "log_base", 10.0)
    if base == 10.0:
        return "10", 1.0
    if base == 2.0:
        return "e", 1 / math.log(2.0)
    raise CheckpointError(f"the config's log_base is {base:g}; ParallelWaveGAN has 2, 10 and null, the natural "
                          f"logarithm")


def _window(config: Config) -> Any:
    window = config.get("window", "hann")
    known = {"hann": "hann", "hanning": "hann", "hamming": "hamming"}
    if window not in known:
        allowed = " or ".join(sorted(set(known)))
        raise CheckpointError(f"the config's window is {window!r}; a mel convention has {allowed}")
    return known[window]


def statistics_of(checkpoint: Checkpoint, buffers: Mapping[str, Any]) -> Statistics | None:
    """Mean and scale of every band, from the weights or from the file beside them."""
    if {"mean", "scale"} <= set(buffers):
        arrays: Any = as_arrays(dict(buffers), checkpoint.path)
        return tuple(map(float, arrays["mean"].ravel())), tuple(map(float, arrays["scale"].ravel()))
    for name, read in (("stats.npy", _from_npy), ("stats.h5", _from_h5)):
        path = checkpoint.beside(name)
        if path is not None:
            mean, scale = read(path)
            return tuple(map(float, np.ravel(mean))), tuple(map(float, np.ravel(scale)))
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
    arrays = read_arrays(path)
    if not {"mean", "scale"} <= set(arrays):
        raise CheckpointError("holds no statistics with mean and scale", about=path)
    return arrays["mean"], arrays["scale"]
