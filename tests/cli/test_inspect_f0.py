"""`vocolab inspect` shows the F0 that a mel file carries."""

import json

import numpy as np
import pytest

from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel

SPEC = convention("hifigan-22k")
F0 = np.where(np.arange(30) % 5 == 0, 0.0, 100.0 + np.arange(30)).astype(np.float32)


def test_inspect_shows_f0_where_there_is_one(tmp_path, cli):
    values = np.random.default_rng(0).uniform(-11.0, 0.0, (80, 30)).astype(np.float32)
    for name in ("mel.safetensors", "mel.npz"):
        Mel(values, SPEC, F0).save(tmp_path / name)
        assert "101.0 to 129.0 Hz, median 115.0; 24 of 30 frames voiced" in cli("inspect", name).out
        assert json.loads(cli("inspect", name, "--json").out)["f0"]["median_hz"] == 115.0
        Mel(values, SPEC).save(tmp_path / name)
        assert json.loads(cli("inspect", name, "--json").out)["f0"] is None


def test_a_picture_has_f0_as_a_line(tmp_path, cli):
    pytest.importorskip("matplotlib")
    values = np.random.default_rng(0).uniform(-11.0, 0.0, (80, 30)).astype(np.float32)
    sizes = []
    for f0 in (None, F0):
        Mel(values, SPEC, f0).save(tmp_path / "mel.npz")
        assert cli("inspect", "mel.npz", "--plot", "mel.svg").code == 0
        sizes.append((tmp_path / "mel.svg").read_text().count("<path"))
    assert sizes[1] > sizes[0]
