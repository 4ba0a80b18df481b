"""A transposed convolution as a plain one."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from vocolab.networks.interleaving import InterleavedUpsampling, with_interleaved_upsampling


@pytest.mark.parametrize(("kernel", "rate", "padding", "more"), [
    (16, 8, 4, 0), (4, 2, 1, 0), (8, 4, 2, 0), (11, 5, 3, 0), (10, 5, 3, 1), (7, 3, 2, 0), (2, 2, 0, 0),
])  # fmt: skip
@pytest.mark.parametrize("has_bias", [True, False])
def test_the_numbers_are_the_same(kernel: int, rate: int, padding: int, more: int, has_bias: bool) -> None:
    torch.manual_seed(kernel)
    up = nn.ConvTranspose1d(6, 3, kernel, rate, padding, more, bias=has_bias)
    x = torch.randn(2, 6, 9)
    with torch.inference_mode():
        wanted = up(x)
        network = with_interleaved_upsampling(nn.Sequential(up))
        found = network(x)
    assert wanted.shape == found.shape == (2, 3, 9 * rate)
    assert torch.allclose(found, wanted, atol=1e-6)
    assert isinstance(network[0], InterleavedUpsampling)


def test_what_makes_another_number_of_steps_stays() -> None:
    up = nn.ConvTranspose1d(2, 2, 4, 2)
    assert with_interleaved_upsampling(nn.Sequential(up))[0] is up
