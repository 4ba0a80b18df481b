from __future__ import annotations

import numpy as np
import pytest
from speech_like import speech_like

from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.errors import MissedTarget
from vocolab.loudness import measure
from vocolab_mastering.gain_search import GainSearch
from vocolab_mastering.limiter import Limiter
from vocolab_mastering.loudness import LoudnessTarget
from vocolab_mastering.options import LimiterOptions, LoudnessOptions

TOLERANCE_LU = 0.1


def to_loudness(target_lufs: float, **options: object) -> LoudnessTarget:
    return LoudnessTarget(LoudnessOptions(target_lufs=target_lufs, **options))


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000])
@pytest.mark.parametrize("target", [-30.0, -23.0, -16.0])
def test_alone_it_is_one_exact_gain(rate, target):
    audio = speech_like(4, rate)
    result = to_loudness(target)(audio)
    assert measure(result).integrated_lufs == pytest.approx(target, abs=0.01)
    gain = result.samples[audio.samples != 0] / audio.samples[audio.samples != 0]
    np.testing.assert_allclose(gain, gain[0], rtol=1e-5)


@pytest.mark.parametrize("target", [-23.0, -19.0, -16.0, -14.0])
@pytest.mark.parametrize("channels", [1, 2])
def test_before_a_limiter_both_hold(target, channels):
    chain = Chain([to_loudness(target), Limiter(LimiterOptions())])
    read = measure(chain(speech_like(6, 48_000, channels=channels)))
    assert read.integrated_lufs == pytest.approx(target, abs=TOLERANCE_LU)
    assert read.true_peak_dbtp <= -1.0


def test_quiet_and_loud_inputs_end_at_the_same_loudness():
    chain = Chain([to_loudness(-16.0), Limiter(LimiterOptions())])
    for level in (-50.0, -5.0):
        read = measure(chain(speech_like(5, 24_000, level_lufs_about=level)))
        assert read.integrated_lufs == pytest.approx(-16.0, abs=TOLERANCE_LU)


@pytest.mark.parametrize(
    ("target", "mono", "stereo"), [(None, -19.0, -16.0), (-20.0, -20.0, -20.0), (-12.0, -12.0, -12.0)]
)
def test_mono_may_have_a_target_of_its_own_and_one_target_replaces_both(target, mono, stereo):
    effect = LoudnessTarget(LoudnessOptions(target_lufs=target, mono_target_lufs=-19.0, stereo_target_lufs=-16.0))
    for channels, expected in [(1, mono), (2, stereo)]:
        read = measure(effect(speech_like(3, 22_050, channels=channels)))
        assert read.integrated_lufs == pytest.approx(expected, abs=0.01)
        assert all(line.passed for line in Chain([effect]).check(read))


def test_out_of_reach_says_what_can_be_reached():
    limiter = Limiter(LimiterOptions(ceiling_dbtp=-20.0))
    speech = speech_like(4, 22_050)
    out_of_reach = r"loudness: -14 LUFS is out of reach; the nearest is -2\d\.\d\d LUFS"
    with pytest.raises(MissedTarget, match=out_of_reach) as error:
        Chain([to_loudness(-14.0), limiter])(speech)
    read = measure(Chain([to_loudness(-14.0, allow_miss=True), limiter])(speech))
    assert f"{read.integrated_lufs:.2f} LUFS" in str(error.value)
    assert read.true_peak_dbtp <= -20.0


def test_gain_has_a_limit():
    hum = speech_like(4, 22_050, level_lufs_about=-65)
    with pytest.raises(MissedTarget, match="max_gain_db = 40 on an input of -6"):
        to_loudness(-16.0)(hum)
    lifted = to_loudness(-16.0, allow_miss=True)(hum)
    np.testing.assert_allclose(lifted.samples, 100 * hum.samples, rtol=1e-5)


@pytest.mark.parametrize("samples", [np.zeros((1, 48_000)), np.full((1, 1000), 0.1), np.zeros((2, 0))])
def test_what_has_no_loudness_is_not_changed(samples):
    audio = Audio(samples, 48_000)
    np.testing.assert_array_equal(to_loudness(-16.0)(audio).samples, audio.samples)


@pytest.mark.parametrize(
    ("curve", "reaches"),
    [
        (lambda gain: gain - 30, True),
        (lambda gain: -20 + 0.4 * gain, True),
        (lambda gain: min(gain - 30, -15 + 0.3 * (gain - 15)), True),
        (lambda gain: -12 - 8 * np.exp(-gain / 10), False),
        (lambda gain: -25 + 20 * (gain > 17), False),  # a jump over the target
        (lambda gain: -11.0, False),
        (lambda gain: max(min(gain - 30, -20.0), gain - 50), True),  # a plateau, then on
        (lambda gain: -30 - gain, False),
    ],
)
def test_the_search_ends_on_any_curve(curve, reaches):
    search = GainSearch(-10.0, -30.0, 60.0)
    while (gain := search.next_gain_db()) is not None:
        search.add(gain, float(curve(gain)))
    assert len(search.passes) <= 12
    assert search.is_reached == reaches
    assert abs(search.nearest.lufs + 10) == min(abs(done.lufs + 10) for done in search.passes)
