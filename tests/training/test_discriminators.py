"""Discriminators of the published sizes, and gradients that stay where they belong."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from jobs import SLIM, job
from torch import Tensor, nn
from torch.nn.utils import parametrize

from vocolab.training.adversarial.discriminators import Discriminators
from vocolab.training.adversarial.layers import scores_and_features
from vocolab.training.adversarial.objectives import OBJECTIVES, discriminator_loss, feature_matching, generator_loss
from vocolab.training.adversarial.resolution import RESOLUTIONS, last_layer, spectral_layers
from vocolab.training.corpus import Corpus
from vocolab.training.recipe import recipe_from
from vocolab.training.tables import AdversarialOptions
from vocolab.training.tasks.adversarial import AdversarialTask


def options(*kinds: str, **values: object) -> AdversarialOptions:
    adversarial = recipe_from({"adversarial": {"discriminators": list(kinds), **values}}, "recipe").adversarial
    assert adversarial is not None
    return adversarial


def folded_parameters(network: nn.Module) -> int:
    """Parameters as they count without weight norm and spectral norm."""
    for module in list(network.modules()):
        if parametrize.is_parametrized(module):
            parametrize.remove_parametrizations(module, "weight")
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize(
    ("kind", "judges", "millions"),
    # HiFi-GAN's official ones sum to 70.7 M under weight norm, which counts a gain a channel more.
    [("period", 5, 41.092), ("scale", 3, 29.611), ("resolution", 3, 0.2804), ("band", 3, 1.4116)],
)
def test_the_published_configuration_has_the_published_size(kind: str, judges: int, millions: float) -> None:
    network = Discriminators(options(kind))
    assert len(network.judges) == judges
    assert folded_parameters(network) / 1e6 == pytest.approx(millions, rel=1e-4)


def test_both_of_hifigan_have_the_parameters_that_its_authors_count() -> None:
    assert sum(p.numel() for p in Discriminators(options("period", "scale")).parameters()) / 1e6 == pytest.approx(
        70.72, abs=0.02
    )


@pytest.mark.parametrize("kind", ["period", "scale", "resolution", "band", "light"])
def test_each_clip_of_a_batch_is_judged_by_itself(kind: str) -> None:
    network = Discriminators(options(kind, width=0.05)).eval()
    audio = 0.1 * torch.randn(3, 4099)
    for (scores, features), (single, _) in zip(network(audio), network(audio[1:2]), strict=True):
        assert scores.ndim == 2 and len(scores) == 3 and all(len(layer) == 3 for layer in features)
        torch.testing.assert_close(scores[1:2], single, rtol=1e-4, atol=1e-6)


def test_a_period_looks_along_its_columns_only() -> None:
    """A change in one column of the folded audio moves the scores of that column and of no other."""
    network = Discriminators(options("period", width=0.05, periods=[5])).eval()
    audio = 0.1 * torch.randn(1, 500)
    other = audio.clone()
    other[0, 3::5] += 0.5
    moved = (network(audio)[0][0] - network(other)[0][0]).reshape(-1, 5).abs().sum(dim=0)
    assert moved[3] > 0 and moved[[0, 1, 2, 4]].max() == 0


def test_a_resolution_is_coarser_along_frequency_and_keeps_its_frames() -> None:
    network = Discriminators(options("resolution", width=0.05))
    for (scores, features), (n_fft, hop, _) in zip(network(torch.randn(1, 4800)), RESOLUTIONS, strict=True):
        frames, bins = 1 + 4800 // hop, n_fft // 2
        assert [layer.shape[2] for layer in features] == [frames] * 6
        assert [layer.shape[3] for layer in features] == [bins // n + 1 for n in (1, 2, 4, 8, 8, 8)]
        assert scores.shape == (1, frames * (bins // 8 + 1))


def test_the_long_side_of_a_resolutions_kernels_lies_along_frequency() -> None:
    """A point of the spectrum reaches 1 frame a layer to either side, and 4 bins in the first."""
    torch.manual_seed(0)
    layers, last = spectral_layers(1, 0.05).double(), last_layer(0.05).double()  # the farthest moves by very little
    spectrum = torch.zeros(1, 1, 31, 65, dtype=torch.float64)
    point = spectrum.clone()
    point[..., 15, 32] = 1.0
    (_, nothing), (_, something) = scores_and_features(spectrum, layers, last), scores_and_features(point, layers, last)
    moved = [(one - other)[0].abs().amax(dim=0).nonzero() for one, other in zip(nothing, something, strict=True)]
    assert (moved[0].amin(dim=0).tolist(), moved[0].amax(dim=0).tolist()) == ([14, 28], [16, 36])
    assert (moved[-1][:, 0].min(), moved[-1][:, 0].max()) == (9, 21)


def verdict(*scores: float) -> list[tuple[Tensor, list[Tensor]]]:
    return [(torch.tensor([[score]]), [torch.tensor([[score]]), torch.tensor([[2 * score]])]) for score in scores]


def test_the_objectives_have_their_values() -> None:
    squares, hinge = OBJECTIVES["least-squares"], OBJECTIVES["hinge"]
    real, fake = verdict(0.5, 1.0), verdict(0.25, -2.0)
    assert float(discriminator_loss(squares, real, fake)) == pytest.approx(0.25 + 0.0625 + 0 + 4)
    assert float(generator_loss(squares, fake)) == pytest.approx(0.5625 + 9)
    assert float(discriminator_loss(hinge, real, fake)) == pytest.approx(0.5 + 1.25 + 0 + 0)
    assert float(generator_loss(hinge, fake)) == pytest.approx(0.75 + 3)
    assert float(feature_matching(real, fake)) == pytest.approx(0.25 + 0.5 + 3 + 6)
    assert float(feature_matching(real, real)) == 0


def test_gradients_flow_to_the_player_whose_turn_it_is(corpus: Corpus, tmp_path: Path) -> None:
    trainer = job("vocos", tmp_path, adversarial=SLIM).trainer(corpus)
    task = trainer.task
    assert isinstance(task, AdversarialTask)
    judges, generator = task.discriminators.learner.network, task.learner.network
    before = {name: tensor.clone() for name, tensor in generator.state_dict().items()}
    batch = trainer.batches.of(0)[0]
    pair = task._pair(batch, 1)
    task.discriminators.step([pair], 0)
    assert all(torch.equal(before[name], tensor) for name, tensor in generator.state_dict().items())
    assert all(parameter.grad is None for parameter in generator.parameters())
    loss, _ = task.loss(batch)
    loss.backward()
    assert all(parameter.grad is not None for parameter in generator.parameters())
    assert all(parameter.grad is None for parameter in judges.parameters())
    assert all(parameter.requires_grad for parameter in judges.parameters())


def test_discriminators_wait_for_their_step(corpus: Corpus, tmp_path: Path) -> None:
    tables = {"adversarial": {**SLIM, "start_step": 3}, "log": {"every_steps": 1, "tensorboard": False}}
    trainer = job("vocos", tmp_path, **tables).trainer(corpus)
    fresh = {name: tensor.clone() for name, tensor in trainer.task.state()["discriminators"].items()}
    seen: list[dict[str, float]] = []
    trainer.train(seen.append, until=3)
    assert all(torch.equal(fresh[name], tensor) for name, tensor in trainer.task.state()["discriminators"].items())
    assert not any("adversarial" in record for record in seen)
    trainer.train(seen.append, until=4)
    assert {"adversarial", "features", "discriminator", "mel"} <= set(seen[-2 if "validation" in seen[-1] else -1])
    assert any(not torch.equal(fresh[n], tensor) for n, tensor in trainer.task.state()["discriminators"].items())


def test_discriminators_learn_to_tell(corpus: Corpus, tmp_path: Path) -> None:
    optimizer = {"learning_rate": 3e-3, "schedule": "constant"}
    adversarial = {**SLIM, "discriminators": ["period"], "width": 0.1}
    trainer = job("vocos", tmp_path, optimizer, adversarial=adversarial).trainer(corpus)
    assert isinstance(trainer.task, AdversarialTask)
    random = torch.Generator().manual_seed(0)
    time = torch.arange(4096) / 22_050
    losses = []
    for step in range(30):
        tones = 0.3 * torch.sin(2 * torch.pi * (200 + 200 * torch.rand(4, 1, generator=random)) * time)
        noise = 0.2 * torch.randn(4, 4096, generator=random)
        losses.append(float(trainer.task.discriminators.step([(tones, noise)], step)["discriminator"]))
    assert losses[-1] < 0.5 * losses[0]


def test_the_one_of_mels_keeps_frames_and_hears_a_smoothed_mel() -> None:
    judge = Discriminators(AdversarialOptions(discriminators=("mel",), width=0.25)).judges[0]
    scores, features = judge(torch.randn(2, 50, 80))
    assert scores.shape == (2, 50 * 5)
    assert [layer.shape[2] for layer in features] == [50] * 5
    optimizer = torch.optim.Adam(judge.parameters(), 3e-3)
    random = torch.Generator().manual_seed(1)
    for _ in range(40):
        sharp = torch.randn(4, 64, 80, generator=random)
        smooth = 0.3 * sharp
        loss = discriminator_loss(OBJECTIVES["hinge"], [judge(sharp)], [judge(smooth)])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert judge(sharp)[0].mean() > judge(smooth)[0].mean() + 1
