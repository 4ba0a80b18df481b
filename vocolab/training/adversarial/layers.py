"""What the discriminators have in common."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor, nn
from torch.nn import functional as F

SLOPE = 0.1

Output = tuple[Tensor, list[Tensor]]
"""Scores (batch, any), high for recordings, and the activations of all layers, for feature matching."""


def channels(published: int, width: float, groups: int = 1) -> int:
    """Published channels times `width`: at least one a group, and as many in every group."""
    return max(round(published * width / groups), 1) * groups


def scores_and_features(x: Tensor, layers: Iterable[nn.Module], last: nn.Module) -> Output:
    """Convolutions with leaky ReLUs between, the scores without one."""
    features = []
    for layer in layers:
        x = F.leaky_relu(layer(x), SLOPE)
        features.append(x)
    x = last(x)
    features.append(x)
    return x.flatten(1), features
