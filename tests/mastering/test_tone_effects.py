"""What holds for the effects of tone and space beside the contract: silence, linearity, symmetry, mix."""

from __future__ import annotations

import numpy as np
import pytest
from signals import Cut

from vocolab.audio import Audio
from vocolab.effects import BlockEffect
from vocolab_mastering.dc_removal import DcRemoval
from vocolab_mastering.eq import Eq
from vocolab_mastering.gain import Gain
from vocolab_mastering.lowpass import Lowpass
from vocolab_mastering.mono_to_stereo import MonoToStereo
from vocolab_mastering.options import Band, EqOptions
from vocolab_mastering.options_tone import (
    DcRemovalOptions,
    GainOptions,
    HighShelfOptions,
    LowpassOptions,
    LowShelfOptions,
    MonoToStereoOptions,
    PeakOptions,
    ReverbOptions,
    WidenerOptions,
)
from vocolab_mastering.peak import Peak
from vocolab_mastering.reverb import Reverb
from vocolab_mastering.shelves import HighShelf, LowShelf
from vocolab_mastering.widener import Widener

EXACT = 1e-5  # the promise for any cut into blocks
FILTERS = [
    Band(kind="highpass", frequency_hz=60.0, slope_db_per_octave=48),
    Band(kind="low_shelf", frequency_hz=300.0, gain_db=5.0, slope_db_per_octave=36),
    Band(kind="lowpass", frequency_hz=3_500.0, slope_db_per_octave=24),
]
EFFECTS = {
    "gain": (Gain, GainOptions(gain_db=-7.0)),
    "dc-removal": (DcRemoval, DcRemovalOptions()),
    "lowpass": (Lowpass, LowpassOptions(cutoff_hz=3_000.0, slope_db_per_octave=48)),
    "low-shelf": (LowShelf, LowShelfOptions(gain_db=6.0, slope_db_per_octave=24)),
    "peak": (Peak, PeakOptions(frequency_hz=2_000.0, gain_db=-9.0, q=3.0)),
    "high-shelf": (HighShelf, HighShelfOptions(frequency_hz=3_000.0, gain_db=-6.0)),
    "eq": (Eq, EqOptions(bands=FILTERS)),
    "widener": (Widener, WidenerOptions(width=1.6)),
    "mono-to-stereo": (MonoToStereo, MonoToStereoOptions()),
    "reverb": (Reverb, ReverbOptions(mix=1.0)),
}
SAME_ON_BOTH_SIDES = sorted(set(EFFECTS) - {"widener", "reverb"})
"""Those that do the same to left and right."""


def built(name: str, **changes: object) -> BlockEffect:
    kind, options = EFFECTS[name]
    return kind(options.model_copy(update=changes))


def noise(n_samples: int, rate: int, channels: int = 1, seed: int = 1) -> Audio:
    rng = np.random.default_rng(seed)
    return Audio((0.2 * rng.standard_normal((channels, n_samples))).astype(np.float32), rate)


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("channels", [1, 2])
def test_silence_stays_silence(name, channels):
    silence = Audio(np.zeros((channels, 20_000), np.float32), 48_000)
    np.testing.assert_array_equal(built(name)(silence).samples, 0)


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("level", [1e-30, 1e6])
def test_no_level_breaks_it(name, level):
    audio = Audio(noise(20_000, 48_000).samples * np.float32(level), 48_000)
    assert np.isfinite(built(name)(audio).samples).all()


@pytest.mark.parametrize("name", EFFECTS)
def test_they_are_linear(name):
    """All of these are: the sum of two signals comes out as the sum of what comes out of each."""
    one, other = noise(20_000, 48_000, 2, seed=1), noise(20_000, 48_000, 2, seed=2)
    together = built(name)(Audio(one.samples - 0.5 * other.samples, 48_000)).samples
    apart = built(name)(one).samples - 0.5 * built(name)(other).samples
    np.testing.assert_allclose(together, apart, atol=5e-6)


@pytest.mark.parametrize("name", SAME_ON_BOTH_SIDES)
def test_channels_are_treated_alike(name):
    audio = noise(20_000, 48_000, channels=2)
    swapped = built(name)(Audio(audio.samples[::-1], 48_000)).samples
    np.testing.assert_allclose(swapped, built(name)(audio).samples[::-1], atol=1e-6)


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("channels", [1, 2])
def test_mix_blends_with_the_input(name, channels):
    audio = noise(20_000, 48_000, channels)
    wet = built(name)(audio).samples
    np.testing.assert_allclose(built(name, mix=0.5)(audio).samples, 0.5 * (audio.samples + wet), atol=1e-6)


@pytest.mark.parametrize("name", EFFECTS)
def test_single_samples_equal_the_whole(name):
    audio = noise(700, 22_050, 2)
    blocks = np.concatenate(list(built(name).stream(Cut(audio, [1]))), axis=1)
    np.testing.assert_allclose(blocks, built(name)(audio).samples, atol=EXACT)
