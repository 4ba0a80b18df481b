"""Keys of a config: those that a converter reads, those that only training reads, and the others.

A key that decides the sound and that nobody reads is the worst that can happen to a conversion. So a converter names
all keys that it reads, and what is neither one of them nor training's is refused by its name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from vocolab.errors import CheckpointError, listed

_OPTIMISING = r"""
    (\w+_)?(lr|learning_rate|weight_decay|lr_decay|optim|optimi[sz]er)(_\w+)?|wd|gamma(_?[dg])?|betas?|beta[12]|adam\w*|
    amsgrad|opt_class\w*|sch_class\w*|sched\w*|\w+_sched(uler)?(_\w+)?|warmup\w*|\w+_warmup\w*|milestones|momentum|
    decay\w*|clip_grad\w*|grad\w*|use_grad\w*|max_grad\w*|\w+_grad_norm|clip_thresh\w*|accum\w*|fine_?tun\w*|freez\w*|frozen\w*
"""
_LOSSES = r"""
    (use_)?\w*loss\w*|lambda\w*|lamb|\w+_lamb|lab_aux\w*|(use_)?feat_match\w*|\w*_coeff?s?|target_loss|
    generator_(adv|train)\w*|\w+_weights?|gan_step
"""
_AMOUNTS = r"""
    (\w+_)?batch(es)?(_\w+)?|(\w+_)?epochs?(_\w+)?|max_iters?|iterations?|max_updates|
    (max|min|num|total|train|save|eval|log|logging|valid|validation|summary|start|pretrain|print|keep)_steps?|steps?|
    \w*interval(_\w+)?|iters_per\w*|patience|seed\w*|__set_seed\d*|seed_everything|steps_to_start\w*|checkpoint_every\w*
"""
_MACHINE = r"""
    (num_|n_)?gpus?|cuda|devices?|(\w+_)?workers?|num_nodes|(local_)?rank|world_size|dist|dist_\w+|distrib\w*|(disable_)?cudnn\w*|allow_tf32|
    benchmark\w*|nccl\w*|(mixed_)?precision|amp|use_amp|autocast\w*|no_amp\w*|fp16\w*|bf16\w*|fp32\w*|ddp\w*|apex|
    strategy|accelerator|affinity|pl_trainer\w*|trainer|find_unused\w*|use_cuda_kernel
"""
_RECORDS = r"""
    logs?|log_?dir|logs_dir|log_(path|file|folder|interval|step|every|freq|level|config|name|event|epoch|save|model)\w*|
    logging\w*|(\w+_)?loggers?(_\w+)?|(use_)?tensorboard\w*|tb_\w+|wandb\w*|sav(e|ing)\w*|(\w+_)?checkpoint\w*|
    (\w+_)?c(h?)kpts?(_\w+)?|resume\w*|restore\w*|keep_\w+|print_\w+|exp_manager|monitor\w*|callbacks?|verbose|debug|
    num_s(ave|anity)\w*|step_logs\w*|samples_interval|profil\w*|progress_\w+|plot_step|with_tensorboard
"""
_RECORDINGS = r"""
    train(ing)?(_\w+)?|valid(ation)?(_\w+)?|val(_\w+)?|eval(uat\w+)?(_\w+)?|evaluate_\w+|tests?(_\w+)?|dev(_\w+)?|data|
    data_(path|dir|folder|root|file|type|loader|input|out|in|pipeline|cache|config|set)\w*|DataIndexPath|dataset\w*|
    dataloader\w*|corpus|(\w+_)?(path|dir|folder|directory|file|filelist)s?|(\w+_)?manifests?|output|outdir|root|meta|metadata|
    segments?(_\w+)?|crop(_mel)?_(frames|len\w*|size)|shuff\w*|pin_memory|\w*prefetch\w*|drop_last|(\w+_)?augment\w*|
    (\w+_)?aug(_\w+)?|trim|trim_\w+|max_audio\w*|audio_len\w*|pad_short|(min|max)_(seq|audio|duration|dur|len)\w*|seq_len|
    remove_(short|weight)\w*|(allow|use)_cache|sampler\w*|binari[sz]\w*|raw_data\w*|num_audio|n_test_samples|
    max_wav_value|num_valid_plots|spk_balanced|skip_prep|splits?|split_ratio|start_by_longest|repeat|task|task_cls|f0_(path|min|max)|F0_path|pe|
    \w+_(subsets?|json|csv)
