"""MelGAN, of one band and of several, as the published code computes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from cases import assert_close, checkpoint_of, converted, spec_of
from conformance import arrays

from vocolab.api import convert
from vocolab.errors import CheckpointError
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.options import Options
from vocolab.rendering import Renderer
from vocolab_melgan.config import MelGanConfig, config_problems
from vocolab_melgan.filter_bank import TAPS, synthesis_filters
from vocolab_melgan.generator import MelGanGenerator
from vocolab_melgan.vocoder import MelGan, build_generator

SILENCE = -11.5129


@pytest.mark.parametrize(("name", "output"), [("melgan_seungwonpark", "audio_unpadded"), ("melgan_descript", "audio")])
def test_the_published_generators(name: str, output: str, shared: Path, tmp_path: Path) -> None:
    conversion, data = converted(shared, name, tmp_path)
    assert_close(MelGan(Options(), conversion.voice).render(data["mel"]), data[output])


def test_seungwonparks_inference_appends_silence(shared: Path, tmp_path: Path) -> None:
    conversion, data = converted(shared, "melgan_seungwonpark", tmp_path)
    assert spec_of(conversion) == convention("tacotron2-22k")
    mel = np.pad(data["mel"], ((0, 0), (0, 10)), constant_values=SILENCE)
    assert_close(MelGan(Options(), conversion.voice).render(mel), data["audio"])


@pytest.mark.parametrize(
    ("version", "output", "assumed"),
    [("0.6.1", "audio", False), ("0.4.2", "audio_version_0.4.2", False), (None, "audio_version_0.4.2", True)],
)
def test_the_filter_bank_is_that_of_the_version(
    version: str | None, output: str, assumed: bool, shared: Path, tmp_path: Path
) -> None:
    path = checkpoint_of(shared, "multiband_melgan", tmp_path)
    config = yaml.safe_load((tmp_path / "config.yml").read_text())
    config.pop("version")
    (tmp_path / "config.yml").write_text(yaml.safe_dump({**config, **({"version": version} if version else {})}))
    data = arrays(shared / "conformance" / "multiband_melgan")
    conversion = convert(path)
    assert any("cutoff" in said for said in conversion.assumptions) == assumed
    normalised = ((data["mel"] - data["mean"][:, None]) / data["scale"][:, None]).astype(np.float32)
    assert_close(MelGan(Options(), conversion.voice).render(normalised), data[output])
    bands = build_generator(conversion.voice).eval().band_signals(torch.from_numpy(normalised)[None])[0]
    assert_close(bands.detach().numpy().ravel(), data["bands"].ravel())


def test_the_statistics_are_the_conventions(shared: Path, tmp_path: Path) -> None:
    conversion, data = converted(shared, "multiband_melgan", tmp_path)
    np.testing.assert_allclose(spec_of(conversion).mean, data["mean"])
    assert spec_of(conversion).fmin_hz == 80.0


def test_a_layout_of_the_filter_bank_can_be_named(shared: Path, tmp_path: Path) -> None:
    path = checkpoint_of(shared, "multiband_melgan", tmp_path)
    assert convert(path, layout="pqmf_0.15").voice.config["filter_cutoff"] == 0.15
    with pytest.raises(CheckpointError, match=r"no layout 'x'; it has pqmf_0\.142 and pqmf_0\.15"):
        convert(path, layout="x")


def test_the_bank_gives_back_what_it_takes_apart() -> None:
    """Analysis by the mirrored filters, then synthesis: a pure delay, to the bank's own error."""
    filters = synthesis_filters(4, 0.142)
    analysed = [np.convolve(np.eye(1, 400, 200)[0], row[::-1])[::4] for row in filters]
    spread = [np.kron(band, [4, 0, 0, 0]) for band in analysed]
    whole = sum(np.convolve(band, row) for band, row in zip(spread, filters, strict=True))
    assert np.argmax(np.abs(whole)) == 200 + TAPS
    assert abs(np.abs(whole).max() - 1) < 0.02
    assert np.sort(np.abs(whole))[-2] < 0.02


CONFIGS = {
    "one band": MelGanConfig(channels=32),
    "four bands": MelGanConfig(channels=32, upsample_rates=[8, 4, 2], blocks=4, bands=4),
    "odd rates": MelGanConfig(channels=32, upsample_rates=[8, 8, 2, 2], blocks=2, kernel_size=5),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_in_chunks_as_in_one_pass(name: str) -> None:
    torch.manual_seed(1)
    spec = convention("melgan-22k")
    network = MelGanGenerator(CONFIGS[name], spec)
    vocoder = MelGan.__new__(MelGan)
    super(MelGan, vocoder).__init__(network, spec, network.context_frames)
    for frames in (1, 3, 61):
        mel = np.random.default_rng(2).uniform(-4, 1, (80, frames)).astype(np.float32)
        whole = vocoder.render(mel)
        assert whole.shape == (frames * 256,)
        chunked = Renderer(vocoder, chunk_frames=9)(Mel(mel, spec))
        np.testing.assert_allclose(chunked.samples[0], whole, atol=1e-5, rtol=0)


def test_configs_that_fit_nothing_are_named() -> None:
    told = [problem.option for problem in config_problems({"upsample_rates": [8, 8], "channels": 6,
        "kernel_size": 4}, 256)]
    assert told == ["upsample_rates", "channels", "kernel_size"]
