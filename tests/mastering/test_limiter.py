from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from speech_like import speech_like

from vocolab.audio import Audio
from vocolab.loudness import measure
from vocolab_mastering.limiter import MARGIN_DB, Limiter, _Stage
from vocolab_mastering.options import LimiterOptions

RATES = [8_000, 22_050, 44_100, 48_000, 96_000]


def hard_signals(rate: int) -> dict[str, np.ndarray]:
    """What overshoots most: full-band noise, steps, clicks, tones between the samples, and a worst case by design."""
    rng = np.random.default_rng(4)
    time = np.arange(rate) / rate
    index = np.arange(400)
    # Signs of a sinc half-way between two samples: the peak between them adds up every sample around.
    stress = np.zeros(rate)
    stress[rate // 2 : rate // 2 + 400] = 2 * np.where(np.sinc(index - 199.5) >= 0, 1, -1)
    beat = time % 0.25
    chord = sum(np.sin(2 * np.pi * pitch * time) for pitch in (110.0, 164.8, 277.2, 440.0))
    drum = np.exp(-30 * beat) * np.sin(2 * np.pi * 60 * beat) + 0.5 * np.exp(-90 * beat) * rng.standard_normal(rate)
    return {
        "music": 0.3 * chord + 2 * drum,
        "speech": speech_like(1, rate, level_lufs_about=-6).samples[0],
        "impulses": 3.0 * (np.arange(rate) % 997 == 0),
        "noise": rng.standard_normal(rate),
        "loud noise": 30 * rng.standard_normal(rate),
        "square": 1.5 * np.sign(np.sin(2 * np.pi * 441 * time)),
        "clicks": 4.0 * (rng.random(rate) < 1e-3),
        "bursts": 2 * np.sin(2 * np.pi * rate / 4.0001 * time) * (np.sin(2 * np.pi * 7 * time) > 0),
        "quarter rate": 1.41 * np.sin(np.pi / 2 * np.arange(rate) + np.pi / 4),
        "stress": stress,
        "random signs": rng.choice([-1.0, 1.0], rate),
    }


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("ceiling", [-1.0, -6.0])
@pytest.mark.parametrize("name", hard_signals(8_000))
def test_the_ceiling_holds(rate, ceiling, name):
    limiter = Limiter(LimiterOptions(ceiling_dbtp=ceiling))
    read = measure(limiter(Audio.mono(hard_signals(rate)[name], rate)))
    assert read.true_peak_dbtp <= ceiling
    assert read.true_peak_dbtp >= ceiling - 3  # it limits and does not mute


@pytest.mark.parametrize("name", hard_signals(8_000))
def test_the_ceiling_holds_at_the_most_impatient_setting(name):
    limiter = Limiter(LimiterOptions(lookahead_ms=0.5, release_ms=1.0))
    assert measure(limiter(Audio.mono(hard_signals(22_050)[name], 22_050))).true_peak_dbtp <= -1.0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1999), st.floats(-4, 4)), min_size=1, max_size=60),
    st.sampled_from([0.5, 2.0, 5.0]),
)
def test_the_ceiling_holds_on_whatever_comes(spikes, lookahead_ms):
    samples = np.zeros(2000)
    for position, height in spikes:
        samples[position] = height
    limited = Limiter(LimiterOptions(lookahead_ms=lookahead_ms))(Audio.mono(samples, 48_000))
    read = measure(limited)
    assert read.true_peak_dbtp is None or read.true_peak_dbtp <= -1.0


def test_the_table_of_the_standard_agrees_on_speech():
    """The 48 taps of BS.1770-5, annex 2, read a little high; the margin is there for such meters."""
    loud = speech_like(5, 48_000, level_lufs_about=-14)
    limited = Limiter(LimiterOptions())(loud).samples[0]
    assert 20 * np.log10(np.abs(loud.samples).max()) > 0
    outer = [0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625]
    outer += [0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500]
    inner = [-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250]
    inner += [0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375]
    highest = max(np.abs(np.convolve(limited, taps[::order])).max() for taps in (outer, inner) for order in (1, -1))
    assert 20 * np.log10(highest) <= -1.0


