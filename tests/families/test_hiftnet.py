"""HiFTNet and CosyVoice's HiFT: F0, source and audio as the published code computes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from cases import assert_close, converted, spec_of
from numpy.typing import NDArray

from vocolab.mels.spec import MelSpec
from vocolab.options import Options
from vocolab_hiftnet.vocoder import Hift

FROM_F0 = 1e-3
PARTS = 5e-5
"""Rounding of float32 sums that other lengths put in another order, blown up by weights that nobody trained: 1.5e-5 at
most, and 3e-10 where the network runs in float64."""
CHANCE_ENDS = 3072
"""Up to here the angle of the source's STFT is pi or -pi by chance of the FFT; see the cases' own words."""


def opened(name: str, shared: Path, folder: Path) -> tuple[Hift, dict[str, NDArray[Any]], MelSpec]:
    conversion, data = converted(shared, name, folder)
    return Hift(Options(), conversion.voice), data, spec_of(conversion)


@pytest.mark.parametrize("name", ["hift_22k", "hift_24k"])
def test_hift_from_the_source(name: str, shared: Path, tmp_path: Path) -> None:
    vocoder, data, spec = opened(name, shared, tmp_path)
    assert_close(vocoder.render(data["mel"], source=data["source"]), data["audio"])
    assert (spec.fmax_hz, spec.padding) == (spec.sample_rate / 2, "hifigan")


def test_hiftnet_from_the_source(shared: Path, tmp_path: Path) -> None:
    vocoder, data, _ = opened("hiftnet", shared, tmp_path)
    rendered = vocoder.render(data["mel"], source=data["source"])
    assert_close(rendered[CHANCE_ENDS:], data["audio"][CHANCE_ENDS:], FROM_F0)


def test_hiftnet_from_the_spectrum_of_its_source(shared: Path, tmp_path: Path) -> None:
    vocoder, data, _ = opened("hiftnet", shared, tmp_path)
    with torch.inference_mode():
        spectrum = vocoder.network.spectrum(torch.from_numpy(data["source"])[None])
        spectrum[:, 9:] = torch.from_numpy(data["source_angle"])
        audio = vocoder.network.audio(torch.from_numpy(data["mel"])[None], spectrum)[0].numpy()
    assert_close(audio, data["audio"])


@pytest.mark.parametrize("name", ["hift_22k", "hift_24k", "hiftnet"])
def test_the_source_from_f0(name: str, shared: Path, tmp_path: Path) -> None:
    vocoder, data, _ = opened(name, shared, tmp_path)
    sines = vocoder.source(0, start=data["phase_init"] / (2 * np.pi)).extend(
        data["f0"], np.ascontiguousarray(data["noise_sine"].T), last=True
    )
    assert_close(vocoder.merged(sines), data["source"], FROM_F0)


@pytest.mark.parametrize(("name", "output"), [("hift_22k", "f0"), ("hift_24k", "f0"), ("hiftnet", "f0_network")])
def test_f0_of_the_network_inside(name: str, output: str, shared: Path, tmp_path: Path) -> None:
    vocoder, data, _ = opened(name, shared, tmp_path)
    np.testing.assert_allclose(vocoder.f0_hz(data["mel"]), data[output], atol=1e-3)


@pytest.mark.parametrize("name", ["hift_22k", "hift_24k", "hiftnet"])
@pytest.mark.parametrize("given", [True, False])
def test_in_parts_as_in_one_pass(name: str, given: bool, shared: Path, tmp_path: Path) -> None:
    vocoder, data, spec = opened(name, shared, tmp_path)
    mel, f0 = np.tile(data["mel"], 3), np.tile(data["f0"], 3)
    frames = mel.shape[1]
    whole = vocoder.render(mel, seed=4, **({"f0_hz": f0} if given else {}))
    assert whole.shape == (frames * spec.hop_samples,)
    stream = vocoder.open(4)
    cuts = [(0, 1), (1, 2), (2, 50), (50, 57), (57, frames)]
    parts = [stream.push(mel[:, a:b], **({"f0_hz": f0[a:b]} if given else {})) for a, b in cuts]
    assert (sum(part.size for part in parts) > 0) == given
    np.testing.assert_allclose(np.concatenate([*parts, stream.finish()]), whole, atol=PARTS, rtol=0)


def test_a_single_frame(shared: Path, tmp_path: Path) -> None:
    vocoder, data, _ = opened("hift_22k", shared, tmp_path)
    assert vocoder.render(data["mel"][:, :1]).shape == (256,)
