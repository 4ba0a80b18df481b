"""Published NSF-HiFi-GAN checkpoints to voices: with harmonics, and with one sine (pitch-controllable, "pc")."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from vocolab.checkpoints import (
    Checkpoint,
    Conversion,
    as_arrays,
    fold_weight_norm,
    state_dict_with,
    weight_norm_spelling,
)
from vocolab.errors import CheckpointError
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_dialects.hifigan import SIZE_KEYS, flattened, recipe_mels
from vocolab_dialects.keys import refuse_contradiction, refuse_unknown
from vocolab_dialects.values import refuse
from vocolab_hifigan.layouts.shapes import completed
from vocolab_nsf_hifigan.config import NsfHifiGanConfig
from vocolab_nsf_hifigan.vocoder import build_generator

_PLACES = ("generator", "model.generator", "state_dict", "model", "")
_PREFIXES = ("module.", "generator.", "model_gen.", "model.")
_COMMON = (r"conv_pre\.", r"ups\.0\.(weight|bias|parametrizations)", r"resblocks\.0\.convs")
_HARMONICS, _ONE_SINE = (r"m_source\.l_linear\.", r"noise_convs\.0\."), (r"source_conv\.",)
_ELSEWHERE = re.compile(r"(source_downs|noise_res|f0_predictor|F0_model)\..*")
_RECIPE = ("mels as OpenVPI's code makes them (ln from 1e-5, Slaney filters, no centring, nothing added under the "
           "root): the "
           "config has the sizes and no more")
_ALLOWED: dict[str, tuple[Any, ...]] = {"noise_sigma": (0, 0.0, None), "sine_amp": (0.1,), "voiced_threshold": (0,)}
_READ = frozenset({*NsfHifiGanConfig.model_fields, *SIZE_KEYS, "noise_sigma", "sine_amp", "harmonic_num",
                   "voiced_threshold", "mel_vmin", "mel_vmax"})
"""mel_vmin and mel_vmax are the colours of plots."""


def recognise(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is an NSF-HiFi-GAN with harmonics, else None."""
    return _layout(checkpoint, _HARMONICS)


def recognise_pc(checkpoint: Checkpoint) -> str | None:
    """The layout if the checkpoint is a pc-NSF-HiFi-GAN, with one sine, else None."""
    return _layout(checkpoint, _ONE_SINE)


def convert(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The voice in the checkpoint of an NSF-HiFi-GAN with harmonics, its config beside it.

    Raises:
        CheckpointError: if it is no generator, lacks a config that it needs, or does not fit it.
    """
    return _converted(checkpoint, mel_spec, "nsf-hifigan", _HARMONICS)


def convert_pc(checkpoint: Checkpoint, mel_spec: MelSpec | None) -> Conversion:
    """The same of a pc-NSF-HiFi-GAN.

    Raises:
        CheckpointError: as `convert` does.
    """
    return _converted(checkpoint, mel_spec, "pc-nsf-hifigan", _ONE_SINE)


def _converted(
    checkpoint: Checkpoint, mel_spec: MelSpec | None, model: str, signs: tuple[str, ...]
) -> Conversion:
    state = _state(checkpoint.content, signs)
    if state is None:
        raise CheckpointError(f"not a {model}: it lacks {signs[0]}", about=checkpoint.path)
    tensors = fold_weight_norm(as_arrays(state, checkpoint.path))
    values = flattened(checkpoint.wanted_config())
    refuse_unknown(values, _READ, "a config of NSF-HiFi-GAN")
    refuse(values, _ALLOWED, "vocolab's NSF-HiFi-GAN has")
    stated = {key: values[key] for key in NsfHifiGanConfig.model_fields if key in values}
    architecture, said = completed(stated, tensors)
    architecture["resblock"] = str(architecture.get("resblock", "1"))
    mini = model == "pc-nsf-hifigan"
    if architecture.get("mini_nsf", mini) != mini:
        raise CheckpointError(
            f"the config is of another checkpoint: mini_nsf is {architecture['mini_nsf']} there, and the weights are "
            f"those "
            f"of a {model}"
        )
    architecture["mini_nsf"] = mini
    if not mini:
        architecture["harmonics"] = int(tensors["m_source.l_linear.weight"].shape[-1])
        refuse_contradiction(values, {"harmonic_num": architecture["harmonics"] - 1})
    bands = int(tensors["conv_pre.weight"].shape[1]) if tensors["conv_pre.weight"].ndim == 3 else 0
    spec = mel_spec or replace(recipe_mels(values, bands), magnitude_eps=0.0)
    voice = Voice(model, architecture, spec, tensors)
    build_generator(voice)  # refuses what does not fit, before anything is written
    return Conversion(voice, _layout(checkpoint, signs) or "", (*said, *(() if mel_spec else (_RECIPE,))))


def _layout(checkpoint: Checkpoint, signs: tuple[str, ...]) -> str | None:
    state = _state(checkpoint.content, signs)
    return None if state is None else f"OpenVPI's names, {weight_norm_spelling(state)}"


def _state(content: Any, signs: tuple[str, ...]) -> dict[str, Any] | None:
    state = state_dict_with(content, (*_COMMON, *signs), _PLACES, _PREFIXES)
    return None if state is None or any(map(_ELSEWHERE.fullmatch, state)) else state
