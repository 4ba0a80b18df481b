"""The contracts pass what is right, and catch each thing that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import plugin_fakes
import pytest
from plugin_fakes import Envelope, Gain, effect, vocoder

from vocolab.audio import Audio
from vocolab.effects import BlockEffect, SignalEffect
from vocolab.mels.spec import MelSpec
from vocolab.testing import EffectContract, VocoderContract


class TestGain(EffectContract):
    spec = effect("gain")
    options = {"gain_db": -3.0}  # noqa: RUF012
    module = "plugin_fakes"

    def test_the_plugin_module_imports_nothing_heavy(self) -> None:
        pytest.skip("the fakes are importable inside these tests only")


class TestEnvelope(VocoderContract):
    spec = vocoder("envelope", needs_voice=False, options=plugin_fakes.EnvelopeOptions)
    module = "vocolab.plugins.specs"


def failing(monkeypatch: pytest.MonkeyPatch, contract: Any, cls: type, check: str, spec: Any) -> str:
    """What the contract says about a class that breaks it."""
    monkeypatch.setattr(plugin_fakes, "Broken", cls, raising=False)
    made = type("Made", (contract,), {"spec": spec})()
    with pytest.raises(AssertionError) as caught:
        getattr(made, check)()
    return str(caught.value)


def broken_effect(change: Callable[[Gain, Audio], Audio]) -> type:
    return type("Broken", (Gain,), {"__call__": change})


def _with_state(self: Any, audio: Audio) -> Audio:
    self.calls = getattr(self, "calls", 0) + 1
    return Audio(audio.samples * np.float32(self.calls), audio.sample_rate)


def _in_place(self: Any, audio: Audio) -> Audio:
    audio.samples[:] = audio.samples * 2 + 1
    return audio


@pytest.mark.parametrize(
    ("check", "change", "words"),
    [
        ("test_length_rate_and_type_stay", lambda self, a: Audio(a.samples[:, 1:], a.sample_rate), "became"),
        ("test_length_rate_and_type_stay", lambda self, a: Audio(a.samples, a.sample_rate * 2), "the rate became"),
        ("test_the_output_is_finite", lambda self, a: Audio(a.samples * np.float32(np.inf), a.sample_rate), "NaN"),
        ("test_the_input_is_left_alone", _in_place, "changed its input"),
        ("test_two_runs_are_equal", _with_state, "second call differs"),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_broken_effect_is_caught(
    monkeypatch: pytest.MonkeyPatch, check: str, change: Callable[[Gain, Audio], Audio], words: str
) -> None:
    spec = effect("broken", "plugin_fakes:Broken")
    assert words in failing(monkeypatch, EffectContract, broken_effect(change), check, spec)


def _halved(self: Any, audio: Audio) -> Audio:
    return Audio(audio.samples[:, ::2], audio.sample_rate)


def _in_stereo(self: Any, audio: Audio) -> Audio:
    return Audio(np.repeat(audio.samples[:1], 2, axis=0), audio.sample_rate)


@pytest.mark.parametrize(
    ("change", "declared"),
    [(_halved, {"keeps_length": False}), (_in_stereo, {"output_channels": lambda self, channels: 2})],
)
def test_what_an_effect_declares_it_may_change(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Gain, Audio], Audio], declared: dict[str, Any]
) -> None:
    spec, check = effect("broken", "plugin_fakes:Broken"), "test_length_rate_and_type_stay"
    assert "became" in failing(monkeypatch, EffectContract, broken_effect(change), check, spec)
    honest = type("Honest", (Gain,), {"__call__": change, **declared})
    monkeypatch.setattr(plugin_fakes, "Broken", honest, raising=False)
    getattr(type("Made", (EffectContract,), {"spec": spec})(), check)()


def test_a_mix_that_means_nothing_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    spec, check = effect("broken", "plugin_fakes:Broken"), "test_mix_is_refused_where_it_means_nothing"
    short = type("Short", (Gain,), {"__call__": _halved, "keeps_length": False})
    assert "inherit it from EditOptions" in failing(monkeypatch, EffectContract, short, check, spec)


class Whole(SignalEffect[Any]):
    """Takes the mean of each block off, so that the cuts matter."""

    def edit(self, signal: Any) -> Any:
        blocks = [block - block.mean(axis=1, keepdims=True) for block in signal.blocks()]
        return Audio(np.concatenate(blocks, axis=1), signal.sample_rate)


def test_a_signal_effect_that_depends_on_the_cuts_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = effect("broken", "plugin_fakes:Broken")
    assert "from the whole" in failing(monkeypatch, EffectContract, Whole, "test_blocks_equal_the_whole", spec)


class Forgetful(BlockEffect[Any]):
    """Starts anew with each block: a running difference that is wrong at the seams."""

    def open(self, sample_rate: int, channels: int) -> Any:
        return self

    latency_samples = 0

    def process(self, block: Any) -> Any:
        return np.diff(block, axis=1, prepend=np.float32(0)).astype(np.float32)


def test_an_effect_that_forgets_between_blocks_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = effect("broken", "plugin_fakes:Broken")
    assert "from the whole" in failing(monkeypatch, EffectContract, Forgetful, "test_blocks_equal_the_whole", spec)


def test_a_heavy_plugin_module_is_caught() -> None:
    made = type("Made", (EffectContract,), {"spec": effect("gain"), "module": "scipy.signal"})()
    with pytest.raises(AssertionError, match=r"imports .*scipy"):
        made.test_the_plugin_module_imports_nothing_heavy()


def test_a_missing_entry_point_is_named() -> None:
    made = type("Made", (EffectContract,), {"spec": effect("gain", "nobodys_package.mod:Gain")})()
    with pytest.raises(AssertionError, match="nobodys_package has no entry point in the group 'vocolab'"):
        made.test_the_plugin_module_imports_nothing_heavy()


def _short(self: Any, mel: Any, *, first_frame: int = 0, seed: int = 0) -> Any:
    return Envelope.render(self, mel, first_frame=first_frame, seed=seed)[:-1]


def _relative(self: Any, mel: Any, *, first_frame: int = 0, seed: int = 0) -> Any:
    return Envelope.render(self, mel, first_frame=0, seed=seed)


def _unseeded(self: Any, mel: Any, *, first_frame: int = 0, seed: int = 0) -> Any:
    return np.random.default_rng().uniform(-1, 1, mel.shape[1] * 256).astype(np.float32)


def _smeared(self: Any, mel: Any, *, first_frame: int = 0, seed: int = 0) -> Any:
    near = np.apply_along_axis(lambda band: np.convolve(band, np.ones(3) / 3, "same"), 1, mel)
    return Envelope.render(self, near.astype(np.float32), first_frame=first_frame, seed=seed)


@pytest.mark.parametrize(
    ("check", "render", "words"),
    [
        ("test_the_length_is_exact", _short, "gave (255,), not (256,)"),
        ("test_chunks_equal_the_whole", _relative, "differ by"),
        ("test_chunks_equal_the_whole", _smeared, "is context_frames = 0 the whole receptive field?"),
        ("test_a_seed_decides_everything", _unseeded, "second call differs"),
    ],
)
def test_a_broken_vocoder_is_caught(
    monkeypatch: pytest.MonkeyPatch, check: str, render: Callable[..., Any], words: str
) -> None:
    spec = vocoder("broken", "plugin_fakes:Broken", needs_voice=False)
    cls = type("Broken", (Envelope,), {"render": render})
    assert words in failing(monkeypatch, VocoderContract, cls, check, spec)


@pytest.mark.parametrize("base", ["e", "10"])
def test_the_contracts_mel_is_one_of_its_convention(base: Any) -> None:
    spec = MelSpec(sample_rate=24000, log_base=base)
    mel = TestEnvelope().mel(spec, 9)
    assert mel.shape == (80, 9)
    assert mel.min() >= spec.silence
    # Somewhere between a thousandth and full magnitude, in whichever logarithm.
    linear = np.exp(mel) if base == "e" else 10**mel
    assert linear.min() > 1e-4 and linear.max() < 1.0
