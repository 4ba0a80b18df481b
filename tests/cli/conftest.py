"""The command line in this process, a tiny voice, and a mel that it renders."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from speechlike import speechlike

from vocolab.cli.main import run
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel


@dataclass
class Result:
    """What one call did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """stdout, which has to be nothing but JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The error, which has to be the last thing said and one line."""
        lines = [line for line in self.err.splitlines() if line.startswith("vocolab: error: ")]
        assert len(lines) == 1, self.err
        assert self.err.splitlines()[-1] == lines[0]
        assert "Traceback" not in self.err
        return lines[0].removeprefix("vocolab: error: ")


@pytest.fixture
def cli(capsys, monkeypatch, tmp_path):
    """Runs `vocolab ARGUMENTS` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VOCOLAB_PLUGINS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "no-config"))
    monkeypatch.setenv("COLUMNS", "110")  # pytest-xdist hands on the width of its own terminal

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file and what it holds: to see that a call changed nothing."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def unchanged(tmp_path):
    """Fails a test that leaves a file behind or changes one; call it when everything is set up."""
    before: dict[str, bytes] = {}
    folders: list[str] = []

    def remember() -> None:
        before.update(files_under(tmp_path))
        folders.extend(sorted(os.listdir(tmp_path)))

    yield remember
    if folders or before:
        assert files_under(tmp_path) == before
        assert sorted(os.listdir(tmp_path)) == folders


@pytest.fixture
def audio_file(tmp_path):
    """Two seconds of WAV in two channels at 48 kHz."""
    path = tmp_path / "speech.wav"
    speechlike(2.0, 48_000, 2).save(path)
    return path


@pytest.fixture(scope="session")
def mel_values():
    from vocolab.mels.extract import extract

    return extract(speechlike(1.0), convention("hifigan-22k")).values


@pytest.fixture
def mel_file(tmp_path, mel_values):
    """A self-describing mel of one second, `hifigan-22k`."""
    path = tmp_path / "speech.safetensors"
    Mel(mel_values, convention("hifigan-22k")).save(path)
    return path


@pytest.fixture(scope="session")
def voice_file(tmp_path_factory):
    """A HiFi-GAN voice with random weights: what it renders is noise, but of the right length and without fail."""
    import torch

    from vocolab.networks.weights import network_tensors
    from vocolab.voice import Voice
    from vocolab_hifigan.config import HifiGanConfig
    from vocolab_hifigan.generator import HifiGanGenerator

    torch.manual_seed(1)
    spec = convention("hifigan-22k")
    config = HifiGanConfig(
        upsample_rates=[8], upsample_kernel_sizes=[16], upsample_initial_channel=16, gen_istft_n_fft=128,
        gen_istft_hop_size=32,
    )
    path = tmp_path_factory.mktemp("voice") / "tiny.safetensors"
    provenance = {"licence": "CC0-1.0", "trained_on": "nothing: random weights"}
    Voice("hifigan", config.model_dump(), spec, network_tensors(HifiGanGenerator(config, spec)), provenance).save(path)
    return path
