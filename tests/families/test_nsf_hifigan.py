"""NSF-HiFi-GAN: the source from F0 and the audio from the source, as the published code computes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import assert_close, converted, spec_of
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.options import Options
from vocolab_nsf_hifigan.mel_pitch import as_harmonic_mel, f0_reader
from vocolab_nsf_hifigan.sizes import published_spec
from vocolab_nsf_hifigan.vocoder import NsfHifiGan

FROM_F0 = 1e-3
CASES = ("nsf_hifigan", "pc_nsf_hifigan")


def opened(name: str, shared: Path, folder: Path) -> tuple[NsfHifiGan, dict[str, NDArray[Any]]]:
    conversion, data = converted(shared, name, folder)
    assert spec_of(conversion) == published_spec()
    return NsfHifiGan(Options(), conversion.voice), data


@pytest.mark.parametrize("name", CASES)
def test_audio_from_the_source(name: str, shared: Path, tmp_path: Path) -> None:
    vocoder, data = opened(name, shared, tmp_path)
    assert_close(vocoder.render(data["mel"], source=data["source"]), data["audio"])


@pytest.mark.parametrize("name", CASES)
def test_the_source_from_f0(name: str, shared: Path, tmp_path: Path) -> None:
    vocoder, data = opened(name, shared, tmp_path)
    source = vocoder.source(0, start=data.get("phase_init"))
    noise = np.ascontiguousarray(data["noise_sine"].T) if "noise_sine" in data else None
    sines = source.extend(data["f0"], noise, last=True)
    assert_close(vocoder.merged(sines), data["source"], FROM_F0)


@pytest.mark.parametrize("name", CASES)
def test_in_parts_as_in_one_pass(name: str, shared: Path, tmp_path: Path) -> None:
    vocoder, data = opened(name, shared, tmp_path)
    mel, f0 = np.tile(data["mel"], 3), np.tile(data["f0"], 3)
    whole = vocoder.render(mel, f0_hz=f0, seed=4)
    assert whole.shape == (120 * 512,)
    stream = vocoder.open(4)
    parts = [stream.push(mel[:, a:b], f0_hz=f0[a:b]) for a, b in ((0, 1), (1, 2), (2, 50), (50, 57), (57, 120))]
    assert parts[3].size > 0
    np.testing.assert_allclose(np.concatenate([*parts, stream.finish()]), whole, atol=1e-5, rtol=0)


def test_f0_is_read_from_the_mel_where_none_is_given(shared: Path, tmp_path: Path) -> None:
    """A mel of harmonics of 220 Hz, made by the convention from audio."""
    time = np.arange(44_100) / 44_100
    audio = sum(0.1 * np.sin(2 * np.pi * 220 * harmonic * time) / harmonic for harmonic in range(1, 20))
    spec = published_spec()
    mel = extract(Audio(audio[None].astype(np.float32), 44_100), spec).values
    reader = f0_reader(spec)
    assert reader is not None
    f0 = reader(mel)
    voiced = f0[f0 > 0]
    assert voiced.size > 0.8 * f0.size
    assert abs(np.median(voiced) - 220) < 5
    vocoder, data = opened("pc_nsf_hifigan", shared, tmp_path)
    assert vocoder.render(data["mel"]).shape == (40 * 512,)


def test_the_mels_bands_change_hands_at_their_level() -> None:
    """White noise through both conventions: levels within 3 dB above the lowest bands."""
    noise = np.random.default_rng(0).normal(0, 0.1, 44_100 * 2).astype(np.float32)
    target = convention("hifigan-22k")
    there = extract(Audio(noise[None], 44_100), published_spec()).values
    known = as_harmonic_mel(there, published_spec(), target).mean(axis=1)
    # Of white noise every second sample is as white; half as many of them carry half the power a Hz.
    halved = extract(Audio(noise[None, ::2] * np.float32(np.sqrt(0.5)), 22_050), target).values.mean(axis=1)
    np.testing.assert_allclose(known[8:], halved[8:], atol=0.6)
