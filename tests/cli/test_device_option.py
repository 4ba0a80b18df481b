"""`--device` on every command that runs a network; `--mel-spec` on train."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from vocolab.cli.session import Session
from vocolab.cli.train import _with_convention
from vocolab.mels.conventions import convention
from vocolab.training.recipe import Recipe


@pytest.fixture
def no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.mark.parametrize(
    "call",
    [["render", "mel.npy", "--vocoder", "griffinlim"], ["render", "mel.npy", "--voice", "vocos-22k"],
     ["train", "vocos", "vocos-22k", "--data", "."], ["bench", "quality", "--data", "corpus"]],
    ids=lambda call: " ".join(call[:2]),
)
def test_a_device_that_is_not_here_is_named_with_what_is(cli, tmp_path, no_gpu, call):
    np.save(tmp_path / "mel.npy", np.random.default_rng(0).uniform(-9, -1, (80, 9)).astype(np.float32))
    (tmp_path / "corpus" / "wavs").mkdir(parents=True)
    (tmp_path / "corpus" / "metadata.csv").write_text("a|a\n")
    (tmp_path / "corpus" / "validation.txt").write_text("a\n")
    from vocolab.audio import Audio

    Audio.mono(np.zeros(22_050, dtype=np.float32), 22_050).save(tmp_path / "corpus" / "wavs" / "a.wav")
    result = cli(*call, "--device", "cuda")
    assert result.code == 2 and "device 'cuda': torch finds no such device here; there is cpu" in result.err
    result = cli(*call, "--device", "gpu")
    assert result.code == 2 and "allowed are cpu, cuda, mps, auto" in result.err


def test_griffinlim_stays_on_the_cpu(cli, tmp_path, monkeypatch):
    np.save(tmp_path / "mel.npy", np.random.default_rng(0).uniform(-9, -1, (80, 9)).astype(np.float32))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert cli("render", "mel.npy", "--vocoder", "griffinlim", "--device", "auto").code == 0
    result = cli("render", "mel.npy", "--vocoder", "griffinlim", "--device", "cuda")
    assert result.code == 2 and "griffinlim runs on the CPU only" in result.err


def test_trains_convention_is_kept_by_name_or_by_its_fields(cli, tmp_path):
    spec = convention("pwg-22k")
    (tmp_path / "mine.toml").write_text(spec.to_toml())
    recipe = Recipe()
    assert _with_convention(recipe, Session(), None) is recipe
    assert _with_convention(recipe, Session(), "pwg-22k").mel_spec == "pwg-22k"
    own = _with_convention(recipe, Session(), "mine.toml")
    (tmp_path / "mine.toml").unlink()
    assert own.convention() == spec and "mel_spec" in own.model_fields_set
