"""The inverse STFT of the exported graphs is the one of the networks."""

from __future__ import annotations

import pytest
import torch

from vocolab.networks.istft import InverseSTFT
from vocolab.onnx_export.istft import OneProduct, RealInverseSTFT, TwoStages, without_complex_numbers

TOLERANCE = 1e-6
"""Of the peak: float32 sums in another order."""

SIZES = {
    "vocos": (1024, 256, "center"), "hifigan-22k": (512, 128, "hifigan"), "iSTFTNet": (16, 4, "center"),
    "a last row that is not full": (400, 150, "hifigan"), "no sixteenth": (1028, 256, "hifigan"),
    "hop of half": (128, 64, "center"), "small and uneven": (20, 6, "center"),
}


@pytest.mark.parametrize("frames", [1, 2, 9])
@pytest.mark.parametrize("name", SIZES)
def test_it_gives_what_the_network_gives(name: str, frames: int) -> None:
    n_fft, hop_samples, padding = SIZES[name]
    istft = InverseSTFT(n_fft, hop_samples, padding)
    torch.manual_seed(0)
    magnitude = torch.rand(2, n_fft // 2 + 1, frames)
    phase = 6 * torch.randn(2, n_fft // 2 + 1, frames)
    wanted = istft.polar(magnitude, phase)
    given = RealInverseSTFT(istft).polar(magnitude, phase)
    assert given.shape == wanted.shape == (2, frames * hop_samples)
    peak = max(1.0, float(wanted.abs().max()))  # far beyond 1 where a window's end stands alone
    assert float((given - wanted).abs().max()) < TOLERANCE * peak


def test_long_transforms_take_two_stages_and_short_ones_a_product() -> None:
    assert isinstance(RealInverseSTFT(InverseSTFT(1024, 256, "center")).frames, TwoStages)
    assert isinstance(RealInverseSTFT(InverseSTFT(16, 4, "center")).frames, OneProduct)


def test_two_stages_store_and_multiply_less() -> None:
    """At 1024 one product's matrix has 1026 x 1024 numbers."""
    istft = RealInverseSTFT(InverseSTFT(1024, 256, "center"))
    stored = sum(buffer.numel() for buffer in istft.frames.buffers())
    assert stored < 1026 * 1024 / 20


def test_it_is_put_in_place_of_every_inverse_stft() -> None:
    network = torch.nn.Sequential(torch.nn.Sequential(InverseSTFT(64, 16, "center")), InverseSTFT(512, 128, "center"))
    kinds = [type(module) for module in without_complex_numbers(network).modules()]
    assert kinds.count(RealInverseSTFT) == 2
    assert InverseSTFT not in kinds
