"""Match: third octaves and loudness of a reference, within limits; references that can't be are refused by name."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import numpy as np
import pytest
from restoration.takes import take
from scipy.signal import butter, sosfilt

from vocolab.audio import Audio
from vocolab.errors import OptionError
from vocolab_restoration.match import Match, no_steeper, sounding
from vocolab_restoration.options_events import MatchOptions
from vocolab_restoration.third_octaves import band_centres_hz

RATE = 24_000


def coloured(samples: np.ndarray) -> np.ndarray:
    """Another microphone: a broad lift of the highs, less of the lows, and quieter."""
    highs = sosfilt(butter(1, 2_500, "highpass", fs=RATE, output="sos"), samples)
    lows = sosfilt(butter(1, 250, "lowpass", fs=RATE, output="sos"), samples)
    return 0.4 * (samples + highs - 0.5 * lows)


def saved(folder: Path, samples: np.ndarray, name: str = "reference.wav", sample_rate: int = RATE) -> str:
    path = folder / name
    Audio.mono(samples, sample_rate).save(path, bit_depth=32)
    return str(path)


def matched(samples: np.ndarray, reference: str, **options: float) -> Audio:
    return Match(MatchOptions(reference=reference, **options))(Audio.mono(samples, RATE))


def differences_db(audio: Audio, other: Audio) -> np.ndarray:
    centres_hz = band_centres_hz(RATE)
    ours, theirs = sounding(audio), sounding(other)
    assert ours is not None and theirs is not None
    return ours.levels_db(centres_hz) - theirs.levels_db(centres_hz)


def test_spectrum_and_loudness_are_those_of_the_reference(tmp_path):
    """Another text, through another microphone: within a decibel in each third octave that both have."""
    given, other = take(12.0, RATE), coloured(take(12.0, RATE, 20))
    out = matched(given, saved(tmp_path, other), max_gain_db=24.0, max_slope_db_per_octave=48.0)
    reference = Audio.mono(other, RATE)
    spoken = band_centres_hz(RATE) > 90
    assert np.abs(differences_db(Audio.mono(given, RATE), reference)[spoken]).max() > 4
    assert np.abs(differences_db(out, reference)[spoken]).max() < 1
    assert sounding(out).lufs == pytest.approx(sounding(reference).lufs, abs=0.2)


def test_gain_and_slope_have_limits(tmp_path):
    given = take(6.0, RATE)
    steep = sosfilt(butter(6, 1_500, "lowpass", fs=RATE, output="sos"), given)
    out = matched(given, saved(tmp_path, steep), max_gain_db=6.0, max_slope_db_per_octave=3.0)
    change_db = differences_db(out, Audio.mono(given, RATE))
    spoken = band_centres_hz(RATE) > 90
    assert np.ptp(change_db[spoken]) < 12.5
    assert np.abs(np.diff(change_db[spoken])).max() < 2  # 1 dB a band, and what the power in a band adds


def test_a_line_that_is_no_steeper_stays():
    octaves = np.arange(12) / 3
    gentle = 2 * np.sin(octaves)
    np.testing.assert_allclose(no_steeper(gentle, octaves, 12.0), gentle)
    step = np.where(octaves < 2, 0.0, 12.0)
    limited = no_steeper(step, octaves, 6.0)
    assert np.abs(np.diff(limited)).max() <= 2 + 1e-9
    assert limited[0] == 0 and limited[-1] == 12


def test_the_level_has_a_limit(tmp_path):
    given = take(3.0, RATE)
    out = matched(given, saved(tmp_path, 0.05 * given), max_level_db=6.0)
    assert sounding(out).lufs == pytest.approx(sounding(Audio.mono(given, RATE)).lufs - 6, abs=0.1)


def test_it_keeps_its_place_in_time(tmp_path):
    given = take(3.0, RATE)
    out = matched(given, saved(tmp_path, coloured(given))).samples[0]
    alike = np.correlate(out[RATE : 2 * RATE], given[RATE - 50 : 2 * RATE + 50].astype(np.float32), "valid")
    assert np.argmax(alike) == 50


def test_the_same_file_changes_no_bit_and_is_told(tmp_path, caplog):
    given = np.float32(take(3.0, RATE))
    with caplog.at_level(logging.WARNING, "vocolab"):
        out = matched(given, saved(tmp_path, given))
    np.testing.assert_array_equal(out.samples[0], given)
    assert "nothing is changed" in caplog.text


def test_silence_and_a_moment_are_left_as_they_are(tmp_path):
    reference = saved(tmp_path, take(3.0, RATE))
    for given in (np.zeros(RATE), take(3.0, RATE)[:1000], np.zeros(0)):
        np.testing.assert_array_equal(matched(given, reference).samples[0], np.float32(given))


def test_references_that_cannot_be(tmp_path):
    speech = take(1.0, RATE)
    os.mkfifo(tmp_path / "pipe.wav")
    (tmp_path / "text.wav").write_text("no audio")
    for reference, said in (
        ("", "reference is empty"),
        (str(tmp_path / "none.wav"), "none.wav"),
        (str(tmp_path), "can't be used"),
        (str(tmp_path / "pipe.wav"), "can't be used"),
        (str(tmp_path / "text.wav"), "can't be used"),
        (saved(tmp_path, np.zeros(RATE), "silence.wav"), "is silence, or shorter than 400 ms"),
        (saved(tmp_path, speech[:2000], "short.wav"), "is silence, or shorter than 400 ms"),
    ):
        with pytest.raises(OptionError, match=said):
            matched(speech, reference)


def test_a_reference_of_another_rate_and_two_channels(tmp_path):
    given = take(3.0, RATE)
    telephone = Audio.mono(given, RATE).mono_at(8_000).samples[0]
    path = tmp_path / "stereo.wav"
    Audio(np.stack([telephone, -telephone]), 8_000).save(path)
    out = matched(given, str(path)).samples[0]
    assert np.isfinite(out).all() and len(out) == len(given)
