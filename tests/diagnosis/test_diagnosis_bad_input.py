"""Recordings that no detector is made for: each is heard to its end, and nothing is made up."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from heard import Samples, catalog, noise, words
from numpy.typing import NDArray

import vocolab
from vocolab.audio import Audio
from vocolab.diagnosis import Diagnosis, Listening
from vocolab.errors import AudioError
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal

RATE = 16_000


def chords(seconds: float, sample_rate: int) -> Samples:
    """Held notes, as music has them."""
    time_s = np.arange(round(seconds * sample_rate)) / sample_rate
    notes_hz = np.array([220.0, 277.2, 329.6, 440.0])
    steps = 2 ** (np.floor(time_s) % 4 / 12)
    return 0.1 * np.sin(2 * np.pi * np.cumsum(notes_hz[:, None] * steps, axis=1) / sample_rate).sum(axis=0)


RECORDINGS = {
    "silence": (np.zeros(5 * RATE), RATE),
    "silence on two channels": (np.zeros((2, 5 * RATE)), RATE),
    "noise": (noise(5, RATE), RATE),
    "music": (chords(6, 44_100), 44_100),
    "a second": (words(1, RATE), RATE),
    "a sample": (np.full(1, 0.5), RATE),
    "nothing": (np.zeros(0), RATE),
    "a telephone": (words(6, 8_000), 8_000),
    "192 kHz": (words(3, 192_000), 192_000),
    "a dead channel": (np.stack([words(6, RATE), np.zeros(6 * RATE)]), RATE),
    "out of phase": (np.stack([words(6, RATE), -words(6, RATE)]), RATE),
    "full scale": (np.sign(noise(3, RATE)), RATE),
    "eight channels": (np.stack([words(2, RATE)] * 8), RATE),
}


def found_in(name: str) -> Diagnosis:
    samples, rate = RECORDINGS[name]
    return vocolab.diagnose(Audio(np.atleast_2d(samples).astype(np.float32), rate))


@pytest.mark.parametrize("name", RECORDINGS)
def test_each_is_heard_by_every_detector(name: str) -> None:
    found = found_in(name)
    assert found.notes == ()
    json.dumps(found.to_dict(), allow_nan=False)
    assert str(found)


@pytest.mark.parametrize("name", ["silence", "silence on two channels", "nothing"])
def test_silence_has_no_fault(name: str) -> None:
    found = found_in(name)
    assert found.faults == () and found.advice.command("a.wav") == ""
    assert str(found).startswith("nothing wrong was found")


def test_a_dead_channel_and_opposite_polarity_are_named() -> None:
    assert "dead right channel" in str(found_in("a dead channel"))
    assert "out of phase" in str(found_in("out of phase"))


def test_a_damaged_recording_is_an_error() -> None:
    with pytest.raises(AudioError):
        vocolab.diagnose(np.zeros((1, 10)))  # type: ignore[arg-type]


class Long(DerivedSignal):
    """A recording of hours that is never in memory: one block, again and again."""

    def __init__(self, seconds: float, rate: int) -> None:
        self._block = Audio.mono(words(BLOCK_SAMPLES / rate, rate) + noise(BLOCK_SAMPLES / rate, rate, 1e-3), rate)
        super().__init__(self._block, n_samples=round(seconds * rate))

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        for start in range(0, self.n_samples, BLOCK_SAMPLES):
            yield self._block.samples[:, : self.n_samples - start]


def grown_bytes(from_s: float, to_s: float, rate: int) -> int:
    """What all detectors keep of a recording from one moment to another."""
    listening, heard, before = Listening(Long(to_s, rate), catalog()), 0, 0
    tracemalloc.start()
    try:
        for block in listening.blocks():
            heard += block.shape[1]
            if not before and heard >= from_s * rate:
                before = tracemalloc.get_traced_memory()[0]
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_hours() -> None:
    """Buffers come and go by 2 MB; ten hours at this bound are less than their samples would be."""
    assert grown_bytes(300, 600, 4_000) < 4e6
