"""The other player: discriminators that learn to tell renderings from recordings, and what they tell the generator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from vocolab.training.adversarial.layers import Verdict
from vocolab.training.adversarial.objectives import OBJECTIVES, discriminator_loss, feature_matching, generator_loss
from vocolab.training.learner import Learner
from vocolab.training.tables import AdversarialOptions


class Rival:
    """The discriminators of a recipe with their optimiser."""

    def __init__(self, learner: Learner, options: AdversarialOptions) -> None:
        self.learner, self.options = learner, options
        self.objective = OBJECTIVES[options.objective]

    def learn(self, pairs: Sequence[tuple[Tensor, Tensor]], step: int) -> dict[str, Tensor]:
        """One step of the discriminators on pairs of recordings and renderings; no gradient reaches the renderings.

        Raises:
            Diverged: if their loss is no number.
        """
        total = torch.zeros((), device=self.learner.device)
        for recorded, rendered in pairs:
            both = torch.cat([recorded, rendered.detach()])
            with self.learner.autocast():
                verdicts = self.learner.call(_forward, both)
            real, fake = _halves(verdicts, len(recorded))
            loss = discriminator_loss(self.objective, real, fake)
            self.learner.backward(loss, len(pairs))
            total = total + loss.detach() / len(pairs)
        return {"discriminator": total, "discriminator_gradient": self.learner.update(step)}

    def opinion(self, recorded: Tensor, rendered: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """The generator's loss against them, weighted, and its parts; no gradient reaches the discriminators."""
        with _frozen(self.learner.network), self.learner.autocast():
            verdicts = _forward(self.learner.network, torch.cat([recorded, rendered]))
        real, fake = _halves(verdicts, len(recorded))
        believed = generator_loss(self.objective, fake)
        features = feature_matching(real, fake)
        total = self.options.weight * believed + self.options.features * features
        return total, {"adversarial": believed.detach(), "features": features.detach()}

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"discriminators": self.learner.network.state_dict(), **self.learner.state()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from `state`."""
        self.learner.network.load_state_dict(state["discriminators"])
        self.learner.load_state(state)


def _forward(network: nn.Module, audio: Tensor) -> list[Verdict]:
    verdicts: list[Verdict] = network(audio)
    return verdicts


def _halves(verdicts: Sequence[Verdict], first: int) -> tuple[list[Verdict], list[Verdict]]:
    """The verdicts on the first clips of a batch, and on the others."""
    real = [(scores[:first], [layer[:first] for layer in layers]) for scores, layers in verdicts]
    fake = [(scores[first:], [layer[first:] for layer in layers]) for scores, layers in verdicts]
    return real, fake


@contextmanager
def _frozen(network: nn.Module) -> Iterator[None]:
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)