def test_what_stays_under_the_ceiling_is_not_touched():
    quiet = speech_like(2, 48_000)
    scale = np.float32(10 ** ((-1.0 - MARGIN_DB - 0.01 - measure(quiet).true_peak_dbtp) / 20))
    audio = Audio(quiet.samples * scale, 48_000)
    np.testing.assert_array_equal(Limiter(LimiterOptions())(audio).samples, audio.samples)


def test_the_gain_is_smooth_early_and_recovers():
    """A step of 12 dB: down within the look-ahead before it, no faster than the smoothing, back after the release."""
    rate, lookahead = 48_000, 240
    level = np.full(rate, 0.1)
    level[20_000:24_000] = 1.0
    audio = Audio.mono(level, rate)
    limiter = Limiter(LimiterOptions(ceiling_dbtp=-12.0, lookahead_ms=5.0, release_ms=50.0))
    gain_db = 20 * np.log10(limiter(audio).samples[0] / audio.samples[0])
    assert np.abs(gain_db[: 20_000 - 4 * lookahead]).max() < 0.5
    assert gain_db[20_500:23_500] == pytest.approx(-12 - MARGIN_DB, abs=0.2)
    assert np.abs(np.diff(gain_db)).max() < 0.3
    recovered = gain_db[24_000 + lookahead + round(0.05 * rate)]
    assert recovered == pytest.approx(gain_db[22_000] / np.e, abs=1.5)


def test_channels_share_one_gain():
    rng = np.random.default_rng(0)
    left = rng.standard_normal(20_000)
    audio = Audio(np.stack([left, 0.01 * left]), 48_000)
    limited = Limiter(LimiterOptions())(audio).samples
    np.testing.assert_allclose(limited[1], 0.01 * limited[0], atol=1e-7)


@settings(max_examples=12, deadline=None)
@given(
    cuts=st.lists(st.integers(100, 9_000), min_size=1, max_size=5),
    at=st.lists(st.integers(0, 39_000), min_size=1, max_size=4),
    rate=st.sampled_from([8_000, 48_000]),
)
def test_stages_that_rest_wake_up_wherever_the_blocks_are_cut(cuts, at, rate):
    """Bursts between long rests, in which the later stages don't look at what the first has seen."""
    rng = np.random.default_rng(3)
    samples = 0.2 * rng.standard_normal(40_000).clip(-3, 3)
    for start in at:
        samples[start : start + 60] += rng.choice([-2.0, 2.0], len(samples[start : start + 60]))
    audio = Audio.mono(samples, rate)
    limiter = Limiter(LimiterOptions(lookahead_ms=1.0, release_ms=2.0))
    whole = limiter(audio)
    processor = limiter.open(rate, 1)
    fed = np.concatenate([audio.samples, np.zeros((1, processor.latency_samples), np.float32)], axis=1)
    parts, start = [], 0
    while start < fed.shape[1]:
        size = cuts[len(parts) % len(cuts)]
        parts.append(processor.process(fed[:, start : start + size]))
        start += size
    joined = np.concatenate(parts, axis=1)[:, processor.latency_samples :]
    np.testing.assert_allclose(joined, whole.samples, atol=1e-5)
    assert measure(whole).true_peak_dbtp <= -1.0


def test_a_stage_remembers_what_it_was_told_not_to_look_at():
    """A peak right after a known stretch: its interpolation needs the samples before it."""
    rng = np.random.default_rng(5)
    quiet = 0.3 * rng.uniform(-1, 1, (1, 3_000)).astype(np.float32)
    loud = 3 * rng.uniform(-1, 1, (1, 500)).astype(np.float32)
    looking, told = (_Stage(LimiterOptions(), 48_000, 1) for _ in range(2))
    for piece in (quiet, quiet[:, ::-1]):
        np.testing.assert_array_equal(told.process(piece, is_known=True), looking.process(piece, is_known=False))
    np.testing.assert_allclose(told.process(loud, is_known=False), looking.process(loud, is_known=False), atol=1e-7)
