"""The backbone by NumPy gives what torch's gives, however its frames are cut."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.networks.array_backbone import ArrayBackbone, ArrayBackboneStream
from vocolab.networks.array_layers import gelu, normalised
from vocolab.networks.convnext import Backbone, initialise

FRAMES, CHANNELS = 70, 12


@pytest.fixture(scope="module")
def network() -> Backbone:
    torch.manual_seed(3)
    made = Backbone(CHANNELS, 24, 40, 3)
    initialise(made)
    with torch.no_grad():
        for name, value in made.named_parameters():  # no gain is 1 and no bias is 0, so that each has a say
            value.add_(0.2 * torch.randn_like(value) if "gamma" in name or "norm" in name or "bias" in name else 0)
    return made.eval().requires_grad_(False)


def weights_of(network: Backbone) -> dict[str, np.ndarray]:
    return {f"backbone.{name}": value.numpy() for name, value in network.state_dict().items()}


def wanted_of(network: Backbone, x: np.ndarray) -> np.ndarray:
    return network(torch.from_numpy(x.T.copy())[None])[0].numpy()


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(0, FRAMES), max_size=6))
def test_any_partition_gives_what_torch_gives_of_the_whole(network: Backbone, cuts: list[int]) -> None:
    x = np.random.default_rng(0).standard_normal((FRAMES, CHANNELS)).astype(np.float32)
    stream, parts = ArrayBackboneStream(ArrayBackbone(weights_of(network))), []
    for low, high in zip([0, *sorted(cuts)], [*sorted(cuts), FRAMES], strict=True):
        parts.append(stream.push(x[low:high]))
    parts.append(stream.push(x[:0], last=True))
    found = np.concatenate(parts)
    assert found.shape == (FRAMES, 24)
    np.testing.assert_allclose(found, wanted_of(network, x), atol=2e-5)


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
def test_few_frames(network: Backbone, frames: int) -> None:
    x = np.random.default_rng(1).standard_normal((frames, CHANNELS)).astype(np.float32)
    stream = ArrayBackboneStream(ArrayBackbone(weights_of(network)))
    found = np.concatenate([stream.push(x), stream.push(x[:0], last=True)])
    assert found.shape == (frames, 24)
    if frames:
        np.testing.assert_allclose(found, wanted_of(network, x), atol=2e-5)


def test_functions_are_those_of_torch() -> None:
    x = np.linspace(-6, 6, 3000, dtype=np.float32).reshape(10, 300)
    np.testing.assert_allclose(gelu(x), torch.nn.functional.gelu(torch.from_numpy(x)).numpy(), atol=1e-6)
    wanted = torch.nn.functional.layer_norm(torch.from_numpy(x), (300,), eps=1e-6).numpy()
    np.testing.assert_allclose(normalised(x), wanted, atol=1e-5)
