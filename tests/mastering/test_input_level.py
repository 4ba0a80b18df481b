from __future__ import annotations

import numpy as np
import pytest
from speech_like import speech_like

from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.errors import AudioError
from vocolab.loudness import measure
from vocolab_mastering.compressor import Compressor
from vocolab_mastering.input_level import InputLevel
from vocolab_mastering.loudness import LoudnessTarget
from vocolab_mastering.options import InputLevelOptions, LoudnessOptions
from vocolab_mastering.options_dynamics import CompressorOptions


def input_level(**options: object) -> InputLevel:
    return InputLevel(InputLevelOptions(**options))


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000])
def test_one_gain_brings_it_to_its_loudness(rate):
    audio = speech_like(4, rate, level_lufs_about=-41)
    result = input_level(target_lufs=-20.0)(audio)
    assert measure(result).integrated_lufs == pytest.approx(-20, abs=0.01)
    gain = result.samples[audio.samples != 0] / audio.samples[audio.samples != 0]
    np.testing.assert_allclose(gain, gain[0], rtol=1e-5)


def test_a_threshold_means_the_same_at_any_level():
    """The point of it: a recording 30 dB lower comes out of a compressor the same."""
    chain = Chain([
        input_level(), Compressor(CompressorOptions(threshold_db=-30.0, ratio=4.0)),
        LoudnessTarget(LoudnessOptions(target_lufs=-20.0)),
    ])
    loud = speech_like(4, 22_050, level_lufs_about=-10)
    quiet = Audio(loud.samples * np.float32(10**-1.5), 22_050)
    np.testing.assert_allclose(chain(quiet).samples, chain(loud).samples, atol=1e-5)


def test_the_end_of_the_chain_is_not_its_business():
    halved = Compressor(CompressorOptions(threshold_db=-60.0, ratio=2.0))
    alone = halved(input_level()(speech_like(4, 22_050)))
    np.testing.assert_allclose(Chain([input_level(), halved])(speech_like(4, 22_050)).samples, alone.samples, atol=1e-6)


def test_gain_has_a_limit_and_nothing_is_missed():
    quiet = speech_like(4, 22_050, level_lufs_about=-60)
    np.testing.assert_allclose(input_level(max_gain_db=20.0)(quiet).samples, 10 * quiet.samples, rtol=1e-5)
    assert Chain([input_level()]).target.is_empty


@pytest.mark.parametrize("off", [{"enabled": False}, {"mix": 0.0}])
@pytest.mark.parametrize("effect", [(InputLevel, InputLevelOptions), (LoudnessTarget, LoudnessOptions)])
def test_switched_off_it_hands_the_signal_on_and_does_not_measure_it(effect, off):
    """Seven channels have no loudness, and measuring them is an error."""
    of, options = effect
    audio = Audio(np.full((7, 48_000), 0.1, np.float32), 48_000)
    given = []
    of(options(target_lufs=-30.0, **off)).aim(audio, lambda signal: given.append(signal) or signal)
    assert given == [audio]
    with pytest.raises(AudioError):
        of(options(target_lufs=-30.0)).aim(audio, lambda signal: signal)


@pytest.mark.parametrize("samples", [np.zeros((2, 48_000)), np.full((1, 1000), 0.1), np.zeros((1, 0))])
def test_what_has_no_loudness_is_not_changed(samples):
    audio = Audio(samples, 48_000)
    np.testing.assert_array_equal(input_level()(audio).samples, audio.samples)
