"""A device is chosen, checked and used. No GPU is needed: torch is told what the machine has, or it is `meta`."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import vocolab
from vocolab.errors import CallError
from vocolab.mels.conventions import convention
from vocolab.networks.device import choose_device, devices_here, put_on
from vocolab.networks.vocoder import NetworkVocoder

SPEC = convention("hifigan-22k")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch):
    """Makes torch say that it has so many CUDA devices, and MPS."""

    def have(cuda: int = 0, mps: bool = False) -> None:
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return have


@pytest.mark.parametrize(
    ("cuda", "mps", "auto"), [(0, False, "cpu"), (1, False, "cuda"), (0, True, "mps"), (2, True, "cuda")]
)
def test_auto_takes_the_fastest_that_is_here(machine, cuda: int, mps: bool, auto: str) -> None:
    machine(cuda, mps)
    assert choose_device("auto") == auto
    assert choose_device("cpu") == "cpu"


def test_one_of_several_gpus(machine) -> None:
    machine(2)
    assert devices_here() == ["cpu", "cuda", "cuda:0", "cuda:1"]
    assert choose_device("cuda:1") == "cuda:1"
    with pytest.raises(CallError, match=r"'cuda:2': torch finds no such .*; there is cpu, cuda, cuda:0, cuda:1"):
        choose_device("cuda:2")


@pytest.mark.parametrize("asked", ["cuda", "mps", "cuda:0"])
def test_what_is_not_here_is_named_with_what_is(machine, asked: str) -> None:
    machine()
    with pytest.raises(CallError, match=f"device '{asked}': torch finds no such device here; there is cpu"):
        choose_device(asked)


@pytest.mark.parametrize("asked", ["gpu", "", "cuda:", "cuda:x", "cpu:0", "auto:1", "meta", "CUDA"])
def test_what_is_no_device_is_refused(asked: str) -> None:
    with pytest.raises(CallError, match="allowed are cpu, cuda, mps, auto"):
        choose_device(asked)


class Elsewhere(torch.nn.Module):
    """Notes where its input and its weights are, and gives silence."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.seen: list[str] = []

    def forward(self, mel: torch.Tensor) -> torch.Tensor:
        self.seen.append(f"{mel.device} {self.weight.device}")
        return torch.zeros(1, mel.shape[2] * SPEC.hop_samples)


def test_a_network_vocoder_moves_its_network_and_its_mels() -> None:
    network = Elsewhere()
    vocoder = NetworkVocoder(network, SPEC, 0)
    mel = np.zeros((80, 3), dtype=np.float32)
    vocoder.render(mel)
    vocoder.to("meta")
    assert vocoder.render(mel).shape == (3 * SPEC.hop_samples,)
    assert network.seen == ["cpu cpu", "meta meta"]


def test_what_has_no_way_to_move_stays_on_the_cpu(machine) -> None:
    machine(1)
    assert put_on(object(), "auto", "griffinlim") == put_on(object(), "cpu", "griffinlim") == "cpu"
    with pytest.raises(CallError, match="griffinlim runs on the CPU only; ask for cpu, or for auto"):
        put_on(object(), "cuda", "griffinlim")


def test_these_network_vocoders_can_move() -> None:
    from vocolab.catalog import Catalog
    from vocolab.plugins.host import PluginHost
    from vocolab.plugins.targets import load_target

    catalog = Catalog(PluginHost(allow=frozenset()))
    can = {entry.name for entry in catalog.vocoders.entries() if hasattr(load_target(entry), "to")}
    assert can >= {"bigvgan", "diffwave", "harmonic", "hifigan", "vocos", "waveglow"} and "griffinlim" not in can


def test_renderers_say_where_they_run(machine) -> None:
    machine()
    assert vocolab.vocoder("griffinlim", device="auto").device == "cpu"
    with pytest.raises(CallError, match="there is cpu"):
        vocolab.vocoder("griffinlim", device="cuda")
    with pytest.raises(CallError, match="open already"):
        vocolab.render(np.zeros((80, 8), np.float32) - 5, vocolab.vocoder("griffinlim"), device="cpu")


@pytest.mark.parametrize("name", ["diffwave", "harmonic", "waveglow", "vocos"])
def test_a_move_to_the_cpu_changes_nothing(name: str) -> None:
    renderer = vocolab.vocoder(name, refine=0)
    mel = np.random.default_rng(0).uniform(-9, -2, (80, 4)).astype(np.float32)
    if name == "diffwave":
        mel = mel / 12 + 0.8
    before = renderer.vocoder.render(mel)
    renderer.vocoder.to("cpu")
    np.testing.assert_array_equal(renderer.vocoder.render(mel), before)
