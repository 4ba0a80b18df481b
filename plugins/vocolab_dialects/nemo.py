"""NeMo's way to write mels: a table `preprocessor` in model_config.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_dialects.keys import refuse_contradiction, refuse_unknown
from vocolab_dialects.values import Config, number, refuse, table, unwrapped, whole

_EXPRESSIBLE: dict[str, tuple[Any, ...]] = {
    "log": (True,), "log_zero_guard_type": ("clamp",), "window": ("hann",), "normalize": (None, ""),
    "preemph": (None, 0, 0.0), "mel_norm": ("slaney",), "frame_splicing": (1,),
}


_SIZES = ("sample_rate", "n_fft", "n_window_size", "window_size", "n_window_stride", "window_stride", "features",
          "nfilt", "lowfreq", "highfreq", "mag_power", "log_zero_guard_value", "exact_pad")
_NO_MATTER = ("_target_", "dither", "pad_to", "pad_value", "use_grads", "stft_conv", "stft_exact_pad", "rng",
              "nb_augmentation_prob", "nb_max_freq", "n_segments", "max_duration", "min_duration", "trim")
"""Noise of training, and what stands behind the last frame."""
_DECIDING = ("sample_rate", "n_window_stride", "lowfreq", "highfreq", "mag_power", "log", "log_zero_guard_type",
             "log_zero_guard_value", "normalize", "preemph")
TABLES = ("preprocessor", "target", "sample_rate", "n_mel_channels", "n_window_size", "n_window_stride", "n_fft",
          "lowfreq", "highfreq", "window", "denoise_strength", "mode", "n_mels", "fmin", "fmax", "pad_value")
"""Keys of model_config.yaml beside the network's: the preprocessor, and values that it refers to."""


def model_table(config: Config) -> Config:
    """What describes the model: the whole of model_config.yaml, or the table `model` of a training's config."""
    inner = table(config, "model") if isinstance(config.get("model"), Mapping) else {}
    return inner if "preprocessor" in inner else config


def has_preprocessor(config: Config) -> bool:
    """Whether a config states mels in this way."""
    return isinstance(model_table(config).get("preprocessor"), Mapping)


def nemo_mels(config: Config, n_mels: int) -> tuple[MelSpec, tuple[str, ...]]:
    """The convention that a preprocessor states, and what had to be assumed about it.

    Raises:
        CheckpointError: if it has what no convention can express, or speaks of other weights.
    """
    values = unwrapped(table(model_table(config), "preprocessor"))
    base = convention("nemo-22k")
    refuse_unknown(values, {*_EXPRESSIBLE, *_SIZES, *_NO_MATTER}, "NeMo's preprocessor")
    refuse_contradiction(values, {"features": n_mels, "nfilt": n_mels})
    absent = [key for key in _DECIDING if key not in values and key.removeprefix("n_") not in values]
    said = (f"{', '.join(absent)} as in nemo-22k: the preprocessor does not say",) if absent else ()
    refuse(values, _EXPRESSIBLE, "a mel convention has (name one with --mel-spec to go on)")
    rate = whole(values, "sample_rate", base.sample_rate)
    win = whole(values, "n_window_size", round(number(values, "window_size", 0.0) * rate) or base.win_samples)
    hop = whole(values, "n_window_stride", round(number(values, "window_stride", 0.0) * rate) or base.hop_samples)
    spec = replace(
        base, sample_rate=rate, n_fft=whole(values, "n_fft", 1 << (win - 1).bit_length()), win_samples=win,
        hop_samples=hop, n_mels=n_mels, fmin_hz=number(values, "lowfreq", 0.0),
        fmax_hz=number(values, "highfreq", rate / 2), power=number(values, "mag_power", 1.0),
        clamp=number(values, "log_zero_guard_value", base.clamp),
        padding="hifigan" if values.get("exact_pad") else "center",
    )
    return spec, said
