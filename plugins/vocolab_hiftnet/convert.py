"""Published checkpoints of HiFTNet, and of the HiFT in CosyVoice 1 and 2, to voices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
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
from vocolab_dialects.values import Config, assumed, refuse, table
from vocolab_hifigan.layouts.shapes import completed
from vocolab_hiftnet.config import HiftConfig
from vocolab_hiftnet.vocoder import build_generator

_PLACES = ("generator", "state_dict", "model", "")
_PREFIXES = ("module.", "generator.", "hift.")
_COMMON = (r"m_source\.l_linear\.", r"conv_pre\.", r"ups\.0\.", r"conv_post\.")
_HIFTNET, _HIFT = (r"noise_res\.0\.", r"F0_model\."), (r"source_downs\.0\.", r"f0_predictor\.condnet\.")
_RULES = (
    (r"noise_convs\.(.+)", r"source_downs.\1"),
    (r"noise_res\.(\d+)\.alpha([12])\.(\d+)", r"source_resblocks.\1.activations\2.\3.alpha"),
    (r"noise_res\.(.+)", r"source_resblocks.\1"),
    (r"resblocks\.(\d+)\.alpha([12])\.(\d+)", r"resblocks.\1.activations\2.\3.alpha"),
    (r"F0_model\.(.+)", r"f0_predictor.\1"),
)
_UNUSED = re.compile(r"F0_model\.(detector_conv|bilstm_detector|detector)\..*|.*\.num_batches_tracked")
"""The other half of JDC, which says where somebody sings; F0 does not depend on it. Nor does anything on a count."""
_READ = frozenset({*HiftConfig.model_fields, *SIZE_KEYS})
_HIFT_KEYS = {
    "upsample_rates": "upsample_rates", "upsample_kernel_sizes": "upsample_kernel_sizes",
    "upsample_initial_channel": "base_channels", "resblock_kernel_sizes": "resblock_kernel_sizes",
    "resblock_dilation_sizes": "resblock_dilation_sizes", "source_kernel_sizes": "source_resblock_kernel_sizes",
    "source_dilation_sizes": "source_resblock_dilation_sizes", "voiced_above_hz": "nsf_voiced_threshold",
    "leaky_relu_slope": "lrelu_slope", "audio_limit": "audio_limit",
}
_HIFT_ALLOWED: dict[str, tuple[Any, ...]] = {"nsf_alpha": (0.1,), "nsf_sigma": (0.003,)}
_HIFT_NO_MATTER = ("in_channels", "nb_harmonics", "sampling_rate", "istft_params", "f0_predictor")
_MEL_TABLES = ("feat_extractor", "mel_spec_transform1", "mel")
"""What goes into the network comes first: mel_spec_transform1 is what losses compare."""
_MEL_NO_MATTER = ("center", "partial")
_SAID = {"sampling_rate": 22_050, "istft_params": {"n_fft": 16, "hop_len": 4}, "audio_limit": 0.99, "lrelu_slope": 0.1,
         "nsf_voiced_threshold": 10, "source_resblock_kernel_sizes": [7, 11],
         "source_resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5]]}
_HIFTNET_SAID = {"gen_istft_n_fft": 16, "gen_istft_hop_size": 4}
_HELD_RATE_HZ = 22_050
"""CosyVoice's code makes its source in another way at this rate than at all others."""


