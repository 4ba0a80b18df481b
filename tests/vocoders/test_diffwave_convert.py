"""Published DiffWave checkpoints become voices that render what the checkpoint does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from vocolab.checkpoints import Conversion, open_checkpoint
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.voice import Voice
from vocolab_diffwave.config import PUBLISHED_FAST_SCHEDULE, DiffWaveConfig
from vocolab_diffwave.convert import convert, recognise
from vocolab_diffwave.network import DiffWave as Network
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.vocoder import DiffWave

SPEC = convention("diffwave-22k")
SAME_AUDIO = 1e-6
PARAMS: dict[str, Any] = {
    "sample_rate": 22050, "n_mels": 80, "n_fft": 1024, "hop_samples": 256, "crop_mel_frames": 62, "batch_size": 16,
    "residual_layers": 3, "residual_channels": 8, "dilation_cycle_length": 2,
    "noise_schedule": np.linspace(1e-4, 0.05, 50).tolist(), "audio_len": 110250,
}
NEW = {"unconditional": False, "inference_noise_schedule": [0.001, 0.05, 0.3]}


def network() -> Network:
    torch.manual_seed(5)
    return Network(DiffWaveConfig(residual_layers=3, residual_channels=8, dilation_cycle_length=2), SPEC)


def saved(path: Path, content: Any) -> Path:
    torch.save(content, path)
    return path


def converted(path: Path, mel_spec: MelSpec | None = None) -> Conversion:
    return convert(open_checkpoint(path), mel_spec)


def rendered(voice: Voice) -> np.ndarray:
    mel = np.random.default_rng(1).uniform(0, 1, (80, 9)).astype(np.float32)
    return DiffWave(DiffWaveOptions(), voice).render(mel, seed=2)


def test_old_params_lack_two_keys_and_the_assumption_is_stated(tmp_path: Path) -> None:
    state = network().state_dict()
    old = converted(saved(tmp_path / "old.pt", {"step": 1000578, "model": state, "params": PARAMS, "scaler": {}}))
    assert any("inference_noise_schedule" in line for line in old.assumptions)
    assert old.voice.provenance["steps"] == 1000578
    assert old.voice.mel_spec == SPEC
    given = {**PARAMS, "unconditional": False, "inference_noise_schedule": PUBLISHED_FAST_SCHEDULE}
    new = converted(saved(tmp_path / "new.pt", {"model": state, "params": given}))
    assert new.assumptions == ()
    np.testing.assert_array_equal(rendered(old.voice), rendered(new.voice))


def test_a_conversion_renders_what_the_weights_do(tmp_path: Path) -> None:
    made = network()
    direct = Voice(
        "diffwave",
        {**{key: PARAMS[key] for key in ("residual_layers", "residual_channels", "dilation_cycle_length")}, **NEW},
        SPEC, {name: tensor.numpy() for name, tensor in made.state_dict().items()},
    )
    path = saved(tmp_path / "weights.pt", {"model": made.state_dict(), "params": {**PARAMS, **NEW}})
    converted(path).voice.save(tmp_path / "voice.safetensors")
    again = Voice.load(tmp_path / "voice.safetensors")
    np.testing.assert_allclose(rendered(again), rendered(direct), atol=SAME_AUDIO, rtol=0)


def test_wrapped_names_and_a_config_beside_the_weights(tmp_path: Path) -> None:
    state = network().state_dict()
    wrapped = {f"module._orig_mod.{name}": tensor for name, tensor in state.items()}
    inside = converted(saved(tmp_path / "a.pt", {"model": wrapped, "params": {**PARAMS, **NEW}}))
    assert "module." in inside.layout
    import json

    (tmp_path / "config.json").write_text(json.dumps({**PARAMS, **NEW}))
    beside = converted(saved(tmp_path / "b.pt", state))
    assert "without its params" in beside.layout
    np.testing.assert_array_equal(rendered(inside.voice), rendered(beside.voice))


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16])
def test_weights_of_half_precision(tmp_path: Path, kind: torch.dtype) -> None:
    state = {name: tensor.to(kind) for name, tensor in network().state_dict().items()}
    voice = converted(saved(tmp_path / "half.pt", {"model": state, "params": {**PARAMS, **NEW}})).voice
    for name, tensor in voice.tensors.items():
        assert tensor.dtype == np.float32
        np.testing.assert_array_equal(tensor, state[name].float().numpy())


def test_other_sizes_are_a_convention_of_their_own(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = DiffWaveConfig(residual_layers=3, residual_channels=8, dilation_cycle_length=2)
    spec = MelSpec.from_dict({**SPEC.to_dict(), "sample_rate": 16000, "hop_samples": 200, "win_samples": 800,
                              "fmax_hz": 8000.0, "n_mels": 64})
    params = {**PARAMS, **NEW, "sample_rate": 16000, "hop_samples": 200, "n_mels": 64}
    path = saved(tmp_path / "w.pt", {"model": Network(config, spec).state_dict(), "params": params})
    result = converted(path)
    assert result.voice.mel_spec == spec
    assert any("window" in line for line in result.assumptions)
    audio = DiffWave(DiffWaveOptions(), result.voice).render(np.zeros((64, 5), np.float32))
    assert audio.shape == (1000,)


def broken(change: str) -> dict[str, Any]:
    state = dict(network().state_dict())
    params = {**PARAMS, **NEW}
    if change == "missing":
        del state["skip_projection.bias"]
    elif change == "unknown":
        state["extra.weight"] = torch.zeros(1)
    elif change == "shape":
        state["output_projection.weight"] = torch.zeros(2, 8, 1)
    elif change == "unconditional":
        params["unconditional"] = True
    elif change == "nan":
        state["skip_projection.bias"] = torch.full((8,), float("nan"))
    elif change == "layers":
        params["residual_layers"] = 4
    return {"model": state, "params": params}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("missing", "lacks skip_projection.bias"), ("unknown", "extra.weight"), ("shape", "output_projection.weight"),
        ("unconditional", "takes no mel"), ("nan", "NaN"), ("layers", "lacks residual_layers.3."),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, change: str, said: str) -> None:
    with pytest.raises(CheckpointError, match=said):
        converted(saved(tmp_path / "w.pt", broken(change)))


def test_weights_without_params_ask_for_them(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="--config"):
        converted(saved(tmp_path / "w.pt", network().state_dict()))


def test_other_checkpoints_are_not_recognised(tmp_path: Path) -> None:
    for content in ({"generator": {"conv_pre.weight": torch.zeros(1)}}, {"a": 1}, [torch.zeros(1)]):
        assert recognise(open_checkpoint(saved(tmp_path / "w.pt", content))) is None
