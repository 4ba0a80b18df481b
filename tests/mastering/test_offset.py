"""An offset makes no thump: what blocks it begins settled."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.effects import BlockEffect
from vocolab_mastering.dc_removal import DcRemoval
from vocolab_mastering.highpass import Highpass
from vocolab_mastering.options import HighpassOptions
from vocolab_mastering.options_tone import DcRemovalOptions

RATE = 48_000
EFFECTS = [
    DcRemoval(DcRemovalOptions()), Highpass(HighpassOptions(cutoff_hz=80.0, slope_db_per_octave=12)),
    Highpass(HighpassOptions(cutoff_hz=80.0, slope_db_per_octave=48)),
]


def recording() -> np.ndarray:
    """Noise at -60 dBFS, as a recording begins, then a tone."""
    noise = 1e-3 * np.random.default_rng(0).standard_normal((2, RATE))
    noise[:, RATE // 2 :] += 0.3 * np.sin(2 * np.pi * 200 * np.arange(RATE // 2) / RATE)
    return noise


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("offset", [0.005, 0.02, -0.4])
def test_a_recording_with_an_offset_is_the_recording_without_it(effect: BlockEffect, offset: float) -> None:
    without = effect(Audio(recording(), RATE)).samples
    with_offset = effect(Audio(recording() + np.array([[offset], [-offset]]), RATE)).samples
    assert 20 * np.log10(np.abs(with_offset - without).max()) < -100
    assert 20 * np.log10(np.abs(with_offset[:, : RATE // 50]).max()) < -45


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("block_samples", [1, 7, 1000, 2399, 5000])
def test_blocks_do_not_matter_to_where_it_settles(effect: BlockEffect, block_samples: int) -> None:
    audio = Audio(recording()[:, :4000] + 0.1, RATE)
    whole = effect(audio).samples
    np.testing.assert_allclose(np.concatenate(list(effect.stream(audio, block_samples)), axis=1), whole, atol=1e-6)


def test_less_than_is_wanted_is_enough() -> None:
    for n_samples in (1, 100):
        audio = Audio.mono(np.full(n_samples, 0.3, np.float32), RATE)
        assert np.abs(EFFECTS[0](audio).samples).max() < 1e-6
