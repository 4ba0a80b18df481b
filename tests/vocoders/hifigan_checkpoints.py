"""HiFi-GAN checkpoints as the projects write them, and what holds a conversion against the generator it came from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from published_hifigan import SIZES, Published, mel

from vocolab.checkpoints import Conversion, open_checkpoint
from vocolab.mels.spec import MelSpec
from vocolab.options import Options
from vocolab_hifigan.convert import convert, recognise
from vocolab_hifigan.vocoder import HifiGan

TOLERANCE = 1e-6
"""float32 sums in another order."""

PWG_CONFIG: dict[str, Any] = {
    "sampling_rate": 22050, "fft_size": 1024, "hop_size": 256, "win_length": None, "num_mels": 80, "fmin": 80,
    "fmax": 7600, "global_gain_scale": 1.0, "generator_type": "HiFiGANGenerator",
    "generator_params": {
        "in_channels": 80, "out_channels": 1, "channels": 32, "kernel_size": 7, "upsample_scales": [8, 8, 2, 2],
        "upsample_kernal_sizes": [16, 16, 4, 4], "resblock_kernel_sizes": [3, 7], "use_additional_convs": True,
        "resblock_dilations": [[1, 3, 5], [1, 3, 5]], "bias": True, "nonlinear_activation": "LeakyReLU",
        "nonlinear_activation_params": {"negative_slope": 0.1}, "use_weight_norm": True,
    },
}
SPEECHBRAIN_CONFIG: dict[str, Any] = {
    "sample_rate": 22050, "hop_length": 256, "win_length": 1024, "n_fft": 1024, "n_mel_channels": 80, "mel_fmin": 0.0,
    "mel_fmax": 8000, "mel_normalized": False, "power": 1, "norm": "slaney", "mel_scale": "slaney", "in_channels": 80,
    "out_channels": 1, "resblock_type": "1", "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5]],
    "resblock_kernel_sizes": [3, 7], "upsample_kernel_sizes": [16, 16, 4, 4], "upsample_initial_channel": 32,
    "upsample_factors": [8, 8, 2, 2], "inference_padding": 5, "cond_channels": 0, "conv_post_bias": True,
}
COQUI_CONFIG: dict[str, Any] = {
    "generator_model": "hifigan_generator",
    "generator_model_params": {
        "in_channels": 80, "out_channels": 1, "resblock_type": "1", "resblock_dilation_sizes": [[1, 3, 5], [1, 3, 5]],
        "resblock_kernel_sizes": [3, 7], "upsample_kernel_sizes": [16, 16, 4, 4], "upsample_initial_channel": 32,
        "upsample_factors": [8, 8, 2, 2],
    },
    "audio": {
        "fft_size": 1024, "win_length": 1024, "hop_length": 256, "sample_rate": 22050, "preemphasis": 0.0,
        "log_func": "np.log", "num_mels": 80, "mel_fmin": 0.0, "mel_fmax": 8000.0, "spec_gain": 1.0,
        "do_amp_to_db_mel": True, "signal_norm": False, "stats_path": None,
    },
}
NEMO_CONFIG: dict[str, Any] = {
    "sample_rate": 22050,
    "preprocessor": {
        "features": 80, "lowfreq": 0, "highfreq": 8000, "log": True, "log_zero_guard_type": "clamp",
        "log_zero_guard_value": 1e-05, "mag_power": 1.0, "n_fft": 1024, "n_window_size": 1024, "n_window_stride": 256,
        "normalize": None,
        "preemph": None, "pad_value": -11.52, "sample_rate": "${sample_rate}", "window": "hann", "exact_pad": True,
    },
    "generator": {key: value for key, value in SIZES.items() if key != "resblock"} | {"resblock": 1},
}
SPEECHT5_SIZES = {"upsample_rates": [4, 4, 4, 4], "upsample_kernel_sizes": [8, 8, 8, 8]}
SPEECHT5_CONFIG: dict[str, Any] = {
    "model_in_dim": 80, "sampling_rate": 16000, "leaky_relu_slope": 0.1, "normalize_before": True,
    **{key: value for key, value in SIZES.items() if key != "resblock"}, **SPEECHT5_SIZES,
}


def converted(path: Path, mel_spec: MelSpec | None = None) -> Conversion:
    """The conversion of a file, which has to be recognised under the name of its layout."""
    checkpoint = open_checkpoint(path)
    conversion = convert(checkpoint, mel_spec)
    assert recognise(checkpoint) == conversion.layout
    return conversion


def assert_same_sound(conversion: Conversion, generator: Published, n_frames: int = 20, n_mels: int = 80) -> None:
    """What goes into the network here is what goes into the published one."""
    values = mel(n_frames, n_mels)
    rendered = HifiGan(Options(), conversion.voice).render(values.numpy())
    expected = generator.audio(values).numpy()
    assert np.ptp(expected) > 0.01, "the test's own generator is silent"
    np.testing.assert_allclose(rendered, expected, atol=TOLERANCE, rtol=0)


def wrapped(state: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {prefix + name: tensor for name, tensor in state.items()}


def pwg_names(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    def theirs(name: str) -> str:
        parts = name.split(".")
        if parts[0] == "conv_pre":
            return ".".join(["input_conv", *parts[1:]])
        if parts[0] == "ups":
            return ".".join(["upsamples", parts[1], "1", *parts[2:]])
        if parts[0] == "resblocks":
            convs = parts[2] if parts[2] != "convs" else "convs1"
            return ".".join(["blocks", parts[1], convs, parts[3], "1", *parts[4:]])
        return ".".join(["output_conv", "1", *parts[1:]])

    return {theirs(name): tensor for name, tensor in state.items()}


def write_pwg(folder: Path, generator: Published, statistics: bool = True, **params: Any) -> Path:
    state = {"generator": pwg_names(generator.state), "discriminator": {"x.weight": torch.zeros(2)}}
    torch.save({"model": state, "steps": 1, "epochs": 1}, folder / "checkpoint-1steps.pkl")
    config = {**PWG_CONFIG, "generator_params": {**PWG_CONFIG["generator_params"], **params}}
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    if statistics:
        np.save(folder / "stats.npy", np.stack([np.linspace(-3, -2, 80), np.linspace(0.4, 0.8, 80)]).astype(np.float32))
    return folder


def speechbrain_names(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {re.sub(r"\.(weight_[gv]|bias)$", r".conv.\1", name): tensor for name, tensor in state.items()}
