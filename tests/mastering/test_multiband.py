from __future__ import annotations

import numpy as np
import pytest
from test_every_effect import noise

from vocolab.audio import Audio
from vocolab.errors import OptionError
from vocolab.options import make_options
from vocolab_mastering.crossover import Crossover
from vocolab_mastering.multiband import Multiband
from vocolab_mastering.options_dynamics import MultibandOptions

RATE = 48_000
THREE_BANDS = [200.0, 4_000.0]
CENTRES_HZ = [40.0, 900.0, 17_778.0]
AT_CENTRE_DB = 0.3  # neighbouring bands still have a little of it


def multiband(**options: object) -> Multiband:
    return Multiband(MultibandOptions(**options))


def tone(frequency_hz: float, level_dbfs: float, seconds: float = 1.0) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    return 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * frequency_hz * time)


def level_at(samples: np.ndarray, frequency_hz: float) -> float:
    """Peak level in dBFS of what has that frequency in the last half second."""
    last = samples[-RATE // 2 :]
    time = np.arange(len(last)) / RATE
    return 20 * np.log10(2 * abs(np.mean(last * np.exp(-2j * np.pi * frequency_hz * time))))


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("idle", [{"ratio": 1.0}, {"thresholds_db": 0.0}])
def test_flat_to_a_hundredth_of_a_db_where_it_does_nothing(rate, idle):
    impulse = np.zeros((1, 1 << 17))
    impulse[0, 1000] = 0.5
    out = multiband(**idle, knee_db=0.0)(Audio(impulse, rate)).samples[0]
    at_hz = np.fft.rfftfreq(len(out), 1 / rate)
    heard = (at_hz >= 20) & (at_hz <= 0.45 * rate)
    assert np.abs(20 * np.log10(np.abs(np.fft.rfft(out)[heard]) / 0.5)).max() < 1e-4


@pytest.mark.parametrize("mix", [0.25, 0.5])
def test_mix_blends_with_the_bands_and_stays_flat(mix):
    """All bands 12 dB down, blended: 1 + mix (0.25 - 1) at every frequency, with no comb from the all-pass."""
    impulse = np.zeros((1, 1 << 16))
    impulse[0, 1000] = 0.5
    out = multiband(ratio=1.0, gains_db=-12.0, mix=mix)(Audio(impulse, RATE)).samples[0]
    level = np.abs(np.fft.rfft(out)) / 0.5
    np.testing.assert_allclose(level[30:-1000], 1 + mix * (10 ** (-12 / 20) - 1), rtol=1e-4)


def test_mix_is_between_the_unprocessed_bands_and_the_effect():
    audio = noise(30_000, RATE, channels=2)
    options = {"thresholds_db": -40.0, "ratio": 4.0}
    dry = Crossover([100.0, 500.0, 2_000.0, 8_000.0], RATE, 2).process(audio.samples).sum(axis=0)
    wet = multiband(**options)(audio).samples
    np.testing.assert_allclose(multiband(**options, mix=0.3)(audio).samples, dry + 0.3 * (wet - dry), atol=1e-5)


@pytest.mark.parametrize("band", range(3))
def test_each_band_has_its_curve_and_leaves_the_others_alone(band):
    """A loud tone in one band: 20 dB over the threshold become 20 / 4; a soft tone in each other band stays."""
    samples = sum(tone(hz, -20 if index == band else -60) for index, hz in enumerate(CENTRES_HZ))
    options = {"crossovers_hz": THREE_BANDS, "thresholds_db": -40.0, "ratio": 4.0, "knee_db": 0.0}
    out = multiband(**options, release_ms=1_000.0)(Audio.mono(samples, RATE))
    for index, hz in enumerate(CENTRES_HZ):
        expected = -35 if index == band else -60
        assert level_at(out.samples[0], hz) == pytest.approx(expected, abs=AT_CENTRE_DB)


def test_settings_a_band():
    thresholds, ratios, gains = [-40.0, -30.0, -25.0], [2.0, 1.0, 4.0], [1.0, -2.0, 3.0]
    lists = {"thresholds_db": thresholds, "ratios": ratios, "gains_db": gains}
    effect = multiband(crossovers_hz=THREE_BANDS, **lists, knee_db=0.0, release_ms=1_000.0)
    for hz, threshold, ratio, gain in zip(CENTRES_HZ, thresholds, ratios, gains, strict=True):
        out = effect(Audio.mono(tone(hz, -10), RATE)).samples[0]
        expected = gain - (-10 - threshold) * (1 - 1 / ratio)
        assert level_at(out, hz) + 10 == pytest.approx(expected, abs=AT_CENTRE_DB)


def test_attack_and_release_a_band():
    """The band with the short attack is down after 0.1 s, the one with the long one not yet."""
    samples = np.stack([np.concatenate([tone(hz, -60), tone(hz, -10, 0.1)]) for hz in (1_000.0, 15_000.0)])
    effect = multiband(thresholds_db=-40.0, ratio=10.0, attack_ms=[10.0, 10.0, 400.0, 10.0, 1.0])
    slow, fast = (np.abs(effect(Audio.mono(channel, RATE)).samples[0, -960:]).max() for channel in samples)
    assert 20 * np.log10(slow) > -18
    assert 20 * np.log10(fast) < -35


def test_channels_share_the_gain_of_each_band():
    loud, soft = tone(1_000.0, -10), tone(1_000.0, -50)
    out = multiband(thresholds_db=-30.0, ratio=4.0)(Audio(np.stack([loud, soft]), RATE)).samples
    assert level_at(out[0], 1_000.0) - level_at(out[1], 1_000.0) == pytest.approx(40, abs=0.01)


def test_at_a_low_rate_the_highest_band_left_reaches_up():
    """At 8 kHz there is no crossover at 8 kHz: four bands, and 3 kHz belongs to the fourth."""
    audio = Audio.mono(0.1 * np.sin(2 * np.pi * 3_000 / 8_000 * np.arange(8_000)), 8_000)
    out = multiband(gains_db=[0.0, 0.0, 0.0, -6.0, 12.0], ratio=1.0)(audio).samples[0]
    gain_db = 20 * np.log10(np.abs(out[4_000:]).max() / np.abs(audio.samples[0, 4_000:]).max())
    assert gain_db == pytest.approx(-6.0, abs=0.3)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"crossovers_hz": [500.0, 100.0]}, "has to ascend"),
        ({"crossovers_hz": [500.0, 500.0]}, "has to ascend"),
        ({"thresholds_db": [-20.0, -20.0]}, "2 values"),
        ({"crossovers_hz": [1_000.0], "ratios": [2.0]}, "2 bands"),
        ({"attack_ms": [10.0, 10.0, 0.0, 10.0, 10.0]}, "attack_ms"),
        ({"thresholds_db": 3.0}, "thresholds_db"),
    ],
)
def test_lists_that_do_not_fit(values, told):
    with pytest.raises(OptionError, match=told):
        make_options(MultibandOptions, values, "multiband")
