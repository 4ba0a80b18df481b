"""Rounds of band gains over a stream: the same samples however they come, and each as soon as it is certain."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.mels.conventions import convention
from vocolab.networks.noise import gaussian
from vocolab.postfilters.bands import Bands
from vocolab.postfilters.levelling import LevellingStream

ROUNDS, FRAMES = 3, 40
SPECS = ["hifigan-22k", "vocos-24k", "pwg-24k"]


def parts(name: str, frames: int = FRAMES) -> tuple[Bands, np.ndarray, np.ndarray]:
    """Bands, audio, and a mel that it does not have."""
    spec = convention(name)
    mel = np.random.default_rng(2).uniform(-4, -1, (spec.n_mels, frames)).astype(np.float32)
    return Bands(spec), 0.1 * gaussian(1, 0, frames * spec.hop_samples), mel


def whole(bands: Bands, audio: np.ndarray, mel: np.ndarray) -> np.ndarray:
    stream = LevellingStream(bands, ROUNDS)
    return np.concatenate([stream.push(audio, mel), stream.finish()])


@pytest.mark.parametrize("name", SPECS)
@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(0, FRAMES), max_size=6), late=st.integers(0, 700))
def test_parts_are_the_whole(name: str, cuts: list[int], late: int) -> None:
    """Also where the audio comes some samples after its frames."""
    bands, audio, mel = parts(name)
    stream, done, given_samples = LevellingStream(bands, ROUNDS), [], 0
    for start, stop in pairwise(sorted({0, FRAMES, *cuts})):
        samples = audio.size if stop == FRAMES else max(given_samples, stop * bands.spec.hop_samples - late)
        done.append(stream.push(audio[given_samples:samples], mel[:, start:stop]))
        given_samples = samples
    done.append(stream.finish())
    np.testing.assert_allclose(np.concatenate(done), whole(bands, audio, mel), atol=1e-5)


@pytest.mark.parametrize("name", SPECS)
def test_samples_come_when_they_are_certain(name: str) -> None:
    """What lies further back than the frames reach is there, and no later part moves it."""
    bands, audio, mel = parts(name)
    hop, half = bands.spec.hop_samples, FRAMES // 2
    early = LevellingStream(bands, ROUNDS).push(audio[: half * hop], mel[:, :half])
    reach = -(-bands.spec.win_samples // hop)
    assert (half - ROUNDS * reach - 1) * hop <= early.size < half * hop
    np.testing.assert_allclose(early, whole(bands, audio, mel)[: early.size], atol=1e-6)


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
@pytest.mark.parametrize("name", SPECS)
def test_short_renderings_keep_their_length(name: str, frames: int) -> None:
    bands, audio, mel = parts(name, frames)
    levelled = whole(bands, audio, mel)
    assert levelled.size == audio.size and np.isfinite(levelled).all()
