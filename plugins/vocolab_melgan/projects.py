"""What the configs of the projects that publish MelGANs say, and what only their code does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vocolab.checkpoints import Checkpoint
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_dialects.hifigan import SIZE_KEYS, flattened, recipe_mels
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.parallelwavegan import MEL_KEYS, pwg_mels
from vocolab_dialects.values import Config, number, refuse, table


@dataclass(frozen=True)
class Project:
    """What a project's files say of one generator."""

    spec: MelSpec
    config: dict[str, Any] = field(default_factory=dict)
    """In the keys of `MelGanConfig`, beside what the shapes say."""
    assumptions: tuple[str, ...] = ()


_TACOTRON = "mels as Tacotron 2 makes them (ln from 1e-5, centred), as this project's code does: its config has sizes"
_DESCRIPT = (
    "mels of the convention melgan-22k (22.05 kHz, log10 from 1e-5, 0 to 11025 Hz), which is fixed in descript's code; "
    "--mel-spec names another"
)
_DESCRIPT_KEYS = ("n_mel_channels", "ngf", "n_residual_layers", "seq_len", "lambda_feat", "num_D", "n_layers_D",
                  "downsamp_factor", "cond_disc")
_OLD_CUTOFF, _CUTOFF = 0.15, 0.142
_LAST_OLD_VERSION = (0, 4, 2)
_LAYOUTS = {"pqmf_0.142": _CUTOFF, "pqmf_0.15": _OLD_CUTOFF}
_PARAMS = ("in_channels", "out_channels", "kernel_size", "channels", "bias", "upsample_scales", "stack_kernel_size",
           "stacks", "nonlinear_activation", "nonlinear_activation_params", "pad", "pad_params", "use_final_nonlinear_"
           "activation", "use_weight_norm", "use_causal_conv")
_ALLOWED: dict[str, tuple[Any, ...]] = {
    "nonlinear_activation": ("LeakyReLU",), "pad": ("ReflectionPad1d",), "use_final_nonlinear_activation": (True,),
    "use_causal_conv": (False,), "pad_params": ({}, None),
}


def _seungwonpark(checkpoint: Checkpoint, _buffers: Mapping[str, Any], given: MelSpec | None, n_mels: int) -> Project:
    inside = {"mel_offset": -5.0, "mel_scale": 5.0}
    if given is not None:
        return Project(given, inside)
    flat = flattened(checkpoint.wanted_config())
    refuse_unknown(flat, {*SIZE_KEYS, "segment_length", "rep_discriminator"}, "a config of seungwonpark's MelGAN")
    return Project(recipe_mels(flat, n_mels, "tacotron2-22k"), inside, (_TACOTRON,))


def _descript(checkpoint: Checkpoint, _buffers: Mapping[str, Any], given: MelSpec | None, n_mels: int) -> Project:
    if checkpoint.config is not None:
        refuse_unknown(checkpoint.config, _DESCRIPT_KEYS, "args.yml of descript's MelGAN")
    if given is not None:
        return Project(given)
    return Project(replace(convention("melgan-22k"), n_mels=n_mels), {}, (_DESCRIPT,))


def _parallelwavegan(checkpoint: Checkpoint, buffers: Mapping[str, Any], given: MelSpec | None, n_mels: int) -> Project:
    config = checkpoint.config if checkpoint.config is not None or given is None else {}
    config = checkpoint.wanted_config() if config is None else config
    refuse_unknown(config, MEL_KEYS, "a config of ParallelWaveGAN")
    refuse(config, {"generator_type": ("MelGANGenerator",)}, "the melgan plugin reads")
    params = table(config, "generator_params")
    refuse_unknown(params, _PARAMS, "generator_params of ParallelWaveGAN's MelGAN")
    refuse(params, _ALLOWED, "vocolab's MelGAN has")
    statistics = {name: buffers[name] for name in ("mean", "scale") if name in buffers}
    spec, assumed = pwg_mels(config, checkpoint, statistics, n_mels, given)
    slope = number(table(params, "nonlinear_activation_params"), "negative_slope", 0.2)
    cutoff, said = _filter_cutoff(config, checkpoint.layout)
    if not config:
        said = (*said, "slope 0.2 of the activations, as ParallelWaveGAN's class has by default: there is no config")
    return Project(spec, {"leaky_relu_slope": slope, "filter_cutoff": cutoff}, (*assumed, *said))


def _filter_cutoff(config: Config, layout: str | None) -> tuple[float, tuple[str, ...]]:
    """Of the bank that joins bands: what `pqmf_params` says, else by the version of the code that trained."""
    if layout is not None:
        if layout not in _LAYOUTS:
            raise CheckpointError(f"MelGAN has no layout {layout!r}; it has {' and '.join(_LAYOUTS)}")
        return _LAYOUTS[layout], ()
    params = table(config, "pqmf_params")
    if params:
        refuse_unknown(params, ("subbands", "taps", "cutoff_ratio", "beta"), "pqmf_params")
        refuse(params, {"taps": (62,), "beta": (9.0,)}, "vocolab's filter bank has")
        return number(params, "cutoff_ratio", _CUTOFF), ()
    version = config.get("version")
    if version is None:
        said = (f"a filter bank with the cutoff {_OLD_CUTOFF}, which ParallelWaveGAN takes for a config without a "
                f"version; "
                f"--layout pqmf_{_CUTOFF} names the one since 0.4.3")
        return _OLD_CUTOFF, (said,)
    numbers = tuple(map(int, re.findall(r"\d+", str(version))[:3]))
    return (_OLD_CUTOFF if numbers <= _LAST_OLD_VERSION else _CUTOFF), ()


PROJECTS: dict[str, Callable[[Checkpoint, Mapping[str, Any], MelSpec | None, int], Project]] = {
    "seungwonpark": _seungwonpark, "descript": _descript, "ParallelWaveGAN": _parallelwavegan,
}
