"""Renderer: chunks, batches, and what is done to a vocoder's output, whichever vocoder it is."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.catalog import Catalog
from vocolab.errors import CallError, MelMismatch, OptionError
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.networks.noise import gaussian
from vocolab.postfilters.options import PostfilterOptions
from vocolab.rendering import Renderer, open_vocoder

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SPEC = convention("hifigan-22k")
BOTH = PostfilterOptions(denoise_db=0.0, refine=2)


class Noisy:
    """Noise of the seed and the absolute sample, smoothed over two frames either side: a stochastic network in small.

    No speech comes out of it.
    """

    def __init__(self, spec: MelSpec = SPEC) -> None:
        self.mel_spec, self.context_frames = spec, 2
        self.calls: list[tuple[int, int]] = []

    def render(self, mel: np.ndarray, *, first_frame: int = 0, seed: int = 0) -> np.ndarray:
        hop, frames = self.mel_spec.hop_samples, mel.shape[1]
        self.calls.append((first_frame, frames))
        level = np.convolve(np.pad(np.exp(mel.mean(axis=0)), 2), np.full(5, 0.2), mode="valid")
        noise = gaussian(seed, first_frame * hop, frames * hop, stream=3)
        return (np.repeat(level, hop) * noise).astype(np.float32)


def mel_values(frames: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-5, -1, (80, frames)).astype(np.float32)


@pytest.mark.parametrize("postfilters", [PostfilterOptions(), BOTH], ids=["bare", "denoised and refined"])
@settings(max_examples=6, deadline=None)
@given(frames=st.integers(1, 60), chunk_frames=st.integers(5, 50), seed=st.integers(0, 2**40))
def test_a_stochastic_vocoder_comes_out_the_same_wherever_cuts_fall(
    postfilters: PostfilterOptions, frames: int, chunk_frames: int, seed: int
) -> None:
    mel = mel_values(frames)
    whole = Renderer(Noisy(), postfilters=postfilters, chunk_frames=frames)(mel, seed=seed).samples
    parts = Renderer(Noisy(), postfilters=postfilters, chunk_frames=chunk_frames)(mel, seed=seed).samples
    assert parts.shape == (1, frames * SPEC.hop_samples)
    np.testing.assert_allclose(parts, whole, atol=1e-5)


@pytest.mark.parametrize("postfilters", [PostfilterOptions(), BOTH], ids=["bare", "denoised and refined"])
def test_a_batch_of_different_lengths_is_its_single_renders(postfilters: PostfilterOptions) -> None:
    renderer = Renderer(Noisy(), postfilters=postfilters)
    mels = [mel_values(frames, frames) for frames in (3, 40, 1, 130)]
    seeds = [5, 0, 5, 2**33]
    together = renderer.batch(mels, seeds)
    assert [audio.n_samples for audio in together] == [3 * 256, 40 * 256, 256, 130 * 256]
    for mel, seed, audio in zip(mels, seeds, together, strict=True):
        np.testing.assert_array_equal(audio.samples, renderer(mel, seed=seed).samples)
    np.testing.assert_array_equal(renderer.batch(mels[:1])[0].samples, renderer(mels[0]).samples)
    assert renderer.batch([]) == []


def test_seeds_that_do_not_fit_and_mels_of_another_convention_are_refused() -> None:
    renderer = Renderer(Noisy())
    with pytest.raises(CallError, match="2 seeds for 1 mels"):
        renderer.batch([mel_values(3)], [1, 2])
    with pytest.raises(MelMismatch):
        renderer.batch([mel_values(3), Mel(np.zeros((100, 4), np.float32), convention("vocos-24k"))])


def test_a_chunk_is_given_what_the_filters_reach_too() -> None:
    vocoder = Noisy()
    renderer = Renderer(vocoder, postfilters=BOTH, chunk_frames=100)
    vocoder.calls.clear()  # that of the bias
    renderer(mel_values(300))
    context = 2 + 3 + 3 * 3 + 1  # of the vocoder, the denoiser, and the correction with two rounds
    assert vocoder.calls == [(0, 100 + context), (100 - context, 100 + 2 * context), (200 - context, 100 + context)]


def test_filters_stand_with_the_vocoders_options_or_beside_them() -> None:
    catalog = Catalog.installed()
    values = {"iterations": 2, "refine": 3, "denoise_db": 1.5}
    assert open_vocoder(catalog, "griffinlim", None, values).postfilters == PostfilterOptions(
        denoise_db=1.5, refine=3
    )
    assert open_vocoder(catalog, "griffinlim", None, values, refine=0).postfilters.refine == 0
    assert open_vocoder(catalog, "griffinlim", None, {}).postfilters == PostfilterOptions()
    with pytest.raises(OptionError, match="refine"):
        open_vocoder(catalog, "griffinlim", refine=-1)


@pytest.mark.slow
def test_memory_does_not_grow_with_the_mel() -> None:
    """Of ten minutes through Griffin-Lim, denoiser and refinement two chunks: what they need is given back."""
    renderer = open_vocoder(Catalog.installed(), "griffinlim", None, {"iterations": 1}, denoise_db=0.0, refine=2)
    frames = 600 * 22_050 // 256
    chunks = renderer.signal(np.tile(mel_values(512), (1, frames // 512 + 1))[:, :frames]).chunks()
    next(chunks)
    tracemalloc.start()
    try:
        assert next(chunks).size == renderer.chunk_frames * 256
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak_bytes < 60e6


@pytest.mark.slow
@pytest.mark.parametrize("name", ["hifigan", "vocos"])
def test_voices_inside_are_refined_alike_in_chunks(name: str) -> None:
    """A network's rounding differs from chunk to chunk, and sixteen rounds must not make much of that."""
    renderer = open_vocoder(Catalog.installed(), name, denoise_db=0.0, refine=16)
    mel = Mel.load(EXAMPLES / "kathleen.npy", SPEC).values[:, :300]
    whole = renderer.vocoder.render(mel)
    renderer.chunk_frames = 97
    np.testing.assert_allclose(renderer(mel).samples[0], whole, atol=1e-5)
