from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from signals import LongNoise

from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.delivery.output import Output
from vocolab.delivery.target import Target
from vocolab.effects import BlockEffect, effect_name
from vocolab.errors import AudioError, MissedTarget, OptionError, PluginError
from vocolab.files import spool
from vocolab.loudness import Loudness
from vocolab.options import EffectOptions


class GainOptions(EffectOptions):
    gain: float = 2.0


class LateProcessor:
    """Gain, ten samples late."""

    latency_samples = 10

    def __init__(self, gain: float, channels: int) -> None:
        self._gain, self._past = np.float32(gain), np.zeros((channels, 10), np.float32)

    def process(self, block):
        joined = np.concatenate([self._past, block], axis=1)
        self._past = joined[:, block.shape[1] :]
        return self._gain * joined[:, : block.shape[1]]


class Late(BlockEffect[GainOptions]):
    def open(self, sample_rate, channels):
        return LateProcessor(self.options.gain, channels)


class Reversed:
    """An effect that needs all of the audio."""

    def __call__(self, audio: Audio) -> Audio:
        return Audio(audio.samples[:, ::-1].copy(), audio.sample_rate)


class Peak:
    """Brings the highest sample at the end of the chain to 0.5, in one step."""

    target = Target(integrated_lufs=-20.0)

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, audio):
        return Audio.of(self.aim(audio, rest=Audio.of))

    def aim(self, signal, rest):
        self.calls += 1
        height = np.abs(Audio.of(rest(signal)).samples).max()
        return rest(Audio(Audio.of(signal).samples * np.float32(0.5 / height), signal.sample_rate))


class Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, audio):
        raise self.error


class FailingBlocks(BlockEffect[EffectOptions]):
    name = "broken"

    def open(self, sample_rate, channels):
        raise ValueError("negative dimensions")


def noise(n_samples: int = 5000, rate: int = 22_050, channels: int = 2) -> Audio:
    return Audio(0.1 * np.random.default_rng(0).standard_normal((channels, n_samples)), rate)


def late(gain: float = 2.0, **options: object) -> Late:
    return Late(GainOptions(gain=gain, **options))


def test_no_effects_is_identity():
    audio = noise()
    assert Chain()(audio) is audio
    assert Chain([]).run(audio) is audio


def test_effects_in_order_aligned_and_input_untouched():
    audio = noise()
    before = audio.samples.copy()
    result = Chain([late(2.0), Reversed(), late(3.0)])(audio)
    np.testing.assert_allclose(result.samples, 6 * before[:, ::-1], rtol=1e-6)
    np.testing.assert_array_equal(audio.samples, before)


@pytest.mark.parametrize("n_samples", [0, 1, 9, 10, 11, 70_001])
def test_call_and_run_agree_at_any_length(n_samples):
    audio = noise(n_samples)
    chain = Chain([late(), late(0.25, mix=0.5)])
    np.testing.assert_allclose(chain(audio).samples, audio.samples * 1.25, atol=1e-6)
    np.testing.assert_array_equal(Audio.of(chain.run(audio)).samples, chain(audio).samples)


def test_mix_blends_with_the_delayed_input_and_disabled_is_left_out():
    audio = noise()
    np.testing.assert_allclose(late(3.0, mix=0.5)(audio).samples, 2 * audio.samples, rtol=1e-5)
    for unchanged in (late(mix=0.0), late(enabled=False)):
        np.testing.assert_array_equal(unchanged(audio).samples, audio.samples)
        np.testing.assert_array_equal(Chain([unchanged])(audio).samples, audio.samples)


@pytest.mark.parametrize(("old", "new"), [(22_050, 48_000), (48_000, 44_100), (44_100, 22_050), (8_000, 48_000)])
@pytest.mark.parametrize("n_samples", [0, 1, 2, 7919, 100_003])
def test_output_rate_has_the_exact_length(old, new, n_samples):
    result = Chain(output=Output(sample_rate_hz=new))(noise(n_samples, old, 1))
    assert result.sample_rate == new
    assert result.n_samples == round(n_samples * new / old)


def test_resampling_keeps_a_tone_in_place():
    old, new = 22_050, 48_000
    tone = Audio.mono(0.5 * np.sin(2 * np.pi * 1000 * np.arange(3 * old) / old), old)
    expected = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(3 * new) / new)
    result = Chain(output=Output(sample_rate_hz=new))(tone).samples[0]
    np.testing.assert_allclose(result[2000:-2000], expected[2000:-2000], atol=1e-4)