@dataclass(frozen=True)
class _Stated:
    """What a config says of a generator."""

    architecture: dict[str, Any]
    """In the keys of `HiftConfig`."""
    said: tuple[str, ...]
    """What it leaves to the code that it is of."""
    mels: Config
    network: Config = field(default_factory=dict)
    """In its own keys, to be held against the weights."""


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is a HiFTNet generator, else None."""
    return _layout(checkpoint, _HIFTNET)


def recognise_hift(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is the HiFT of CosyVoice 1 or 2, else None."""
    return _layout(checkpoint, _HIFT)


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in a HiFTNet's checkpoint, config.json beside it.

    Raises:
        CheckpointError: if it is no generator, lacks a config that it needs, or does not fit it.
    """
    values = flattened(checkpoint.wanted_config())
    refuse_unknown(values, _READ, "a config of HiFTNet")
    refuse(values, {"resblock": ("1", 1)}, "HiFTNet has")
    architecture = {key: values[key] for key in HiftConfig.model_fields if key in values}
    architecture["resblock"] = "1"
    said = assumed(values, _HIFTNET_SAID, "HiFTNet")
    stages = len(architecture.get("upsample_rates", [8, 8]))
    architecture |= {"source_kernel_sizes": [7] * (stages - 1) + [11], "source_dilation_sizes": [[1, 3, 5]] * stages}
    return _converted(checkpoint, mel_spec, "hiftnet", _HIFTNET, _Stated(architecture, said, values))


def convert_hift(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in CosyVoice's `hift.pt`, `cosyvoice.yaml` beside it.

    Raises:
        CheckpointError: as `convert` does.
    """
    config = checkpoint.wanted_config()
    values = table(config, "hift") or config
    if causal := [key for key in values if str(key).startswith("conv_pre_look")]:
        raise CheckpointError(
            f"the config has {causal[0]}, so this is CosyVoice 3's causal HiFT, which draws phases and noise that no "
            "file has; vocolab takes the HiFT of CosyVoice 1 and 2"
        )
    refuse_unknown(values, {*_HIFT_KEYS.values(), *_HIFT_ALLOWED, *_HIFT_NO_MATTER}, "the table hift of CosyVoice")
    refuse(values, _HIFT_ALLOWED, "vocolab's HiFT has")
    architecture = {ours: values[theirs] for ours, theirs in _HIFT_KEYS.items() if theirs in values}
    head = table(values, "istft_params")
    refuse_unknown(head, ("n_fft", "hop_len"), "istft_params of CosyVoice")
    refuse_unknown(table(values, "f0_predictor"), ("num_class", "in_channels", "cond_channels"), "its F0 network")
    architecture |= {
        "gen_istft_n_fft": head.get("n_fft", 16), "gen_istft_hop_size": head.get("hop_len", 4),
        "source_spectrum": "cartesian", "source_padding": "down", "f0_network": "convolutions", "snake_floor": 1e-9,
        "magnitude_limit": 100.0, "audio_limit": values.get("audio_limit", 0.99),
        "source_phase": "held" if values.get("sampling_rate", _HELD_RATE_HZ) == _HELD_RATE_HZ else "between frames",
    }
    mels = next((found for name in _MEL_TABLES if (found := table(config, name))), {})
    refuse_unknown(mels, {*SIZE_KEYS, *_MEL_NO_MATTER}, "CosyVoice's mels")
    refuse(mels, {"center": (False,)}, "vocolab reads CosyVoice's mels with")
    _check_rates(values, mels)
    said = assumed(values, _SAID, "CosyVoice's class")
    return _converted(checkpoint, mel_spec, "hift", _HIFT, _Stated(architecture, said, mels, values))


def _check_rates(values: Config, mels: Config) -> None:
    """Refuse a generator of one rate with mels of another: the rate decides how it makes its source.

    Raises:
        CheckpointError: naming both.
    """
    rate, of_mels = values.get("sampling_rate", _HELD_RATE_HZ), mels.get("sampling_rate")
    if of_mels is not None and rate != of_mels:
        raise CheckpointError(
            f"the config contradicts itself: sampling_rate is {rate} in hift and {of_mels} in its mels"
        )


def _converted(
    checkpoint: Checkpoint, mel_spec: MelSpec | None, model: str, signs: tuple[str, ...], stated: _Stated
) -> Conversion:
    state = _state(checkpoint.content, signs)
    if state is None:
        raise CheckpointError(f"not a {model}: it lacks {signs[0]}", about=checkpoint.path)
    kept = {name: value for name, value in state.items() if not _UNUSED.fullmatch(name)}
    tensors = fold_weight_norm(as_arrays(renamed(kept, _RULES), checkpoint.path))
    tensors = {name: value.ravel() if name.endswith(".alpha") else value for name, value in tensors.items()}
    architecture, of_shapes = completed(stated.architecture, tensors)
    architecture["harmonics"] = int(tensors["m_source.l_linear.weight"].shape[-1])
    predictor = tensors.get("f0_predictor.classifier.weight")
    if model == "hift" and predictor is not None:
        architecture["f0_channels"] = int(predictor.shape[-1])
    bands = int(tensors["conv_pre.weight"].shape[1]) if tensors["conv_pre.weight"].ndim == 3 else 0
    refuse_contradiction(stated.network, {"nb_harmonics": architecture["harmonics"] - 1, "in_channels": bands})
    of_predictor = {"cond_channels": architecture.get("f0_channels"), "in_channels": bands}
    refuse_contradiction(table(stated.network, "f0_predictor"), of_predictor)
    voice = Voice(model, architecture, mel_spec or recipe_mels(stated.mels, bands), tensors)
    build_generator(voice)  # refuses what does not fit, before anything is written
    of_mels = () if mel_spec else (RECIPE,)
    return Conversion(voice, _layout(checkpoint, signs) or "", (*stated.said, *of_shapes, *of_mels))


def _layout(checkpoint: Checkpoint, signs: tuple[str, ...]) -> str | None:
    state = _state(checkpoint.content, signs)
    return None if state is None else f"official, {weight_norm_spelling(state)}"


def _state(content: Any, signs: tuple[str, ...]) -> Mapping[str, Any] | None:
    return state_dict_with(content, (*_COMMON, *signs), _PLACES, _PREFIXES)
