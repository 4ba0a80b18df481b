"""What holds for the effects of dynamics beside the contract: silence, symmetry, mix, alignment, single samples."""

from __future__ import annotations

import numpy as np
import pytest
from signals import Cut

from vocolab.audio import Audio
from vocolab.effects import BlockEffect
from vocolab_mastering.compressor import Compressor
from vocolab_mastering.deesser import DeEsser
from vocolab_mastering.eq import Eq
from vocolab_mastering.exciter import Exciter
from vocolab_mastering.gate import Gate
from vocolab_mastering.highpass import Highpass
from vocolab_mastering.leveler import Leveler
from vocolab_mastering.limiter import Limiter
from vocolab_mastering.loudness import LoudnessTarget
from vocolab_mastering.multiband import Multiband
from vocolab_mastering.options import (
    Band,
    EqOptions,
    ExciterOptions,
    HighpassOptions,
    LimiterOptions,
    LoudnessOptions,
)
from vocolab_mastering.options_dynamics import (
    CompressorOptions,
    DeEsserOptions,
    GateOptions,
    LevelerOptions,
    MultibandOptions,
)

EXACT = 1e-5  # the promise for any cut into blocks
BANDS = [
    Band(kind="low_shelf", frequency_hz=200.0, gain_db=-3.0),
    Band(kind="peak", frequency_hz=3000.0, gain_db=4.0, q=2.0),
    Band(kind="high_shelf", frequency_hz=9000.0, gain_db=2.0),
]
BLOCK_EFFECTS = {
    "highpass": (Highpass, HighpassOptions(cutoff_hz=80.0, slope_db_per_octave=48)),
    "eq": (Eq, EqOptions(bands=BANDS)),
    "compressor": (Compressor, CompressorOptions(threshold_db=-30.0, ratio=4.0, attack_ms=3.0, release_ms=40.0)),
    "gate": (Gate, GateOptions(threshold_db=-12.0, hold_ms=5.0, release_ms=20.0)),
    "multiband": (Multiband, MultibandOptions(thresholds_db=-40.0, ratio=3.0, attack_ms=3.0, release_ms=40.0)),
    "de-esser": (DeEsser, DeEsserOptions(frequency_hz=3000.0, threshold_db=-20.0)),
    "leveler": (Leveler, LevelerOptions(target_lufs=-14.0, lookahead_s=0.3, window_s=0.4, max_slope_db_per_s=60.0)),
    "exciter": (Exciter, ExciterOptions(frequency_hz=2000.0, drive_db=15.0, amount=0.3)),
    "limiter": (Limiter, LimiterOptions(ceiling_dbtp=-12.0, lookahead_ms=2.0, release_ms=20.0)),
}
TURNS_PHASE = {"multiband"}  # an all-pass where it does nothing: blended with what it made, not with the input
EVERY = {**BLOCK_EFFECTS, "loudness": (LoudnessTarget, LoudnessOptions(target_lufs=-20.0))}


def built(name: str, **changes: object):
    kind, options = EVERY[name]
    return kind(options.model_copy(update=changes))


def noise(n_samples: int, rate: int, channels: int = 1, seed: int = 1) -> Audio:
    rng = np.random.default_rng(seed)
    swell = 0.05 + np.abs(np.sin(np.linspace(0, 20, n_samples)))
    return Audio((0.3 * swell * rng.standard_normal((channels, n_samples))).astype(np.float32), rate)


@pytest.mark.parametrize("name", EVERY)
def test_silence_stays_silence(name):
    silence = Audio(np.zeros((2, 48_000), np.float32), 48_000)
    np.testing.assert_array_equal(built(name)(silence).samples, 0)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("level", [1e-30, 1e6])
def test_no_level_breaks_it(name, level):
    audio = Audio(noise(20_000, 48_000).samples * np.float32(level), 48_000)
    assert np.isfinite(built(name, **({"allow_miss": True} if name == "loudness" else {}))(audio).samples).all()


@pytest.mark.parametrize("name", EVERY)
def test_polarity_and_channel_order(name):
    audio = noise(30_000, 48_000, channels=2)
    result = built(name)(audio).samples
    np.testing.assert_allclose(built(name)(Audio(-audio.samples, 48_000)).samples, -result, atol=1e-6)
    np.testing.assert_allclose(built(name)(Audio(audio.samples[::-1], 48_000)).samples, result[::-1], atol=1e-6)


@pytest.mark.parametrize("name", sorted(EVERY.keys() - TURNS_PHASE))
def test_mix_blends_with_the_input(name):
    audio = noise(30_000, 48_000)
    wet = built(name)(audio).samples
    half = built(name, mix=0.5)(audio).samples
    np.testing.assert_allclose(half, 0.5 * (audio.samples + wet), atol=1e-6)


@pytest.mark.parametrize("name", BLOCK_EFFECTS)
def test_single_samples_equal_the_whole(name):
    audio = noise(1_500, 22_050)
    blocks = np.concatenate(list(built(name).stream(Cut(audio, [1]))), axis=1)
    np.testing.assert_allclose(blocks, built(name)(audio).samples, atol=EXACT)


@pytest.mark.parametrize("name", sorted(BLOCK_EFFECTS.keys() - TURNS_PHASE))
def test_alignment(name):
    """The effect's gentle form leaves the waveform where it is: no delay is left over."""
    gentle = {
        "highpass": {"cutoff_hz": 5.0, "slope_db_per_octave": 12},
        "eq": {"bands": []},
        "gate": {"range_db": 0.0},
        "compressor": {"threshold_db": 0.0, "knee_db": 0.0},
        "de-esser": {"max_reduction_db": 0.0},
        "leveler": {"max_boost_db": 0.0, "max_cut_db": 0.0},
        "exciter": {"amount": 1e-6},
        "limiter": {"ceiling_dbtp": 0.0},
    }
    rng = np.random.default_rng(2)
    audio = Audio.mono(0.1 * rng.standard_normal(20_000), 48_000)
    result = built(name, **gentle[name])(audio).samples
    np.testing.assert_allclose(result, audio.samples, atol=0.02)
    assert isinstance(built(name), BlockEffect)
