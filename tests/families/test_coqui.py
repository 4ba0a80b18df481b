"""MelGAN and Parallel WaveGAN of coqui's TTS: their own names or scales, and their own way to write mels."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from cases import assert_close, spec_of
from conformance import arrays
from spellings import State, case

from vocolab.api import convert
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.options import Options
from vocolab_melgan.vocoder import MelGan
from vocolab_parallelwavegan.vocoder import ParallelWaveGan

Floats = np.ndarray[Any, Any]

AUDIO = {
    "fft_size": 1024, "win_length": 1024, "hop_length": 256, "sample_rate": 22050, "preemphasis": 0.0, "num_mels": 80,
    "mel_fmin": 0.0, "mel_fmax": 8000.0, "spec_gain": 1.0, "log_func": "np.log", "signal_norm": False,
    "do_trim_silence": True, "trim_db": 60, "stats_path": None,
}
MELGAN: dict[str, Any] = {
    "run_name": "melgan", "audio": AUDIO, "generator_model": "melgan_generator", "use_pqmf": False,
    "generator_model_params": {"upsample_factors": [8, 8, 2, 2], "num_res_blocks": 3}, "lr_gen": 0.0002,
    "stft_loss_params": {"n_ffts": [1024], "hop_lengths": [120], "win_lengths": [600]},
}
WAVEGAN: dict[str, Any] = {
    **MELGAN, "generator_model": "parallel_wavegan_generator",
    "generator_model_params": {"num_res_blocks": 6, "stacks": 2, "res_channels": 16, "gate_channels": 32,
                               "skip_channels": 16, "aux_channels": 80, "upsample_factors": [4, 4, 4, 4]},
}


def melgan(shared: Path) -> State:
    """seungwonpark's generator under coqui's names: the same layers, without the mel's scale."""
    state = case(shared / "conformance" / "melgan_seungwonpark").state
    return {name.replace("generator.", "layers.", 1): tensor for name, tensor in state.items()}


def test_melgan(shared: Path, tmp_path: Path) -> None:
    torch.save({"model": melgan(shared), "optimizer": [], "step": 1}, tmp_path / "best_model.pth")
    text = json.dumps(MELGAN, indent=1).replace('"lr_gen"', '// the rate, "as published"\n "lr_gen"')
    (tmp_path / "config.json").write_text(text)
    conversion, data = convert(tmp_path), arrays(shared / "conformance" / "melgan_seungwonpark")
    assert conversion.layout.startswith("coqui's names")
    rendered = MelGan(Options(), conversion.voice).render(((data["mel"] + 5) / 5).astype(np.float32))
    assert_close(rendered, data["audio_unpadded"])
    assert (spec_of(conversion).log_base, spec_of(conversion).padding) == ("e", "center")


def test_bands_have_another_filter_bank(shared: Path, tmp_path: Path) -> None:
    state = case(shared / "conformance" / "multiband_melgan").state
    names = {name: name.replace("melgan.", "layers.", 1) for name in state}
    torch.save({"model": {theirs: state[name] for name, theirs in names.items()}}, tmp_path / "best_model.pth")
    (tmp_path / "config.json").write_text(json.dumps({**MELGAN, "generator_model": "multiband_melgan_generator"}))
    with pytest.raises(CheckpointError, match="multi"):
        convert(tmp_path)


def wavegan(shared: Path) -> State:
    """The published generator with its mel mixed over one frame, as coqui's always is."""
    state = dict(case(shared / "conformance" / "parallel_wavegan").state)
    for name in list(state):
        if name.startswith("upsample_net.conv_in."):
            del state[name]
    return {**state, "upsample_net.conv_in.weight": torch.eye(80)[..., None]}


def expected(state: State, mel: Floats, noise: Floats, scale: float) -> Floats:
    """What the generator's code computes, written out: layers scaled by `scale`, the skips by 1 / sqrt(layers)."""
    def weights(name: str) -> torch.Tensor:
        if f"{name}.weight" in state:
            return state[f"{name}.weight"]
        v = state[f"{name}.weight_v"]
        return state[f"{name}.weight_g"] * v / v.flatten(1).norm(dim=1).view(-1, *[1] * (v.dim() - 1))

    conv = torch.nn.functional.conv1d
    aux = conv(torch.from_numpy(mel)[None], weights("upsample_net.conv_in"))[:, None]
    for layer in (1, 3, 5, 7):
        aux = aux.repeat_interleave(4, dim=-1)
        aux = torch.nn.functional.conv2d(aux, weights(f"upsample_net.upsample.up_layers.{layer}"), padding=(0, 4))
    aux, x = aux[:, 0], conv(torch.from_numpy(noise)[None, None], weights("first_conv"), state["first_conv.bias"])
    skips = torch.zeros(())
    for layer in range(6):
        at, dilation = f"conv_layers.{layer}", 2 ** (layer % 3)
        inner = conv(x, weights(f"{at}.conv"), state[f"{at}.conv.bias"], padding=dilation, dilation=dilation)
        one, two = (inner + conv(aux, weights(f"{at}.conv1x1_aux"))).chunk(2, dim=1)
        gated = torch.tanh(one) * torch.sigmoid(two)
        skips = skips + conv(gated, weights(f"{at}.conv1x1_skip"), state[f"{at}.conv1x1_skip.bias"])
        x = (conv(gated, weights(f"{at}.conv1x1_out"), state[f"{at}.conv1x1_out.bias"]) + x) * scale
    y = torch.relu(skips * math.sqrt(1 / 6))
    y = torch.relu(conv(y, weights("last_conv_layers.1"), state["last_conv_layers.1.bias"]))
    audio: Floats = conv(y, weights("last_conv_layers.3"), state["last_conv_layers.3.bias"])[0, 0].numpy()
    return audio


@pytest.mark.parametrize(("layout", "scale"), [("config", 0.25), ("coqui", 0.25), ("parallelwavegan", math.sqrt(0.5))])
def test_parallel_wavegans_layers_have_two_scales(layout: str, scale: float, shared: Path, tmp_path: Path) -> None:
    state = wavegan(shared)
    torch.save({"model": state}, tmp_path / "best_model.pth")
    if layout == "config":
        (tmp_path / "config.json").write_text(json.dumps(WAVEGAN))
        conversion = convert(tmp_path)
    else:
        with pytest.raises(CheckpointError, match=r"root of a half, or of coqui's, where it is a quarter; .*--layout"):
            convert(tmp_path / "best_model.pth", mel_spec="hifigan-22k")
        conversion = convert(tmp_path / "best_model.pth", mel_spec="hifigan-22k", layout=layout)
    data = arrays(shared / "conformance" / "parallel_wavegan")
    mel = ((data["mel"] - data["mean"][:, None]) / data["scale"][:, None]).astype(np.float32)
    values = {**conversion.voice.config, "stacks": 2}  # what only a config says
    voice = conversion.voice if layout == "config" else type(conversion.voice)(
        "parallelwavegan", values, convention("hifigan-22k"), conversion.voice.tensors)
    rendered = ParallelWaveGan(Options(), voice).render(mel, noise=data["noise"])
    assert_close(rendered, expected(state, mel, data["noise"], scale))
