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
from vocolab_dialects.coqui import TOP_KEYS, coqui_mels
from vocolab_dialects.hifigan import SIZE_KEYS, flattened, recipe_mels
from vocolab_dialects.keys import refuse_contradiction, refuse_unknown
from vocolab_dialects.parallelwavegan import MEL_KEYS, pwg_mels
from vocolab_dialects.values import Config, assumed, number, refuse, table


@dataclass(frozen=True)
class Proved:
    """What the weights alone say."""

    n_mels: int
    sizes: Mapping[str, Any]
    """In the keys of `MelGanConfig`."""
    buffers: Mapping[str, Any]
    """Tensors that belong to no layer: statistics of the mels, the filter bank."""


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
_DESCRIPT_KEYS = ("n_mel_channels", "ngf", "n_residual_layers", "ratios")
_COQUI_SIZES = {"out_channels": "bands", "proj_kernel": "kernel_size", "base_channels": "channels",
                "upsample_factors": "upsample_rates", "res_kernel": "block_kernel_size", "num_res_blocks": "blocks"}
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


def _seungwonpark(checkpoint: Checkpoint, proved: Proved, given: MelSpec | None) -> Project:
    inside = {"mel_offset": -5.0, "mel_scale": 5.0}
    flat = flattened(checkpoint.wanted_config() if given is None else checkpoint.config or {})
    refuse_unknown(flat, SIZE_KEYS, "a config of seungwonpark's MelGAN")
    refuse_contradiction(flat, {"n_mel_channels": proved.n_mels})
    if given is not None:
        return Project(given, inside)
    return Project(recipe_mels(flat, proved.n_mels, "tacotron2-22k"), inside, (_TACOTRON,))


def _descript(checkpoint: Checkpoint, proved: Proved, given: MelSpec | None) -> Project:
    config, sizes = checkpoint.config or {}, proved.sizes
    refuse_unknown(config, _DESCRIPT_KEYS, "args.yml of descript's MelGAN")
    narrowest = sizes["channels"] // 2 ** len(sizes["upsample_rates"])
    refuse_contradiction(config, {
        "n_mel_channels": proved.n_mels, "ngf": narrowest, "n_residual_layers": sizes["blocks"],
        "ratios": sizes["upsample_rates"],
    })
    if given is not None:
        return Project(given)
    return Project(replace(convention("melgan-22k"), n_mels=proved.n_mels), {}, (_DESCRIPT,))


def _parallelwavegan(checkpoint: Checkpoint, proved: Proved, given: MelSpec | None) -> Project:
    config = checkpoint.wanted_config() if given is None else checkpoint.config or {}
    refuse_unknown(config, MEL_KEYS, "a config of ParallelWaveGAN")
    refuse(config, {"generator_type": ("MelGANGenerator",)}, "the melgan plugin reads")
    params, sizes = table(config, "generator_params"), proved.sizes
    refuse_unknown(params, _PARAMS, "generator_params of ParallelWaveGAN's MelGAN")
    refuse(params, _ALLOWED, "vocolab's MelGAN has")
    refuse_contradiction(params, {
        "in_channels": proved.n_mels, "out_channels": sizes["bands"], "kernel_size": sizes["kernel_size"],
        "channels": sizes["channels"], "upsample_scales": sizes["upsample_rates"], "stacks": sizes["blocks"],
        "stack_kernel_size": sizes["block_kernel_size"],
    })
    statistics = {name: proved.buffers[name] for name in ("mean", "scale") if name in proved.buffers}
    spec, said = pwg_mels(config, checkpoint, statistics, proved.n_mels, given)
    activation = table(params, "nonlinear_activation_params")
    said = (*said, *assumed(activation, {"negative_slope": 0.2}, "ParallelWaveGAN's class"))
    architecture = {"leaky_relu_slope": number(activation, "negative_slope", 0.2)}
    if sizes["bands"] > 1:
        architecture["filter_cutoff"], remark = _filter_cutoff(config, checkpoint.layout)
        said = (*said, *remark)
    return Project(spec, architecture, said)


def _coqui(checkpoint: Checkpoint, proved: Proved, given: MelSpec | None) -> Project:
    config, sizes = checkpoint.wanted_config() if given is None else checkpoint.config or {}, proved.sizes
    if sizes["bands"] > 1:
        raise CheckpointError("coqui's multi-band MelGAN joins its bands by a filter bank of its own, which vocolab "
                              "does not have; it has ParallelWaveGAN's")
    refuse_unknown(config, TOP_KEYS, "a config of coqui's MelGAN")
    refuse(config, {"generator_model": ("melgan_generator", "fullband_melgan_generator")}, "the melgan plugin reads")
    params = table(config, "generator_model_params")
    refuse_unknown(params, (*_COQUI_SIZES, "in_channels"), "generator_model_params of coqui's MelGAN")
    refuse_contradiction(params, {"in_channels": proved.n_mels,
                                  **{theirs: sizes[ours] for theirs, ours in _COQUI_SIZES.items()}})
    if given is not None:
        return Project(given)
    spec, said = coqui_mels(config)
    return Project(spec, {}, said)


def _filter_cutoff(config: Config, layout: str | None) -> tuple[float, tuple[str, ...]]:
    """Of the bank that joins bands: what `pqmf_params` says, else by the version of the code that trained."""
    if layout is not None:
        if layout not in _LAYOUTS:
            raise CheckpointError(f"MelGAN has no layout {layout!r}; it has {' and '.join(_LAYOUTS)}")
        return _LAYOUTS[layout], ()
    if not config:
        raise CheckpointError(
            f"joins its bands by a filter bank that the weights don't tell: its cutoff is {_CUTOFF} in ParallelWaveGAN "
            f"since 0.4.3 and {_OLD_CUTOFF} before, which its config.yml says; put that beside it, or give "
            f"--layout {' or --layout '.join(_LAYOUTS)}"
        )
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


PROJECTS: dict[str, Callable[[Checkpoint, Proved, MelSpec | None], Project]] = {
    "seungwonpark": _seungwonpark, "coqui": _coqui, "descript": _descript, "ParallelWaveGAN": _parallelwavegan,
}
