"""An album keeps the differences in loudness between its files, also through presets that compress."""

from __future__ import annotations

import numpy as np
import pytest
from speech_like import speech_like

import vocolab
from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.effects import effect_name
from vocolab.loudness import measure
from vocolab.loudness.integrated import integrated_lufs
from vocolab.signals import Joined
from vocolab_mastering.compressor import Compressor
from vocolab_mastering.input_level import InputLevel
from vocolab_mastering.options import InputLevelOptions
from vocolab_mastering.options_dynamics import CompressorOptions

RATE = 22_050
LEVELS_LUFS = (-20.0, -25.0, -34.0)


def chapters() -> list[Audio]:
    """Three of different loudness, length and voice."""
    return [speech_like(3 + n, RATE, level_lufs_about=level, seed=n) for n, level in enumerate(LEVELS_LUFS)]


def loudness(signals) -> list[float]:
    return [measure(signal).integrated_lufs for signal in signals]


@pytest.mark.parametrize("name", ["podcast", "audiobook", "voice-clean", "streaming"])
def test_presets_that_compress_keep_the_differences(name):
    preset = vocolab.preset(name)
    unlimited = Chain([effect for effect in preset.effects if effect_name(effect) != "limiter"], output=preset.output)
    takes = chapters()
    album = unlimited.run_album(takes)
    # What a high-pass takes in front of it differs a little from voice to voice.
    assert np.diff(loudness(album)) == pytest.approx(np.diff(loudness(takes)), abs=0.3)
    wanted = preset.target.mono_integrated_lufs or preset.target.integrated_lufs
    assert integrated_lufs(Joined(album)) == pytest.approx(wanted, abs=0.1)


def test_every_file_meets_the_same_curve():
    """A chapter that is the same at another level comes out the same, but for that level."""
    chain = Chain([InputLevel(InputLevelOptions()), Compressor(CompressorOptions(threshold_db=-30.0, ratio=4.0))])
    loud = speech_like(4, RATE, level_lufs_about=-15)
    quiet = Audio(loud.samples * np.float32(0.1), RATE)
    first, second = (Audio.of(part).samples for part in chain.run_album([loud, quiet]))
    np.testing.assert_allclose(10 * second, first, atol=1e-4)
    assert np.abs(np.log(np.abs(first).max() / np.abs(loud.samples).max())) > 0.1, "it is compressed"


def test_what_the_effects_did_to_the_album_stays():
    """Without a loudness at the end nothing makes up for what a compressor took."""
    chain = Chain([InputLevel(InputLevelOptions()), Compressor(CompressorOptions(threshold_db=-40.0, ratio=4.0))])
    alone = measure(chain(speech_like(4, RATE, level_lufs_about=-15))).integrated_lufs
    pair = [speech_like(4, RATE, level_lufs_about=level) for level in (-15, -15.001)]
    assert loudness(chain.run_album(pair)) == pytest.approx([alone, alone], abs=0.05)


def test_a_file_without_loudness_gets_the_gain_of_the_album():
    hush = Audio(np.full((1, 1000), 1e-3, np.float32), RATE)
    takes = [speech_like(4, RATE, level_lufs_about=-40), hush]
    _, part = Chain([InputLevel(InputLevelOptions())]).run_album(takes)
    gain_db = -20.0 - integrated_lufs(Joined(takes))
    np.testing.assert_allclose(Audio.of(part).samples, hush.samples * 10 ** (gain_db / 20), rtol=1e-4)


def test_switched_off_it_hands_the_album_on():
    takes = chapters()
    for off in ({"enabled": False}, {"mix": 0.0}):
        album = InputLevel(InputLevelOptions(**off)).aim_album(takes, lambda signals: signals)
        assert list(album) == takes


def test_an_album_of_silence_stays_silence():
    silence = Audio(np.zeros((1, RATE), np.float32), RATE)
    for part in vocolab.preset("podcast").run_album([silence, silence]):
        assert not Audio.of(part).samples.any()
