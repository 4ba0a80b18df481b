"""The wrapper, with a plugin that is none, and what it says about files that hold none."""

from __future__ import annotations

import numpy as np
import pytest
from signals import Cut

from vocolab.audio import Audio
from vocolab.errors import AudioError, OptionError, PluginError
from vocolab_mastering import vst3
from vocolab_mastering.options_tone import Vst3Options
from vocolab_mastering.vst3 import Vst3

RATE = 48_000


class FakePlugin:
    """Smooths with a pole, late by `latency_samples`, which pedalboard takes off what it gives back first."""

    is_effect = True
    most_channels = 2

    def __init__(self, latency_samples: int = 0) -> None:
        self.parameters = {"amount": None, "mode": None}
        self.amount, self.mode = 0.5, "soft"
        self.latency_samples = latency_samples
        self.reset()

    def __setattr__(self, name, value):
        if name == "mode" and value not in ("soft", "hard"):
            raise ValueError("Value out of range:\n  soft, hard")
        super().__setattr__(name, value)

    def reset(self):
        self.state, self.to_drop, self.past = None, self.latency_samples, None

    def process(self, block, sample_rate, buffer_size, reset):
        assert not reset
        assert block.shape[1] == 2048, "blocks of one size"
        if len(block) > self.most_channels:
            raise ValueError(f"plugin does not support {len(block)}-channel output")
        if self.state is None:
            self.state = np.zeros(len(block))
            self.past = np.zeros((len(block), self.latency_samples))
        out = np.empty(block.shape)
        for index, column in enumerate(block.T):
            self.state = self.amount * self.state + (1 - self.amount) * column
            out[:, index] = self.state
        joined = np.concatenate([self.past, out], axis=1)
        self.past = joined[:, block.shape[1] :]
        dropped = min(self.to_drop, block.shape[1])
        self.to_drop -= dropped
        return joined[:, dropped : block.shape[1]].astype(np.float32)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "warmth.vst3"
    path.write_bytes(b"not a plugin")
    return path


@pytest.fixture
def fake(monkeypatch):
    """Installs a fake plugin, and gives the calls of load_plugin."""

    def install(**changes):
        calls = []

        def load(path, plugin_name=None):
            calls.append((path, plugin_name))
            plugin = FakePlugin(changes.pop("latency_samples", 0))
            for name, value in changes.items():
                setattr(plugin, name, value)
            return plugin

        monkeypatch.setattr(vst3.pedalboard, "load_plugin", load)
        return calls

    return install


def noise(n_samples: int = 7919, channels: int = 2) -> Audio:
    return Audio(0.3 * np.random.default_rng(0).standard_normal((channels, n_samples)), RATE)


def smoothed(audio: Audio, amount: float) -> np.ndarray:
    from scipy.signal import lfilter

    return lfilter([1 - amount], [1, -amount], audio.samples.astype(np.float64), axis=1)


@pytest.mark.parametrize("latency_samples", [0, 300, 5_000])
@pytest.mark.parametrize("n_samples", [0, 1, 2_048, 7_919])
def test_it_comes_out_aligned_and_as_long(fake, file, latency_samples, n_samples):
    fake(latency_samples=latency_samples)
    audio = noise(n_samples)
    result = Vst3(Vst3Options(path=str(file), parameters={"amount": 0.8}))(audio)
    np.testing.assert_allclose(result.samples, smoothed(audio, 0.8), atol=1e-6)


def test_mix_blends_in_place(fake, file):
    fake(latency_samples=700)
    audio = noise()
    result = Vst3(Vst3Options(path=str(file), mix=0.5))(audio)
    np.testing.assert_allclose(result.samples, 0.5 * (audio.samples + smoothed(audio, 0.5)), atol=1e-6)


def test_blocks_equal_the_whole(fake, file):
    fake(latency_samples=0)
    effect, audio = Vst3(Vst3Options(path=str(file))), noise()
    for sizes in ([1, 700], [5_000, 3]):
        joined = np.concatenate(list(effect.stream(Cut(audio, sizes))), axis=1)
        np.testing.assert_allclose(joined, effect(audio).samples, atol=1e-7)


def test_the_named_plugin_of_a_file_is_loaded(fake, file):
    calls = fake()
    Vst3(Vst3Options(path=str(file), plugin_name="Warmth Two"))(noise())
    assert calls == [(str(file), "Warmth Two")]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"parameters": {"amuont": 0.1}}, r"no parameter 'amuont'. Did you mean 'amount'\? It has: amount, mode"),
        ({"parameters": {"mode": "loud"}}, r"refuses mode = 'loud': Value out of range: soft, hard"),
    ],
)
def test_wrong_parameters(fake, file, options, words):
    fake()
    with pytest.raises(OptionError, match=words):
        Vst3(Vst3Options(path=str(file), **options))(noise())


def test_plugins_that_do_not_fit(fake, file):
    fake(is_effect=False)
    with pytest.raises(OptionError, match="is an instrument"):
        Vst3(Vst3Options(path=str(file)))(noise())
    fake()
    with pytest.raises(AudioError, match=r"can't take 3 ch at 48000 Hz: plugin does not support"):
        Vst3(Vst3Options(path=str(file)))(noise(channels=3))
    fake(process=lambda block, *_, **__: block[:, :0])
    with pytest.raises(PluginError, match="gives nothing back in 10 s"):
        Vst3(Vst3Options(path=str(file)))(noise(channels=1))


def test_files_that_hold_no_plugin(file, tmp_path):
    """The real loader's own words, in one line."""
    for options, words in (
        ({}, "path is empty"),
        ({"path": str(tmp_path / "gone.vst3")}, r"gone.vst3': there is no such file"),
        ({"path": str(file)}, r"warmth.vst3' can't be loaded: .*unsupported plugin format"),
    ):
        with pytest.raises(OptionError, match=words) as caught:
            Vst3(Vst3Options(**options))(noise())
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("latency_samples", [100, 5_000])
def test_latency_is_as_pedalboard_itself_handles_it(monkeypatch, file, latency_samples):
    """With the plugin that pedalboard has for its own tests: a delay that reports itself as latency."""
    internal = pytest.importorskip("pedalboard_native")._internal
    if not hasattr(internal, "AddLatency"):
        pytest.skip("this pedalboard has no AddLatency")

    class Delay:
        is_effect, parameters = True, {}

        def __init__(self):
            self.plugin = internal.AddLatency(latency_samples)
            self.process, self.reset = self.plugin.process, self.plugin.reset

    monkeypatch.setattr(vst3.pedalboard, "load_plugin", lambda path, plugin_name: Delay())
    audio = noise()
    np.testing.assert_array_equal(Vst3(Vst3Options(path=str(file)))(audio).samples, audio.samples)
