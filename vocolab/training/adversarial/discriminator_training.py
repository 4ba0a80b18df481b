"""Training the discriminators beside a generator: their own step, and the losses that they give the generator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from vocolab.training.adversarial.layers import Output
from vocolab.training.adversarial.objectives import OBJECTIVES, discriminator_loss, feature_matching, generator_loss
from vocolab.training.learner import Learner
from vocolab.training.tables import AdversarialOptions


class DiscriminatorTraining:
    """The discriminators of a recipe with their optimiser."""

    def __init__(self, learner: Learner, options: AdversarialOptions) -> None:
        self.learner, self.options = learner, options
        self.objective = OBJECTIVES[options.objective]

    def step(self, pairs: Sequence[tuple[Tensor, Tensor]], step: int) -> dict[str, Tensor]:
        """One step of the discriminators on pairs of recordings and renderings; no gradient reaches the renderings.

        Raises:
            Diverged: if their loss is no number.
        """
        total = torch.zeros((), device=self.learner.device)
        for recorded, rendered in pairs:
            both = torch.cat([recorded, rendered.detach()])
            with self.learner.autocast():
                outputs = self.learner.call(_forward, both)
            real, fake = _halves(outputs, len(recorded))
            loss = discriminator_loss(self.objective, real, fake)
            self.learner.backward(loss, len(pairs))
            total = total + loss.detach() / len(pairs)
        return {"discriminator": total, "discriminator_gradient": self.learner.update(step)}

    def generator_losses(self, recorded: Tensor, rendered: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Adversarial loss and feature matching, weighted and summed, and each; the discriminators get no gradient."""
        with _frozen(self.learner.network), self.learner.autocast():
            outputs = _forward(self.learner.network, torch.cat([recorded, rendered]))
        real, fake = _halves(outputs, len(recorded))
        adversarial = generator_loss(self.objective, fake)
        features = feature_matching(real, fake, relative=self.options.relative_features)
        total = self.options.weight * adversarial + self.options.features * features
        return total, {"adversarial": adversarial.detach(), "features": features.detach()}

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"discriminators": self.learner.network.state_dict(), **self.learner.state()}

    def load_state(self, state: dict[str, Any]) -> None:
        """Go on from `state`."""
        self.learner.network.load_state_dict(state["discriminators"])
        self.learner.load_state(state)


def _forward(network: nn.Module, audio: Tensor) -> list[Output]:
    outputs: list[Output] = network(audio)
    return outputs


def _halves(outputs: Sequence[Output], first: int) -> tuple[list[Output], list[Output]]:
    """The outputs for the first clips of a batch, and for the others."""
    real = [(scores[:first], [layer[:first] for layer in layers]) for scores, layers in outputs]
    fake = [(scores[first:], [layer[first:] for layer in layers]) for scores, layers in outputs]
    return real, fake


@contextmanager
def _frozen(network: nn.Module) -> Iterator[None]:
    network.requires_grad_(False)
    try:
        yield
    finally:
        network.requires_grad_(True)
