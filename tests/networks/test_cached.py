"""Layers that keep what they have seen give what one pass over the whole gives, however the frames come."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from vocolab.mels.conventions import convention  # noqa: E402
from vocolab.networks.cached import CachedBackbone, CachedISTFT, CachedSTFT  # noqa: E402
from vocolab.networks.convnext import Backbone  # noqa: E402
from vocolab.networks.istft import InverseSTFT  # noqa: E402

FRAMES = 40
Cuts = st.lists(st.integers(0, FRAMES), max_size=6)


def parts(cuts: list[int], frames: int = FRAMES) -> list[tuple[int, int]]:
    return list(pairwise(sorted({0, frames, *(min(cut, frames) for cut in cuts)})))


@torch.inference_mode()
@settings(max_examples=12, deadline=None)
@given(cuts=Cuts, layers=st.integers(1, 3), frames=st.integers(1, FRAMES))
def test_a_backbone(cuts: list[int], layers: int, frames: int) -> None:
    torch.manual_seed(0)
    backbone = Backbone(5, 8, 16, layers).eval()
    x = torch.randn(frames, 5)
    whole = backbone(x.T[None])[0]
    cached = CachedBackbone(backbone)
    done = [cached.push(x[start:stop]) for start, stop in parts(cuts, frames)]
    assert sum(map(len, done)) == max(0, frames - 3 * (1 + layers))
    torch.testing.assert_close(torch.cat([*done, cached.push(x[:0], last=True)]), whole, atol=1e-5, rtol=0)


@torch.inference_mode()
@pytest.mark.parametrize(("n_fft", "hop", "padding"), [(16, 4, "hifigan"), (16, 4, "center"), (18, 4, "hifigan")])
@settings(max_examples=10, deadline=None)
@given(cuts=Cuts)
def test_an_inverse_stft(n_fft: int, hop: int, padding: str, cuts: list[int]) -> None:
    istft, cached = InverseSTFT(n_fft, hop, padding), CachedISTFT(InverseSTFT(n_fft, hop, padding))
    torch.manual_seed(1)
    spectra = torch.randn(FRAMES, n_fft // 2 + 1, dtype=torch.complex64)
    done = [cached.push(spectra[start:stop]) for start, stop in parts(cuts)]
    done.append(cached.push(spectra[:0], last=True))
    torch.testing.assert_close(torch.cat(done), istft(spectra.T[None])[0], atol=1e-5, rtol=0)


@torch.inference_mode()
@settings(max_examples=10, deadline=None)
@given(cuts=Cuts)
def test_an_stft(cuts: list[int]) -> None:
    spec = convention("hifigan-22k")
    istft, hop = InverseSTFT(spec.n_fft, spec.hop_samples, spec.padding), spec.hop_samples
    samples = torch.from_numpy(np.random.default_rng(2).standard_normal(FRAMES * hop).astype(np.float32))
    behind = istft.n_fft - hop - istft.front_samples
    padded = torch.nn.functional.pad(samples, (istft.front_samples, behind))
    whole = torch.fft.rfft(padded.unfold(0, istft.n_fft, hop) * istft.window)
    cached = CachedSTFT(istft)
    done = [cached.push(samples[start * hop : stop * hop]) for start, stop in parts(cuts)]
    torch.testing.assert_close(torch.cat([*done, cached.push(samples[:0], last=True)]), whole, atol=1e-4, rtol=0)