def test_addition_joins_effects_and_prefers_the_right_hand_output():
    form = Output(sample_rate_hz=48_000, bit_depth=24)
    left = Chain([late(2.0)], name="a", output=form, target=Target(-23.0, 0.2, -1.0))
    right = Chain([late(3.0)], name="b", output=Output(bit_depth=16), target=Target(-16.0, 0.5))
    both = left + right
    assert [effect.options.gain for effect in both.effects] == [2.0, 3.0]
    assert both.name == "a + b"
    assert both.output == Output(sample_rate_hz=48_000, bit_depth=16)
    assert both.target == Target(-16.0, 0.5, -1.0)
    with pytest.raises(TypeError):
        left + late()


def test_repr_shows_every_effect_with_its_options():
    text = repr(Chain([late(3.0), Reversed()], name="mine"))
    assert text.startswith("Chain('mine'")
    assert "late(mix=1.0, enabled=True, gain=3.0)" in text
    assert "Reversed" in text
    assert repr(Chain()) == "Chain()"


def test_aim_is_given_the_rest_of_the_chain():
    result = Chain([late(0.1), Peak(), Reversed(), late(7.0)])(noise())
    assert np.abs(result.samples).max() == pytest.approx(0.5, rel=1e-5)


def test_each_of_two_aiming_effects_looks_as_far_as_the_next():
    first, second = Peak(), Peak()
    result = Chain([first, late(3.0), second, late(5.0)])(noise())
    assert np.abs(result.samples).max() == pytest.approx(0.5, rel=1e-5)
    assert (first.calls, second.calls) == (1, 1)


def test_target_follows_the_effects():
    stated = Target(-23.0, 0.3, -1.0)
    assert Chain([late()], target=stated).target == stated
    assert Chain([Peak()], target=stated).target == Target(-20.0, 0.3, -1.0)


def test_check_lists_each_requirement():
    chain = Chain(target=Target(-16.0, 0.2, -1.0, mono_integrated_lufs=-19.0))
    stereo = chain.check(Loudness(-16.15, -0.9, -1.2, channels=2))
    assert [tuple(line) for line in stereo] == [
        ("integrated_lufs", -16.0, -16.15, True),
        ("true_peak_dbtp", -1.0, -0.9, False),
    ]
    mono = chain.check(Loudness(-16.0, -1.0, -1.2, channels=1))
    assert [(line.wanted, line.passed) for line in mono] == [(-19.0, False), (-1.0, True)]
    silence = chain.check(Loudness(None, None, None))
    assert [line.passed for line in silence] == [None, None]
    assert Chain().check(Loudness(-16.0, -1.0, -1.2)) == []


def test_errors_carry_the_effects_name():
    with pytest.raises(OptionError, match="failing: too high"):
        Chain([Failing(OptionError("too high"))])(noise())
    with pytest.raises(MissedTarget, match=r"^failing: can't$") as missed:
        Chain([Failing(MissedTarget("can't"))])(noise())
    assert missed.value.subject("effect") == "failing"
    with pytest.raises(MissedTarget, match=r"^mine: can't$"):  # whoever was nearer knew better
        Chain([Failing(MissedTarget("can't").about("mine", "effect"))])(noise())
    with pytest.raises(PluginError, match="broken: failed with ValueError: negative dimensions"):
        Chain([FailingBlocks(EffectOptions()), late()])(noise())
    with pytest.raises(PluginError, match="broken: failed"):
        Chain([Peak(), FailingBlocks(EffectOptions())])(noise())


def test_a_broken_source_is_not_the_effects_fault():
    class Source:
        sample_rate, channels, n_samples = 8_000, 1, 10

        def blocks(self, block_samples=1):
            raise AudioError("the file ends early")
            yield

    with pytest.raises(AudioError, match=r"^the file ends early$"):
        Chain([late(), late()]).run(Source())


def test_an_effect_that_changes_the_length_is_refused():
    class Half:
        def __call__(self, audio):
            return Audio(audio.samples[:, ::2], audio.sample_rate)

    with pytest.raises(PluginError, match=r"half: made .* keep the length"):
        Chain([Half()])(noise())


def test_effect_names():
    assert effect_name(FailingBlocks(EffectOptions())) == "broken"
    assert effect_name(Reversed()) == "reversed"



@pytest.mark.slow
def test_memory_does_not_grow_with_the_length(monkeypatch):
    """Four minutes take what half a minute takes: a chain that resamples, aims and limits."""
    from vocolab_mastering.limiter import Limiter
    from vocolab_mastering.loudness import LoudnessTarget
    from vocolab_mastering.options import LimiterOptions, LoudnessOptions

    monkeypatch.setattr(spool, "_IN_MEMORY_BYTES", 2**20)
    chain = Chain(
        [late(), LoudnessTarget(LoudnessOptions(target_lufs=-20.0)), Limiter(LimiterOptions())],
        output=Output(sample_rate_hz=44_100),
    )
    peaks = []
    for minutes in (0.5, 4):
        tracemalloc.start()
        chain.run(LongNoise(minutes, channels=1, level=0.1))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.2
    assert peaks[1] < 60 * 2**20