"""
_RIVALS = r"""
    (\w+_)?disc|discriminat\w*|mpd\w*|msd\w*|mrd\w*|mssbcqtd\w*|cqtd?\w*|ndf|num_D|n_layers_D|cond_disc|downsamp_factor|
    periods|reshapes|resolutions?|(use_)?spectral_norm|rep_discriminator|concat_fwd|use_cqtd\w*|fmax_for_loss|
    fmax_loss|mel_fmax_loss|num_freq
"""
_ABOUT = r"""
    name|comment|description|author\w*|notes?|licen[sc]e\w*|architectures|model_type|transformers_version|torch_dtype|
    dtype|run_\w+|project(_\w+)?|user|exp_?(name|id|dir)|experiment\w*|git\w*|date|config|hifigan_config|pretrain\w*|version_?|(model|code|nemo)_version|
    _name_or_path|_commit_hash|ema|(use_)?ema_\w+|group_name|base_config|infer|work_dir|model_cls
"""
_TRAINING = re.compile(
    "|".join((_OPTIMISING, _LOSSES, _AMOUNTS, _MACHINE, _RECORDS, _RECORDINGS, _RIVALS, _ABOUT)),
    re.IGNORECASE | re.VERBOSE,
)
_OF_LOSSES = re.compile(rf"{_LOSSES}|{_RIVALS}|tb_\w+", re.IGNORECASE | re.VERBOSE)
_SOUND = re.compile(
    r".*(slope|window|clamp|floor|snake|activation|padding|pre_?emph|stats|statistic|normali[sz]|log_?base|log_?func|"
    r"amplitude|gain|phase|filter).*",
    re.IGNORECASE,
)
"""What decides the sound whatever stands around it, but in a loss or a discriminator: "save_floor" is not saving."""
_RECORDINGS_TOO = re.compile(r"data|dataset|data_config", re.IGNORECASE)
"""Tables that say where recordings are, and sizes of mels beside it."""


def is_trainings(key: str) -> bool:
    """Whether a key changes training and nothing of what the trained network computes."""
    if _TRAINING.fullmatch(key) is None:
        return False
    return _OF_LOSSES.fullmatch(key) is not None or _SOUND.fullmatch(key) is None


def holds_sizes(key: str) -> bool:
    """Whether a table under this key may say how mels are made: not those of losses, optimizers and discriminators."""
    return not is_trainings(key) or _RECORDINGS_TOO.fullmatch(key) is not None


def refuse_unknown(config: Mapping[str, Any], known: Collection[str], whose: str) -> None:
    """Refuse a config with keys that are neither read nor training's.

    Args:
        config: The table; what is in tables inside it is not looked at.
        known: The keys that are read, and those that are known to change nothing.
        whose: What the converter reads, for the message: "a config of hifi-gan".

    Raises:
        CheckpointError: naming the keys.
    """
    unknown = [str(key) for key in config if key not in known and not is_trainings(str(key))]
    if unknown:
        told = listed(f"{key} = {str(config[key])[:40]!r}" for key in unknown)
        raise CheckpointError(
            f"the config has {told}, which no converter knows in {whose} and which may change the sound; take it "
            "out if it does not"
        )


def refuse_contradiction(stated: Mapping[str, Any], proved: Mapping[str, Any]) -> None:
    """Refuse a config that speaks of other weights than those that are there.

    Args:
        stated: What the config says; None counts as nothing.
        proved: What names and shapes prove, in the config's keys.

    Raises:
        CheckpointError: naming each key with both values.
    """
    wrong = [
        f"{key} is {value} in the weights and {stated[key]} in the config" for key, value in proved.items()
        if stated.get(key) is not None and _comparable(stated[key]) != _comparable(value)
    ]
    if wrong:
        raise CheckpointError(f"the config is that of another checkpoint: {listed(wrong, separator='; ')}; fix it or "
                              "give the right one with --config")


def _comparable(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
