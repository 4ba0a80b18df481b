"""The trainable that generators of all plugins share, and how a state dict becomes a voice."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from jobs import SMALL_HIFIGAN, SMALL_VOCOS
from torch import Tensor, nn
from torch.nn.utils import parametrize
from torch.nn.utils.parametrizations import weight_norm

from vocolab.errors import OptionError
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import filled
from vocolab.options import Options
from vocolab.training.corpus import Corpus
from vocolab.training.export import export_run
from vocolab.training.generator import TrainableGenerator, voice_from_state, weight_normed
from vocolab.training.interfaces import OwnObjective
from vocolab.training.recipe import Recipe, recipe_from
from vocolab.training.session import TrainingJob
from vocolab.training.starting_point import StartingPoint
from vocolab_bigvgan import training as bigvgan
from vocolab_hifigan import training as hifigan
from vocolab_vocos import training as vocos

SPEC = convention("hifigan-22k")
PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"


class MyConfig(Options):
    width: int = 8
    label: str | None = None


class MyGenerator(nn.Module):
    """Every kind of layer that matters: convolutions either way, and one that is none."""

    def __init__(self, config: MyConfig, spec: MelSpec) -> None:
        super().__init__()
        self.first = nn.Conv1d(spec.n_mels, config.width, 3, padding=1)
        self.mix = nn.Linear(config.width, config.width)
        self.up = nn.ConvTranspose1d(config.width, 1, spec.hop_samples, stride=spec.hop_samples)
        self.register_buffer("window", torch.hann_window(5))

    def forward(self, mel: Tensor) -> Tensor:
        mixed = self.mix(torch.tanh(self.first(mel)).transpose(1, 2)).transpose(1, 2)
        audio: Tensor = self.up(mixed)[:, 0]
        return audio


def made(normed: bool, config: MyConfig | None = None) -> TrainableGenerator:
    torch.manual_seed(4)
    config = config or MyConfig()
    network = MyGenerator(config, SPEC)
    return TrainableGenerator("mine", config, SPEC, weight_normed(network) if normed else network)


def some_mel(batch: int = 2) -> Tensor:
    return torch.randn(batch, SPEC.n_mels, 5, generator=torch.Generator().manual_seed(2))


def moved(trainable: TrainableGenerator) -> TrainableGenerator:
    """After a step of training, so to speak: gains are no longer the norms that they began as."""
    random = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in trainable.network.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape, generator=random))
    return trainable


def test_weight_norm_lies_on_all_convolutions_and_changes_no_number() -> None:
    plain, state = made(normed=False).network, torch.get_rng_state()
    normed = made(normed=True).network
    assert torch.equal(state, torch.get_rng_state())  # it draws nothing: later draws of a seed stay what they are
    assert isinstance(normed, MyGenerator)
    parametrized = {name for name, module in normed.named_modules() if parametrize.is_parametrized(module)}
    assert parametrized == {"first", "up"}
    with torch.no_grad():
        torch.testing.assert_close(normed(some_mel()), plain(some_mel()), rtol=0, atol=1e-6)
    assert weight_normed(plain) is plain


@pytest.mark.parametrize("normed", [True, False])
def test_a_voice_has_the_plain_networks_tensors_and_renders_what_the_trained_one_does(normed: bool) -> None:
    trainable = moved(made(normed, MyConfig(label="a")))
    voice = trainable.export(trainable.network.state_dict())
    assert (voice.model, voice.mel_spec, voice.provenance) == ("mine", SPEC, {})
    assert voice.config == {"width": 8, "label": "a"}
    network = filled(lambda: MyGenerator(MyConfig(), SPEC), voice.float32(), "the voice")  # all names, and no other
    with torch.no_grad():
        trained = trainable.render(trainable.network, some_mel())
        assert trained.shape == (2, 5 * SPEC.hop_samples)
        torch.testing.assert_close(network(some_mel()), trained, rtol=0, atol=1e-5)


def test_without_weight_norm_every_number_stays() -> None:
    state = moved(made(normed=False)).network.state_dict()
    voice = voice_from_state("mine", {"width": 8}, SPEC, state)
    assert list(voice.tensors) == list(state)
    assert all(np.array_equal(voice.tensors[name], tensor.numpy()) for name, tensor in state.items())


def test_weight_norm_on_one_layer_alone_is_folded_too() -> None:
    network = MyGenerator(MyConfig(), SPEC)
    weight_norm(network.mix)
    trainable = moved(TrainableGenerator("mine", MyConfig(), SPEC, network))
    voice = trainable.export(network.state_dict())
    np.testing.assert_allclose(voice.tensors["mix.weight"], network.mix.weight.detach(), atol=1e-6)
    assert set(voice.tensors) == set(MyGenerator(MyConfig(), SPEC).state_dict())


def test_the_network_that_is_given_renders_whatever_the_seed() -> None:
    """Validation gives the average, which is not the trainable's own network."""
    trainable, other = made(normed=True), moved(made(normed=True)).network
    with torch.no_grad():
        assert torch.equal(trainable.render(other, some_mel(), seed=1), other(some_mel()))
        assert torch.equal(trainable.render(other, some_mel(), seed=2), other(some_mel()))
    assert not isinstance(trainable, OwnObjective)


