"""What this vocoder promises beyond vocolab's contract, which `pytest --vocolab vocolab-onnx-file` tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import vocolab
from vocolab.errors import CheckpointError, OptionError


def test_the_file_gives_what_the_voice_gives(tmp_path: Path) -> None:
    file = tmp_path / "vocos.onnx"
    vocolab.export("vocos-22k", file)
    noise = np.random.default_rng(0).normal(0, 0.05, 22_050).astype(np.float32)
    ours = vocolab.vocoder("vocos", "vocos-22k", refine=0)
    mel = vocolab.mel(vocolab.Audio.mono(noise, ours.sample_rate), ours.mel_spec)
    found = vocolab.vocoder("onnx-file", file=str(file))(mel)
    assert np.abs(found.samples - ours(mel).samples).max() < 1e-4


def test_what_is_no_such_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="name the ONNX file"):
        vocolab.vocoder("onnx-file")
    (tmp_path / "x.onnx").write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="is no vocoder"):
        vocolab.vocoder("onnx-file", file=str(tmp_path / "x.onnx"))
