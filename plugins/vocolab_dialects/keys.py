"""Keys of a config: those that a converter reads, those that only training reads, and the others.

A key that decides the sound and that nobody reads is the worst that can happen to a conversion. So a converter names
all keys that it reads, and what is neither one of them nor training's is refused by its name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from vocolab.errors import CheckpointError, listed

_TRAINING = re.compile(
    r"(.*_)?(lr|learning_rate|gamma_?[dg]?|betas?|beta[12]|rep_discriminator|adam|adam_b[12]|optim\w*|weight_decay|scheduler?\w*|sched\w*|warmup\w*|"
    r"decay\w*|clip\w*|grad\w*|accum\w*|loss\w*|lambda\w*|lamb|coeff?\w*|weights?|batch\w*|epochs?|steps?|iters?|iterations?|"
    r"interval|seed\w*|workers?|num_workers|gpus?|device\w*|rank|world_size|dist\w*|cudnn\w*|nccl|precision|amp\w*|fp16\w*|"
    r"bf16\w*|fp32\w*|ddp\w*|apex|distributed|strategy|log|logs?_dir|log_\w+|logging\w*|logger\w*|tensorboard\w*|wandb\w*|"
    r"save\w*|checkpoint\w*|ckpts?\w*|resume\w*|restore\w*|pretrain\w*|finetune\w*|fine_tun\w*|train\w*|valid\w*|val|eval\w*|"
    r"tests?\w*|dev\w*|data|data\w*|dataset\w*|loader\w*|corpus|files?|filelist|paths?|dirs?|folders?|root|meta|metadata|"
    r"disc\w*|discriminators?\w*|mpd\w*|msd\w*|mrd\w*|cqtd?\w*|ndf|num_d|n_layers_d|cond_disc|downsamp_factor|periods|"
    r"reshapes|resolutions?|spectral_norm|segments?\w*|crop\w*|max_audio\w*|audio_len|pad_short|shuffle|pin_memory|"
    r"augment\w*|aug|pc_aug|pitch_aug\w*|name|version_?|comment|description|author\w*|notes?|license|architectures|model_type|"
    r"transformers_version|torch_dtype|dtype|run\w*|debug|verbose|ema\w*|exp\w*|experiment|project|user|monitor\w*|"
    r"num_freq|fmax_for_loss|fmax_loss|mel_fmax_loss|max_wav_value|use_multiscale_melloss|trainer|callbacks?|model_version|"
    r"code_version|date|git\w*|hash|format|remove_\w+|allow_cache|num_save\w*|stft_loss\w*|feat_match\w*|n_test_samples|"
    r"mel_loss\w*|aux_loss\w*|subband_stft\w*|generator_(optimizer|scheduler|train|adv|grad)\w*|outdir|num_audio|"
    r"sample_interval|f0_path|return_attrs)", re.IGNORECASE)


def refuse_unknown(config: Mapping[str, Any], known: Collection[str], whose: str) -> None:
    """Refuse a config with keys that are neither read nor training's.

    Args:
        config: The table; what is in tables inside it is not looked at.
        known: The keys that are read, and those that are known to change nothing.
        whose: What the converter reads, for the message: "a config of hifi-gan".

    Raises:
        CheckpointError: naming the keys.
    """
    unknown = [str(key) for key in config if key not in known and not _TRAINING.fullmatch(str(key))]
    if unknown:
        told = listed(f"{key} = {str(config[key])[:40]!r}" for key in unknown)
        raise CheckpointError(
            f"the config has {told}, which no converter knows in {whose} and which may change the sound; take it "
            "out if it does not"
        )