def test_a_voice_is_a_starting_point_again() -> None:
    trained = moved(made(normed=True))
    voice = trained.export(trained.network.state_dict())
    again = made(normed=True)
    StartingPoint("voice", voice).apply(again)
    with torch.no_grad():
        torch.testing.assert_close(again.network(some_mel()), trained.network(some_mel()), rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("vocoder", "build", "model", "normed"),
    [
        ("hifigan", hifigan.build, SMALL_HIFIGAN, True), ("vocos", vocos.build, SMALL_VOCOS, False),
        ("bigvgan", bigvgan.build, {"upsample_rates": [16, 16], "upsample_kernel_sizes": [32, 32],
                                    "upsample_initial_channel": 8}, True),
    ],
)
def test_the_generators_inside_are_of_this_kind(vocoder: str, build: Any, model: dict[str, Any], normed: bool) -> None:
    trainable = build(model, SPEC)
    assert isinstance(trainable, TrainableGenerator)
    convolutions = [m for m in trainable.network.modules() if isinstance(m, nn.Conv1d | nn.ConvTranspose1d)]
    assert {parametrize.is_parametrized(module) for module in convolutions} == {normed}
    voice = trainable.export(trainable.network.state_dict())
    assert voice.model == vocoder and voice.config == trainable.config.model_dump()
    assert not any("parametrizations" in name for name in voice.tensors)


def test_the_authors_example_trains(corpus: Corpus, tmp_path: Path) -> None:
    """`build` of docs/plugins.md, as it is printed, is a trainer."""
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    imports, example = (block for block in blocks if "TrainableGenerator" in block)
    namespace: dict[str, Any] = {}
    for block in (imports, example):
        exec(block, namespace)
    with pytest.raises(OptionError, match=r"\[model\].*chanels"):
        namespace["build"]({"chanels": 4}, SPEC)
    recipe: Recipe = recipe_from({
        "model": {"channels": 4}, "optimizer": {"steps": 2, "batch": 2, "segment_frames": 16, "warmup_steps": 1},
        "validation": {"every_steps": 2, "clips": 1, "samples": 0}, "checkpoints": {"every_steps": 2},
        "log": {"tensorboard": False},
    }, "recipe")
    job = TrainingJob("mine", namespace["build"], recipe, tmp_path)
    job.trainer(corpus).train()
    voice = export_run(tmp_path, job.factory)
    assert voice.model == "mine" and voice.tensors["inward.weight"].shape == (4, SPEC.n_mels, 7)


def test_it_imports_no_plugin() -> None:
    code = "import sys, vocolab.training.generator; print(*[n for n in sys.modules if n.startswith('vocolab_')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
