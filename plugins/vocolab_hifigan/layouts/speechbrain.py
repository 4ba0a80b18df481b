"""The dialect of SpeechBrain: hyperparams.yaml, whose convolutions pad by reflection.

SpeechBrain repeats five frames at either end before it renders and leaves their sound in; that is how it calls the
network and no part of it, so a voice does not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_dialects.values import Config, named, number, refuse, table, whole
from vocolab_hifigan.layouts.dialect import Dialect, Graph, Mels, Weights

_KEYS = {
    "upsample_initial_channel": "upsample_initial_channel", "upsample_rates": "upsample_factors",
    "upsample_kernel_sizes": "upsample_kernel_sizes", "resblock_kernel_sizes": "resblock_kernel_sizes",
    "resblock_dilation_sizes": "resblock_dilation_sizes",
}
_SIZES = {"sample_rate": "sample_rate", "n_fft": "n_fft", "win_samples": "win_length", "hop_samples": "hop_length"}
_ALLOWED: dict[str, tuple[Any, ...]] = {"cond_channels": (0,), "out_channels": (1,)}


def _graph(config: Config) -> Graph:
    values = _sizes_of(config)
    refuse(values, _ALLOWED, "vocolab's HiFi-GAN has")
    architecture = {**named(values, _KEYS), "conv_padding": "reflect"}
    if "resblock_type" in values:
        architecture["resblock"] = str(values["resblock_type"])
    return Graph(architecture, () if values.get("conv_post_bias", True) else ("conv_post",))


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    if given is not None:
        return Mels(given)
    refuse(config, {"norm": ("slaney", None), "mel_scale": ("slaney", "htk")}, "a mel convention has")
    base = convention("speechbrain-22k")
    lacking = [theirs for theirs in (*_SIZES.values(), "mel_fmax") if theirs not in config]
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


SPEECHBRAIN = Dialect("SpeechBrain", lambda config: "upsample_factors" in _sizes_of(config), _graph, _mels,
                      ("SpeechBrain",))
