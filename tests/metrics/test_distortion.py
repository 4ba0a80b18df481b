"""What the effects and the writer add to a pure tone: THD+N under 0.001 %, dynamic range over 120 dB."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.metrics.distortion import TONE_HZ, dynamic_range_db, thd_plus_n_percent, tone
from vocolab_mastering.eq import Eq
from vocolab_mastering.gain import Gain
from vocolab_mastering.limiter import Limiter
from vocolab_mastering.options import Band, EqOptions, LimiterOptions
from vocolab_mastering.options_tone import GainOptions

THD_N_PERCENT = 0.001
FLAT = EqOptions(bands=[Band(kind="peak", frequency_hz=hertz, gain_db=0.0) for hertz in (100.0, 1000.0, 8000.0)])
TRANSPARENT = {
    "gain": Gain(GainOptions(gain_db=-3.7)),
    "flat equaliser": Eq(FLAT),
    "limiter under its ceiling": Limiter(LimiterOptions(ceiling_dbtp=-1.0)),
}


@pytest.mark.parametrize("percent", [10.0, 0.1, 0.001])
def test_the_measure_finds_a_harmonic_of_known_level(percent):
    audio = tone(-6, 48_000)
    time = np.arange(audio.n_samples) / 48_000
    added = audio.samples[0] + 0.501187 * percent / 100 * np.sin(2 * np.pi * 3 * TONE_HZ * time)
    expected = 100 * percent / 100 / np.hypot(1, percent / 100)
    assert thd_plus_n_percent(Audio.mono(added, 48_000)) == pytest.approx(expected, rel=0.01)


def test_the_measure_finds_noise_of_known_level():
    """White noise of -100 dBFS RMS, of which 20 of 24 kHz count: 100 - 3.01 + 0.79 dB under a full-scale sine."""
    audio = tone(-60, 48_000, seconds=10)
    noise = 1e-5 * np.random.default_rng(0).standard_normal(audio.n_samples)
    assert dynamic_range_db(Audio.mono(audio.samples[0] + noise, 48_000)) == pytest.approx(97.78, abs=0.1)


def test_what_is_too_short_or_silent_is_refused():
    with pytest.raises(AudioError, match="too short"):
        thd_plus_n_percent(tone(-6, 48_000, seconds=0.3))
    with pytest.raises(AudioError, match="silence"):
        thd_plus_n_percent(Audio(np.zeros((1, 48_000)), 48_000))


@pytest.mark.parametrize("name", TRANSPARENT)
@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("hertz", [TONE_HZ, 1000.0])
def test_effects_that_should_do_nothing_else(name, rate, hertz):
    processed = TRANSPARENT[name](tone(-2.0, rate, frequency_hz=hertz))
    assert thd_plus_n_percent(processed, hertz) < THD_N_PERCENT


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_the_writer_at_24_bit(suffix, tmp_path):
    file = tmp_path / f"tone{suffix}"
    tone(-1.0, 48_000).save(file, bit_depth=24)
    assert thd_plus_n_percent(Audio.load(file)) < THD_N_PERCENT
    tone(-60.0, 48_000).save(file, bit_depth=24)
    assert dynamic_range_db(Audio.load(file)) > 120


def test_a_whole_delivery(tmp_path):
    """Broadcast, from the tone to the file: high-pass, gain, limiter at rest, dither."""
    import vocolab

    file = tmp_path / "tone.wav"
    vocolab.preset("broadcast")(tone(-12.0, 48_000)).save(file, bit_depth=24)
    assert thd_plus_n_percent(Audio.load(file)) < THD_N_PERCENT
