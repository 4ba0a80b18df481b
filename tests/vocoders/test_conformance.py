"""Converted checkpoints give what the published implementations give for the same weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from conformance import PUBLISHED, arrays, write_checkpoint

from vocolab.checkpoints import fold_weight_norm, open_checkpoint
from vocolab.interfaces import Vocoder
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_hifigan.convert import convert as convert_hifigan
from vocolab_hifigan.vocoder import HifiGan
from vocolab_vocos.convert import convert as convert_vocos
from vocolab_vocos.vocoder import Vocos

HIFIGAN_TOLERANCE = 1e-5
VOCOS_TOLERANCE = 1e-4


@pytest.mark.parametrize("name", ["hifigan_v1", "hifigan_v2", "hifigan_v3"])
def test_hifigan_equals_the_published_generator(name: str, tmp_path: Path) -> None:
    folder = PUBLISHED / name
    voice = convert_hifigan(open_checkpoint(write_checkpoint(folder, tmp_path / "g_00000001")), None).voice
    assert_renders(HifiGan(Options(), voice), folder, HIFIGAN_TOLERANCE)


def test_vocos_equals_the_published_model(tmp_path: Path) -> None:
    folder = PUBLISHED / "vocos"
    voice = convert_vocos(open_checkpoint(write_checkpoint(folder, tmp_path / "pytorch_model.bin")), None).voice
    assert_renders(Vocos(Options(), voice), folder, VOCOS_TOLERANCE)


def test_a_converted_voice_renders_the_same_after_saving(tmp_path: Path) -> None:
    folder = PUBLISHED / "hifigan_v2"
    voice = convert_hifigan(open_checkpoint(write_checkpoint(folder, tmp_path / "g_00000001")), None).voice
    voice.save(tmp_path / "voice.safetensors")
    assert_renders(HifiGan(Options(), Voice.load(tmp_path / "voice.safetensors")), folder, HIFIGAN_TOLERANCE)


def test_every_spelling_of_weight_norm_folds_to_the_same_weights(tmp_path: Path) -> None:
    folder = PUBLISHED / "hifigan_v2"
    old = torch.load(write_checkpoint(folder, tmp_path / "g_old"), weights_only=True)["generator"]
    new = {
        name.replace("weight_g", "parametrizations.weight.original0").replace(
            "weight_v", "parametrizations.weight.original1"
        ): tensor
        for name, tensor in old.items()
    }
    folded = {
        name: torch.from_numpy(value)
        for name, value in fold_weight_norm({key: tensor.numpy() for key, tensor in old.items()}).items()
    }
    wrapped = {f"module.{name}": tensor for name, tensor in old.items()}
    spellings = {"g_new": {"generator": new}, "g_folded": folded, "g_wrapped": wrapped}
    for name, content in spellings.items():
        torch.save(content, tmp_path / name)
        voice = convert_hifigan(open_checkpoint(tmp_path / name), None).voice
        assert_renders(HifiGan(Options(), voice), folder, HIFIGAN_TOLERANCE)


def test_folding_is_the_product_that_torch_computes() -> None:
    torch.manual_seed(0)
    layer = torch.nn.utils.parametrizations.weight_norm(torch.nn.ConvTranspose1d(4, 6, 8))
    network = torch.nn.ModuleDict({"up": layer})
    folded = fold_weight_norm({name: tensor.numpy() for name, tensor in network.state_dict().items()})
    assert set(folded) == {"up.weight", "up.bias"}
    np.testing.assert_allclose(folded["up.weight"], layer.weight.detach().numpy(), atol=1e-7)


def assert_renders(vocoder: Vocoder, folder: Path, tolerance: float) -> None:
    data = arrays(folder)
    mel, expected = data["mel"], data["audio"].ravel()
    rendered = vocoder.render(mel)
    assert rendered.shape == (mel.shape[1] * vocoder.mel_spec.hop_samples,)
    np.testing.assert_allclose(rendered[: expected.size], expected, atol=tolerance, rtol=0)
