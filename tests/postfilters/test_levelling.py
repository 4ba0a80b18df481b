"""Rounds of band gains over a stream: the same samples however they come, and each as soon as it is certain."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.networks.noise import gaussian
from vocolab.postfilters.bands import Bands
from vocolab.postfilters.levelling import LevellingStream
from vocolab.postfilters.places import WIDE_ROUNDS, Places
from vocolab.postfilters.reaches import levelling_reach

ROUNDS, FRAMES = 4, 40
# Two rounds of whole frames, then two of their middle halves.
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
    assert (half - levelling_reach(bands.spec, ROUNDS)) * hop <= early.size < half * hop
    np.testing.assert_allclose(early, whole(bands, audio, mel)[: early.size], atol=1e-6)


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
@pytest.mark.parametrize("name", SPECS)
def test_short_renderings_keep_their_length(name: str, frames: int) -> None:
    bands, audio, mel = parts(name, frames)
    levelled = whole(bands, audio, mel)
    assert levelled.size == audio.size and np.isfinite(levelled).all()


def test_later_rounds_reach_less_far() -> None:
    """The middle half of a window of four hops is in frames that begin one hop before it, and not in later ones."""
    spec = convention("hifigan-22k")
    assert levelling_reach(spec, WIDE_ROUNDS + 8) == 3 * WIDE_ROUNDS + 2 * 8 + 1
    sparse = replace(spec, hop_samples=300)
    assert Places(sparse, is_narrow=True).reach == Places(sparse, is_narrow=False).reach


@pytest.mark.parametrize("is_narrow", [False, True])
@pytest.mark.parametrize("name", SPECS)
def test_frames_that_nothing_changes_add_up_to_the_signal(name: str, is_narrow: bool) -> None:
    places = Places(convention(name), is_narrow=is_narrow)
    whole_slots = slice(places.first, places.first + places.slots)
    summed = (places.window * places.synthesis)[whole_slots].sum(axis=0) * places.norm
    np.testing.assert_allclose(summed, 1, rtol=1e-6)


def test_rounds_come_nearer_to_the_mel() -> None:
    """Each of eight does, on noise that has all bands at one level and is asked to have them at others."""
    bands, audio, _ = parts("hifigan-22k")
    level = np.random.default_rng(4).uniform(-4, -2, (bands.spec.n_mels, 1))
    mel = np.broadcast_to(level, (bands.spec.n_mels, FRAMES)).astype(np.float32)

    def apart(rounds: int) -> float:
        stream = LevellingStream(bands, rounds)
        levelled = np.concatenate([stream.push(audio, mel), stream.finish()])
        own = extract(Audio.mono(levelled, bands.spec.sample_rate), bands.spec).values
        return float(np.abs(own - mel)[:, 4:-4].mean())

    distances = [apart(rounds) for rounds in range(1, 9)]
    assert all(later < earlier for earlier, later in pairwise(distances)) and distances[-1] < 0.5 * distances[0]
