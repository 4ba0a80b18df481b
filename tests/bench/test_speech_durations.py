"""How the durations of sounds are compared: the aligner hears both sides."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vocolab.alignment.interfaces import Placement
from vocolab.audio import Audio
from vocolab.bench.speech.durations import Durations
from vocolab.bench.speech.prompts import Prompt
from vocolab.catalog import Catalog
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.texts.opening import open_speaker

SPEC = convention("hifigan-22k")
RATE = SPEC.sample_rate


class ByLevel:
    """Hears where the level changes: each symbol has a level of its own, in order."""

    mel_spec, language = SPEC, "en-US"

    def place(self, mel: Mel, symbols: list[str]) -> Placement:
        level = mel.values.mean(axis=0)
        edges = np.sort(np.argsort(np.abs(np.diff(level)))[-(len(symbols) - 1) :] + 1)
        counts = np.diff([0, *edges.tolist(), mel.frames])
        return Placement(counts, np.zeros(mel.frames))


def staircase(frames: list[int]) -> Audio:
    """Noise whose level goes up and down from symbol to symbol."""
    random = np.random.default_rng(0)
    parts = [10.0 ** (-0.5 - 2 * (index % 2)) * random.standard_normal(count * SPEC.hop_samples)
             for index, count in enumerate(frames)]
    return Audio.mono(0.1 * np.concatenate(parts).astype(np.float32), RATE)


@pytest.fixture
def durations() -> Durations:
    return Durations(ByLevel(), open_speaker(Catalog.installed()))


def prompt(tmp_path: Path, frames: list[int]) -> Prompt:
    path = tmp_path / "said.wav"
    staircase(frames).save(path)
    return Prompt("said", "Tea.", path)


def test_the_same_durations_correlate_fully_and_opposite_ones_not(tmp_path: Path, durations: Durations) -> None:
    # A boundary, T, IY, a boundary.
    read = prompt(tmp_path, [20, 30, 60, 25])
    assert durations.correlation(read, staircase([20, 30, 60, 25])) == pytest.approx(1.0, abs=0.01)
    assert durations.correlation(read, staircase([20, 60, 30, 25])) == pytest.approx(-1.0, abs=0.01)


def test_slower_speech_has_the_same_correlation(tmp_path: Path, durations: Durations) -> None:
    read = prompt(tmp_path, [20, 30, 60, 25])
    assert durations.correlation(read, staircase([40, 60, 120, 50])) == pytest.approx(1.0, abs=0.01)
