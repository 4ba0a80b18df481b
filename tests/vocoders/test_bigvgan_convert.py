"""BigVGAN checkpoints in every spelling, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from vocolab.catalog import Catalog
from vocolab.checkpoints import Conversion, convert_checkpoint
from vocolab.errors import CheckpointError, VocolabError
from vocolab.mels.conventions import convention, convention_name
from vocolab.options import Options
from vocolab.plugins.host import PluginHost
from vocolab_bigvgan.config import BigVganConfig
from vocolab_bigvgan.filters import lowpass_taps
from vocolab_bigvgan.generator import BigVganGenerator
from vocolab_bigvgan.vocoder import BigVgan

CATALOG = Catalog(PluginHost(allow=frozenset()))
CONFIG: dict[str, Any] = {
    "resblock": "1", "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8], "upsample_initial_channel": 16,
    "resblock_kernel_sizes": [3, 5], "resblock_dilation_sizes": [[1, 3], [1, 3]], "activation": "snakebeta",
    "snake_logscale": True, "use_tanh_at_final": False, "use_bias_at_final": False, "learning_rate": 0.0001,
    "num_mels": 80, "n_fft": 1024, "hop_size": 256, "win_size": 1024, "sampling_rate": 22050, "fmin": 0, "fmax": None,
}
State = dict[str, torch.Tensor]
NEW = ".parametrizations.weight"


def architecture(config: dict[str, Any] = CONFIG) -> BigVganConfig:
    return BigVganConfig.model_validate({key: config[key] for key in BigVganConfig.model_fields if key in config})


def generator() -> BigVganGenerator:
    torch.manual_seed(0)
    network = BigVganGenerator(architecture(), convention("bigvgan-22k"))
    for name, parameter in network.named_parameters():
        if name.endswith(("alpha", "beta")):
            parameter.data += 0.2 * torch.randn_like(parameter)
    return network


def with_filters(state: State) -> State:
    """What the published generator saves: each activation with its two filters."""
    taps = torch.from_numpy(lowpass_taps()).float()[None, None]
    whole = dict(state)
    for name in state:
        if name.endswith(".act.alpha"):
            base = name.removesuffix(".act.alpha")
            whole[f"{base}.upsample.filter"] = taps
            whole[f"{base}.downsample.lowpass.filter"] = taps
    return whole


def unfolded(state: State, gain_end: str, direction_end: str) -> State:
    """The same weights under weight norm, the directions of other lengths."""
    result: State = {}
    for name, tensor in state.items():
        if name.endswith(".weight"):
            axes = tuple(range(1, tensor.ndim))
            result[name.removesuffix(".weight") + gain_end] = tensor.pow(2).sum(axes, keepdim=True).sqrt()
            result[name.removesuffix(".weight") + direction_end] = 3.0 * tensor
        else:
            result[name] = tensor
    return result


SPELLINGS: dict[str, Callable[[State], Any]] = {
    "weight_g and weight_v": lambda s: {"generator": unfolded(with_filters(s), ".weight_g", ".weight_v")},
    "parametrizations": lambda s: {"generator": unfolded(with_filters(s), f"{NEW}.original0", f"{NEW}.original1")},
    "folded": lambda s: {"generator": with_filters(s)},
    "bare, without filters": lambda s: dict(s),
    "module": lambda s: {"generator": {f"module.{name}": tensor for name, tensor in with_filters(s).items()}},
    "with more beside it": lambda s: {"generator": with_filters(s), "steps": 5_000_000},
}


def write(folder: Path, content: Any, **changes: Any) -> Path:
    config = {key: value for key, value in {**CONFIG, **changes}.items() if value != "absent"}
    (folder / "config.json").write_text(json.dumps(config))
    torch.save(content, folder / "bigvgan_generator.pt")
    return folder / "bigvgan_generator.pt"


def converted(path: Path, **options: Any) -> Conversion:
    return convert_checkpoint(CATALOG, path, **options)


def assert_is_the_generator(conversion: Conversion, tolerance: float = 1e-6) -> None:
    mel = np.random.default_rng(0).normal(-5, 2, (80, 12)).astype(np.float32)
    with torch.no_grad():
        expected = generator()(torch.from_numpy(mel)[None])[0].numpy()
    rendered = BigVgan(Options(), conversion.voice).render(mel)
    assert np.abs(expected).max() > 1e-3
    np.testing.assert_allclose(rendered, expected, atol=tolerance)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_the_same_voice(spelling: str, tmp_path: Path) -> None:
    conversion = converted(write(tmp_path, SPELLINGS[spelling](generator().state_dict())))
    assert conversion.voice.model == "bigvgan"
    assert convention_name(conversion.voice.mel_spec) == "bigvgan-22k"
    assert conversion.voice.parameters == sum(parameter.numel() for parameter in generator().parameters())
    assert conversion.layout.startswith("official, snakebeta, weight norm")
    assert conversion.voice.provenance["source"] == "bigvgan_generator.pt"
    assert conversion.assumptions == ()
    assert_is_the_generator(conversion)


def test_a_folder_as_it_is_published(tmp_path: Path) -> None:
    write(tmp_path, SPELLINGS["weight_g and weight_v"](generator().state_dict()))
    torch.save({"mpd": {"w": torch.zeros(3)}}, tmp_path / "bigvgan_discriminator_optimizer.pt")
    assert_is_the_generator(converted(tmp_path))


@pytest.mark.parametrize(("kind", "tolerance"), [(torch.float16, 1e-3), (torch.bfloat16, 1e-2)])
def test_safetensors_and_half_precision(kind: torch.dtype, tolerance: float, tmp_path: Path) -> None:
    write(tmp_path, {})
    (tmp_path / "bigvgan_generator.pt").unlink()
    half = {name: tensor.to(kind).contiguous() for name, tensor in with_filters(generator().state_dict()).items()}
    save_file(half, tmp_path / "model.safetensors")
    assert_is_the_generator(converted(tmp_path), tolerance=tolerance)


@pytest.mark.parametrize("place", ["model", "state_dict"])
def test_other_places_of_the_generator(place: str, tmp_path: Path) -> None:
    write(tmp_path, {place: {f"generator.{name}": tensor for name, tensor in generator().state_dict().items()}})
    assert_is_the_generator(converted(tmp_path))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"fmax": 8000}, "hifigan-22k"),
        ({"fmax": 11025}, "bigvgan-22k"),
        ({"sampling_rate": 24000, "num_mels": 100}, "bigvgan-24k"),
        ({"sampling_rate": 44100, "num_mels": 128}, "bigvgan-44k-256"),
        ({"sampling_rate": 44100, "num_mels": 128, "n_fft": 2048, "win_size": 2048, "hop_size": 512,
          "upsample_rates": [8, 8, 8], "upsample_kernel_sizes": [16, 16, 16]}, "bigvgan-44k"),
    ],
)
def test_the_configs_numbers_choose_the_convention(changes: dict[str, Any], name: str, tmp_path: Path) -> None:
    config = {**CONFIG, **changes}
    network = BigVganGenerator(architecture(config), convention(name))
    voice = converted(write(tmp_path, {"generator": network.state_dict()}, **changes)).voice
    assert convention_name(voice.mel_spec) == name


def test_a_config_of_v1_says_nothing_of_the_end(tmp_path: Path) -> None:
    config = {**CONFIG, "use_bias_at_final": True}
    network = BigVganGenerator(architecture(config), convention("bigvgan-22k"))
    path = write(tmp_path, {"generator": network.state_dict()}, use_tanh_at_final="absent", use_bias_at_final="absent")
    conversion = converted(path)
    assert "tanh" in conversion.assumptions[0]
    assert BigVganConfig.model_validate(conversion.voice.config).use_tanh_at_final


def test_other_filters_are_refused(tmp_path: Path) -> None:
    state = with_filters(generator().state_dict())
    state["activation_post.upsample.filter"] = torch.ones(1, 1, 12) / 12
    with pytest.raises(CheckpointError, match=r"activation_post\.upsample\.filter is not the Kaiser-windowed sinc"):
        converted(write(tmp_path, {"generator": state}))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"upsample_initial_channel": 32}, "the config asks for"),
        ({"upsample_rates": [8, 8, 2]}, "128 samples a frame; the hop is 256"),
        ({"activation": "snake"}, "beta, which the config does not ask for"),
        ({"use_bias_at_final": True}, "lacks conv_post.bias"),
        ({"activation": "relu"}, "activation"),
        ({"num_mels": 100}, "conv_pre.weight"),
        ({"hop_size": "absent"}, "lacks hop_size"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(changes: dict[str, Any], expected: str, tmp_path: Path) -> None:
    with pytest.raises(VocolabError, match=expected) as caught:
        converted(write(tmp_path, {"generator": generator().state_dict()}, **changes))
    assert "\n" not in str(caught.value)


def test_it_is_told_from_its_relatives(tmp_path: Path) -> None:
    path = write(tmp_path, {"generator": generator().state_dict()})
    with pytest.raises(CheckpointError, match="is a checkpoint of vocolab/bigvgan"):
        converted(path, model="hifigan")
