"""Effects that change length, rate or channels: in chains, in streams, and held to what they declare."""

from __future__ import annotations

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.chain.resampling import Resampled
from vocolab.effects import BlockEffect, SignalEffect, channels_after
from vocolab.errors import AudioError, OptionError, PluginError
from vocolab.options import EditOptions, EffectOptions, make_options


class ToStereo(BlockEffect[EffectOptions]):
    """As many channels as it says, or another number."""

    latency_samples = 0

    def __init__(self, options: EffectOptions = EffectOptions(), given: int = 2, declared: int = 2) -> None:  # noqa: B008
        super().__init__(options)
        self.given, self.declared = given, declared

    def output_channels(self, channels):
        return self.declared

    def open(self, sample_rate, channels):
        return self

    def process(self, block):
        return np.repeat(2 * block[:1], self.given, axis=0)


class Cut:
    def __init__(self, signal, first, last, stated=None):
        self._signal, self._first, self._last = signal, first, last
        self.sample_rate, self.channels = signal.sample_rate, signal.channels
        self.n_samples = last - first if stated is None else stated

    def blocks(self, block_samples=65_536):
        position = 0
        for block in self._signal.blocks(block_samples):
            first, last = max(self._first - position, 0), max(self._last - position, 0)
            position += block.shape[1]
            if block[:, first:last].shape[1]:
                yield block[:, first:last]


class Tail(SignalEffect[EditOptions]):
    """Leaves the first 100 samples out."""

    keeps_length = False

    def edit(self, signal):
        return Cut(signal, 100, signal.n_samples)


class Undeclared(Tail):
    keeps_length = True


class Liar(Tail):
    def edit(self, signal):
        return Cut(signal, 100, signal.n_samples, stated=5)


class Half(SignalEffect[EditOptions]):
    keeps_rate = False

    def edit(self, signal):
        return Resampled(signal, signal.sample_rate // 2)


class Reversed:
    def __call__(self, audio):
        return Audio(audio.samples[:, ::-1].copy(), audio.sample_rate)


class First:
    """An effect of its own making that leaves a channel out."""

    def __call__(self, audio):
        return Audio(audio.samples[:1], audio.sample_rate)


class DeclaredFirst(First):
    def output_channels(self, channels):
        return 1


def noise(n_samples: int = 5000, channels: int = 1, rate: int = 16_000) -> Audio:
    return Audio(0.1 * np.random.default_rng(0).standard_normal((channels, n_samples)), rate)


def test_a_chain_passes_on_what_an_effect_changes():
    audio = noise()
    result = Chain([Tail(EditOptions()), ToStereo(), Reversed(), Half(EditOptions())])(audio)
    assert (result.channels, result.n_samples, result.sample_rate) == (2, 2450, 8000)
    straight = Chain([Tail(EditOptions()), ToStereo()])(audio)
    np.testing.assert_array_equal(straight.samples, np.repeat(2 * audio.samples[:, 100:], 2, axis=0))


@pytest.mark.parametrize("n_samples", [100, 101, 70_001])
def test_signals_and_audio_agree(n_samples):
    audio = noise(n_samples)
    chain = Chain([ToStereo(), Tail(EditOptions())])
    np.testing.assert_array_equal(Audio.of(chain.run(audio)).samples, Tail(EditOptions())(ToStereo()(audio)).samples)


@pytest.mark.parametrize("options", [{"mix": 0.0}, {"enabled": False}])
def test_idle_effects_change_nothing(options):
    audio = noise()
    for effect in (Tail(EditOptions(**options)), ToStereo(EffectOptions(**options)), Half(EditOptions(**options))):
        np.testing.assert_array_equal(effect(audio).samples, audio.samples)
        np.testing.assert_array_equal(Chain([effect])(audio).samples, audio.samples)
        assert channels_after(effect, 1) == 1


def test_mix_between_is_refused_where_length_or_rate_change():
    with pytest.raises(OptionError, match="tail mix: what changes the length or the rate can't be blended"):
        make_options(EditOptions, {"mix": 0.5}, "tail")


def test_mono_is_blended_with_each_channel():
    audio = noise()
    np.testing.assert_allclose(
        ToStereo(EffectOptions(mix=0.5))(audio).samples, np.repeat(1.5 * audio.samples, 2, axis=0), rtol=1e-6
    )
    with pytest.raises(OptionError, match="3 channels can't be blended with the 2"):
        ToStereo(EffectOptions(mix=0.5))(noise(channels=3))


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        (Undeclared(EditOptions()), r"undeclared: made 4900 samples .* of 5000 .* keep the length.*keeps_length"),
        (Liar(EditOptions()), r"liar: made 4900 samples of 5"),
        (ToStereo(given=3), r"tostereo: gave \(3, 5000\), not \(2, 5000\)"),
        (First(), r"first: made .* in 1 ch of .* in 2 ch.*output_channels"),
    ],
)
def test_effects_are_held_to_what_they_declare(effect, words):
    with pytest.raises(PluginError, match=words):
        Chain([effect])(noise(channels=2))


def test_a_declared_change_of_channels_needs_no_base_class():
    assert Chain([DeclaredFirst()])(noise(channels=2)).channels == 1


def test_errors_have_the_right_name():
    class Broken(Tail):
        def edit(self, signal):
            raise ValueError("no such place")

    class Source:
        sample_rate, channels, n_samples = 8_000, 1, 10

        def blocks(self, block_samples=1):
            raise AudioError("the file ends early")
            yield

    with pytest.raises(PluginError, match="broken: failed with ValueError: no such place"):
        Chain([Broken(EditOptions())])(noise())
    with pytest.raises(AudioError, match=r"^the file ends early$"):
        Chain([Half(EditOptions())]).run(Source())
