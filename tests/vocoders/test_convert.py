"""What a checkpoint can be that is no voice: each is refused in one line, and nothing of it runs."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from vocolab.checkpoints import open_checkpoint
from vocolab.errors import CheckpointError, UnsafePickle, VocolabError
from vocolab.mels.conventions import convention
from vocolab.voice import Voice
from vocolab_hifigan.config import HifiGanConfig, config_problems
from vocolab_hifigan.convert import convert
from vocolab_hifigan.generator import HifiGanGenerator

CONFIG: dict[str, Any] = {
    "resblock": "2", "upsample_rates": [8, 8, 4], "upsample_kernel_sizes": [16, 16, 8], "upsample_initial_channel": 16,
    "resblock_kernel_sizes": [3, 5], "resblock_dilation_sizes": [[1, 2], [2, 6]], "num_mels": 80, "n_fft": 1024,
    "hop_size": 256, "win_size": 1024, "sampling_rate": 22050, "fmin": 0, "fmax": 8000, "learning_rate": 0.0002,
}


class RunsCode:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.marker}",)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    torch.save({"generator": state()}, tmp_path / "g_00000001")
    return tmp_path / "g_00000001"


def state() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    config = HifiGanConfig.model_validate({key: CONFIG[key] for key in HifiGanConfig.model_fields if key in CONFIG})
    return HifiGanGenerator(config, convention("hifigan-22k")).state_dict()


def converted(path: Path) -> Voice:
    return convert(open_checkpoint(path), None).voice


def write_config(checkpoint: Path, **changes: Any) -> None:
    (checkpoint.parent / "config.json").write_text(json.dumps({**CONFIG, **changes}))


def test_an_official_checkpoint_becomes_a_voice(checkpoint: Path) -> None:
    voice = converted(checkpoint)
    assert voice.mel_spec == convention("hifigan-22k")
    assert voice.parameters == sum(tensor.numel() for tensor in state().values())


def test_a_truncated_checkpoint(checkpoint: Path) -> None:
    checkpoint.write_bytes(checkpoint.read_bytes()[:3000])
    with pytest.raises(CheckpointError, match="truncated, or not a checkpoint"):
        converted(checkpoint)


@pytest.mark.parametrize("writer", [torch.save, lambda content, path: path.write_bytes(pickle.dumps(content))])
def test_a_pickle_that_runs_code_is_refused_and_nothing_runs(checkpoint: Path, writer: Any) -> None:
    marker = checkpoint.parent / "ran"
    writer({"generator": state(), "extra": RunsCode(marker)}, checkpoint)
    with pytest.raises(UnsafePickle, match="none of it was run"):
        converted(checkpoint)
    assert not marker.exists()


def test_a_text_file_is_no_checkpoint(checkpoint: Path) -> None:
    checkpoint.write_text("hello, this is a text\n")
    with pytest.raises(CheckpointError, match="g_00000001"):
        converted(checkpoint)


def test_a_missing_checkpoint_and_a_missing_config(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no such file"):
        converted(tmp_path / "g_2")
    (tmp_path / "config.json").unlink()
    with pytest.raises(CheckpointError, match=r"config\.json beside the checkpoint"):
        converted(checkpoint)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"upsample_initial_channel": 32}, "the config asks for"),
        ({"upsample_rates": [8, 8, 2]}, "128 samples a frame; the hop is 256"),
        ({"upsample_kernel_sizes": [16, 15, 8]}, "kernel minus rate has to be even"),
        ({"resblock": "3"}, "resblock"),
        ({"resblock_dilation_sizes": [[1, 2]]}, "1 lists for 2"),
        ({"num_mels": 100}, "conv_pre.weight"),
        ({"gen_istft_n_fft": 16}, "has to be given together"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(checkpoint: Path, changes: dict[str, Any], expected: str) -> None:
    write_config(checkpoint, **changes)
    with pytest.raises(VocolabError, match=expected) as caught:
        converted(checkpoint)
    assert "\n" not in str(caught.value)


def test_a_config_without_its_sizes_names_them(checkpoint: Path) -> None:
    (checkpoint.parent / "config.json").write_text(json.dumps({"resblock": "1"}))
    with pytest.raises(CheckpointError, match="lacks sampling_rate, n_fft"):
        converted(checkpoint)


def test_weights_of_another_model_are_refused(checkpoint: Path) -> None:
    torch.save({"generator": {"first_conv.weight": torch.zeros(3)}}, checkpoint)
    with pytest.raises(CheckpointError, match="not a HiFi-GAN generator"):
        converted(checkpoint)


def test_weights_that_are_not_finite_are_refused(checkpoint: Path) -> None:
    broken = state()
    broken["conv_pre.bias"][0] = float("nan")
    torch.save({"generator": broken}, checkpoint)
    with pytest.raises(CheckpointError, match=r"conv_pre\.bias holds NaN"):
        converted(checkpoint)


def test_a_damaged_voice_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    path = tmp_path / "voice.safetensors"
    converted(checkpoint).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-7] + b"\x01" + whole[-6:])
    with pytest.raises(CheckpointError, match="checksum"):
        Voice.load(path)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckpointError):
        Voice.load(path)
    save_file({"x": np.zeros(3, np.float32)}, path)
    with pytest.raises(CheckpointError, match="not a vocolab voice"):
        Voice.load(path)


def test_the_linter_passes_every_published_config() -> None:
    v1 = HifiGanConfig().model_dump()
    assert config_problems(v1, 256) == []
    assert config_problems({**v1, "upsample_rates": [8, 8, 4, 2], "upsample_kernel_sizes": [16, 16, 8, 4]}, 512) == []
    istft = {"gen_istft_n_fft": 16, "gen_istft_hop_size": 4}
    assert config_problems({**v1, **istft, "upsample_rates": [8, 8], "upsample_kernel_sizes": [16, 16]}, 256) == []
