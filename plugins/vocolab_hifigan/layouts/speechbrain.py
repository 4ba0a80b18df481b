"""The dialect of SpeechBrain: hyperparams.yaml, whose convolutions pad by reflection.

SpeechBrain repeats five frames at either end before it renders and leaves their sound in; that is how it calls the
network and no part of it, so a voice does not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.values import Config, named, number, refuse, table, whole
from vocolab_hifigan.layouts.dialect import Dialect, Graph, Mels, Weights

_KEYS = {
    "upsample_initial_channel": "upsample_initial_channel", "upsample_rates": "upsample_factors",
    "upsample_kernel_sizes": "upsample_kernel_sizes", "resblock_kernel_sizes": "resblock_kernel_sizes",
    "resblock_dilation_sizes": "resblock_dilation_sizes",
}
_SIZES = {"sample_rate": "sample_rate", "n_fft": "n_fft", "win_samples": "win_length", "hop_samples": "hop_length"}
_ALLOWED: dict[str, tuple[Any, ...]] = {"cond_channels": (0, None), "out_channels": (1,)}
_EXPRESSIBLE: dict[str, tuple[Any, ...]] = {
    "norm": ("slaney", None), "mel_scale": ("slaney", "htk"), "dynamic_range_compression": (True, None),
    "min_max_energy_norm": (True, False, None), "center": (True, None), "pad_mode": ("reflect", None),
}
"""The normalisation of the energy is of what it predicts beside the mels."""
_MEL_KEYS = frozenset({*_SIZES.values(), *_EXPRESSIBLE, "n_mel_channels", "mel_fmin", "mel_fmax", "mel_normalized",
                       "power", "n_stft", "sr"})
_NO_MATTER = ("in_channels", "resblock_type", "inference_padding", "conv_post_bias", "conv_pre_weight_norm",
              "conv_post_weight_norm", "speechbrain_interface")
_FUNCTIONS = ("mel_spectogram", "mel_spectrogram")
_OBJECTS = ("generator", "modules", "pretrainer", *_FUNCTIONS)
"""What the other values of hyperparams.yaml are put into."""
_ARGUMENTS = {"f_min": "mel_fmin", "f_max": "mel_fmax", "normalized": "mel_normalized", "n_mels": "n_mel_channels",
              "compression": "dynamic_range_compression"}
"""What the function of the mels calls what stands at the top under another name."""
_DECIDING = ("mel_fmin", "mel_fmax", "power", "norm", "mel_scale", "mel_normalized")


def _graph(config: Config) -> Graph:
    values = _sizes_of(config)
    refuse_unknown(values, {*_KEYS.values(), *_ALLOWED, *_MEL_KEYS, *_NO_MATTER, *_OBJECTS},
                   "hyperparams.yaml of SpeechBrain's HiFi-GAN")
    refuse(values, _ALLOWED, "vocolab's HiFi-GAN has")
    architecture = {**named(values, _KEYS), "conv_padding": "reflect"}
    if "resblock_type" in values:
        architecture["resblock"] = str(values["resblock_type"])
    bands = named(values, {"in_channels": "in_channels"})
    return Graph(architecture, () if values.get("conv_post_bias", True) else ("conv_post",), (), bands)


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    if given is not None:
        return Mels(given)
    config = _mels_of(config)
    refuse(config, _EXPRESSIBLE, "a mel convention has")
    base = convention("speechbrain-22k")
    lacking = [theirs for theirs in (*_SIZES.values(), *_DECIDING) if theirs not in config]
    sizes: dict[str, Any] = {ours: whole(config, theirs, getattr(base, ours)) for ours, theirs in _SIZES.items()}
    spec = replace(
        base, n_mels=weights.n_mels, fmin_hz=number(config, "mel_fmin", base.fmin_hz),
        fmax_hz=number(config, "mel_fmax", base.fmax_hz), power=number(config, "power", 1.0),
        filter_norm="slaney" if config.get("norm", "slaney") else "none", mel_scale=config.get("mel_scale", "slaney"),
        spectrum_scale="window" if config.get("mel_normalized") else "none", **sizes,
    )
    said = f"{', '.join(lacking)} as in speechbrain-22k: the config does not say"
    return Mels(spec, (said,) if lacking else ())


def _sizes_of(config: Config) -> Config:
    """The generator's arguments: at the top of hyperparams.yaml, or where the generator is built from them."""
    own = {key: value for key, value in table(config, "generator").items() if not str(value).startswith("<")}
    return {**own, **config}


def _mels_of(config: Config) -> Config:
    """The config with what the function of the mels is given, where it stands there and not at the top.

    Raises:
        CheckpointError: if the two differ.
    """
    given = {_ARGUMENTS.get(key, key): value for name in _FUNCTIONS for key, value in table(config, name).items()}
    own = {key: value for key, value in given.items() if value is not None and not str(value).startswith("<")}
    for key in own:
        if config.get(key) is not None and config[key] != own[key]:
            raise CheckpointError(f"the config contradicts itself: {key} is {config[key]!r} at its top and "
                                  f"{own[key]!r} where the mels are made")
    return {**config, **own}


SPEECHBRAIN = Dialect("SpeechBrain", lambda config: "upsample_factors" in _sizes_of(config), _graph, _mels,
                      ("SpeechBrain",))
