"""Parallel WaveGAN and UnivNet: what the published code makes of the same noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cases import assert_close, converted, spec_of

from vocolab.errors import CallError
from vocolab.mels.mel import Mel
from vocolab.options import Options
from vocolab.rendering import Renderer
from vocolab_parallelwavegan.vocoder import ParallelWaveGan
from vocolab_univnet.vocoder import UnivNet


def test_parallel_wavegan(shared: Path, tmp_path: Path) -> None:
    conversion, data = converted(shared, "parallel_wavegan", tmp_path)
    normalised = ((data["mel"] - data["mean"][:, None]) / data["scale"][:, None]).astype(np.float32)
    rendered = ParallelWaveGan(Options(), conversion.voice).render(normalised, noise=data["noise"])
    assert_close(rendered, data["audio"])
    np.testing.assert_allclose(spec_of(conversion).scale, data["scale"])


@pytest.mark.parametrize("name", ["univnet_c16", "univnet_c32"])
def test_univnet(name: str, shared: Path, tmp_path: Path) -> None:
    conversion, data = converted(shared, name, tmp_path)
    vocoder = UnivNet(Options(), conversion.voice)
    assert_close(vocoder.render(data["mel"], noise=data["noise"][:, :40]), data["audio_unpadded"])
    appended = np.pad(data["mel"], ((0, 0), (0, 10)), constant_values=-11.5129)
    assert_close(vocoder.render(appended, noise=data["noise"]), data["audio"])
    assert (spec_of(conversion).n_mels, spec_of(conversion).fmax_hz) == (100, 12_000.0)


@pytest.mark.parametrize(("name", "vocoder"), [("parallel_wavegan", ParallelWaveGan), ("univnet_c16", UnivNet)])
def test_in_chunks_as_in_one_pass(name: str, vocoder: type, shared: Path, tmp_path: Path) -> None:
    conversion, _ = converted(shared, name, tmp_path)
    made, spec = vocoder(Options(), conversion.voice), spec_of(conversion)
    for frames in (1, 3, 70):
        mel = np.random.default_rng(frames).normal(-1, 1, (spec.n_mels, frames)).astype(np.float32)
        whole = made.render(mel)
        assert whole.shape == (frames * spec.hop_samples,)
        chunked = Renderer(made, chunk_frames=11)(Mel(mel, spec))
        np.testing.assert_allclose(chunked.samples[0], whole, atol=1e-5, rtol=0)


def test_noise_of_another_width_is_refused(shared: Path, tmp_path: Path) -> None:
    conversion, data = converted(shared, "univnet_c16", tmp_path)
    with pytest.raises(CallError, match="takes 64 numbers a frame"):
        UnivNet(Options(), conversion.voice).render(data["mel"], noise=data["noise"][:3, :40])
