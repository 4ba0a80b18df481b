"""What a plugin does wrong at run time is found by the host, and said with the plugin's address."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from plugin_fakes import Chorus, Envelope, Gain, Speaker, effect, module, vocoder

import vocolab
from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.chain.chain import Chain
from vocolab.effects import BlockEffect, SignalEffect
from vocolab.errors import AudioError, InputError, PluginError, VocolabError
from vocolab.mels.plausible import plausible_mel
from vocolab.mels.spec import MelSpec
from vocolab.options import EffectOptions
from vocolab.plugins.host import PluginHost
from vocolab.plugins.specs import AcousticModelSpec, SynthesizerSpec
from vocolab.rendering.renderer import Renderer
from vocolab.signals import DerivedSignal
from vocolab.texts.document import Sentence, Word

ADDRESS = "vocolab-tape 0.3.0"
SPEC = MelSpec(sample_rate=22050)
SENTENCE = Sentence((Word("abba", "Abba", 0, 4), Word("cab", "cab", 5, 8)))


def made(monkeypatch: pytest.MonkeyPatch, cls: type, kind: str = "effects", **more: Any) -> Any:
    """An instance as the catalog of a third party's package gives it."""
    import plugin_fakes

    monkeypatch.setattr(plugin_fakes, "Made", cls, raising=False)
    target, host = "plugin_fakes:Made", PluginHost([])
    specs: dict[str, Any] = {
        "effects": lambda: effect("tape", target), "vocoders": lambda: vocoder("tape", target, needs_voice=False),
        "acoustic_models": lambda: AcousticModelSpec(name="tape", summary="x", target=target, needs_voice=False),
        "synthesizers": lambda: SynthesizerSpec(name="tape", summary="x", target=target, needs_voice=False),
    }
    host.register(module("m", **{f"vocolab_{kind}": lambda: [specs[kind]()]}), "tape", dist="vocolab-tape",
                  version="0.3.0")
    return getattr(Catalog(host), kind).create("tape", **more)


def audio(n_samples: int = 1000) -> Audio:
    return Audio(np.random.default_rng(0).uniform(-0.5, 0.5, (2, n_samples)).astype(np.float32), 48_000)


class Processor:
    latency_samples: Any = 0

    def __init__(self, process: Any) -> None:
        self._process = process

    def process(self, block: Any) -> Any:
        return self._process(block)


def block_effect(process: Any, latency: Any = 0) -> type:
    class Made(BlockEffect[EffectOptions]):
        def open(self, sample_rate: int, channels: int) -> Any:
            processor = Processor(process)
            processor.latency_samples = latency
            return processor

    return Made


BLOCKS: dict[str, tuple[Any, Any, str]] = {
    "one short": (lambda block: block[:, 1:], 0, r"gave \(2, 999\), not \(2, 1000\)"),
    "int16": (lambda block: (block * 32767).astype(np.int16), 0, "samples of type int16"),
    "no array": (lambda block: block.tolist(), 0, "gave list"),
    "NaN": (lambda block: block * np.float32("nan"), 0, r"NaN or infinity at 0\.000 s"),
    "one channel": (lambda block: block[:1], 0, r"gave \(1, 1000\)"),
    "in place": (lambda block: np.multiply(block, 2, out=block), 0, "read-only"),
    "latency": (lambda block: block, -1, "latency_samples is -1"),
    "half a latency": (lambda block: block, 0.5, r"latency_samples is 0\.5"),
    "raises": (lambda block: 1 / 0, 0, "failed with ZeroDivisionError"),
    "exits": (lambda block: sys.exit(3), 0, "failed with SystemExit"),
}


@pytest.mark.parametrize("case", BLOCKS)
def test_a_block_effect(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    process, latency, words = BLOCKS[case]
    given = audio()
    before = given.samples.copy()
    wrong = made(monkeypatch, block_effect(process, latency))
    for call in (wrong, Chain([wrong])):
        with pytest.raises(PluginError, match=f"^{ADDRESS}: .*{words}") as caught:
            call(given)
        assert caught.value.subject("package") == ADDRESS
    assert np.array_equal(before, given.samples)


def test_the_cause_is_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = made(monkeypatch, block_effect(lambda block: 1 / 0))
    with pytest.raises(PluginError) as caught:
        Chain([wrong])(audio())
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    named = caught.value.about("in.wav", "job")
    assert str(named).startswith(f"in.wav: {ADDRESS}: ") and isinstance(named.__cause__, ZeroDivisionError)


def test_float64_is_brought_to_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    out = made(monkeypatch, block_effect(lambda block: block.astype(np.float64)))(audio())
    assert out.samples.dtype == np.float32


WHOLE: dict[str, tuple[Any, str]] = {
    "array": (lambda self, audio: audio.samples, "gave ndarray, and has to give Audio"),
    "shorter": (lambda self, audio: Audio(audio.samples[:, 1:], 48_000), "keep the length"),
    "NaN": (lambda self, audio: Audio(audio.samples * np.float32("inf"), 48_000), "NaN or infinity"),
    "in place": (lambda self, audio: audio.samples.fill(1) or audio, "read-only"),
    "raises": (lambda self, audio: {}["table"], "failed with KeyError: 'table'"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_an_effect_that_takes_whole_audio(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call, words = WHOLE[case]
    given = audio()
    before = given.samples.copy()
    wrong = made(monkeypatch, type("Made", (Gain,), {"__call__": call}))
    for how in (wrong, Chain([wrong])):
        with pytest.raises(PluginError, match=f"^{ADDRESS}: tape: .*{words}"):
            how(given)
    assert np.array_equal(before, given.samples)


class Stated(DerivedSignal):
    def blocks(self, block_samples: int = 1 << 16) -> Any:
        for block in self.source.blocks(block_samples):
            yield block[:, 1:]


def test_a_signal_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    class Made(SignalEffect[EffectOptions]):
        def edit(self, signal: Any) -> Any:
            return Stated(signal)

    wrong = made(monkeypatch, Made)
    for how in (wrong, Chain([wrong])):
        with pytest.raises(PluginError, match="made 999 samples of 1000"):
            how(audio())


def test_what_comes_in_wrong_is_not_the_effects_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    right = made(monkeypatch, block_effect(lambda block: block * np.float32(2)))
    broken = audio()
    broken.samples[0, 7] = np.nan
    with pytest.raises(AudioError, match="the audio holds NaN"):
        right(broken)
    with pytest.raises(PluginError, match=f"^{ADDRESS}: .*ZeroDivision"):
        Chain([made(monkeypatch, block_effect(lambda block: 1 / 0)), vocolab.effect("gain")])(audio())


def test_what_a_plugin_prints_goes_to_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made(monkeypatch, block_effect(lambda block: (print("here I am"), block)[1]))(audio())
    print("a result")
    assert capsys.readouterr() == ("a result\n", "here I am\n")


VOCODERS: dict[str, tuple[dict[str, Any], str]] = {
    "short": ({"render": lambda self, mel, **more: np.zeros(9, np.float32)}, "frames . hop_samples"),
    "int16": ({"render": lambda self, mel, **more: np.zeros(mel.shape[1] * 256, np.int16)}, "type int16"),
    "None": ({"render": lambda self, mel, **more: None}, "gave NoneType"),
    "in place": ({"render": lambda self, mel, **more: mel.fill(0)}, "read-only"),
    "no seed": ({"render": lambda self, mel: mel}, "failed with TypeError"),
    "NaN": ({"render": lambda self, mel, **more: np.full(mel.shape[1] * 256, np.nan, np.float32)}, "NaN or infinity"),
}


@pytest.mark.parametrize("case", VOCODERS)
def test_a_vocoder(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    members, words = VOCODERS[case]
    wrong = made(monkeypatch, type("Made", (Envelope,), members), "vocoders", mel_spec=SPEC)
    mel = plausible_mel(SPEC, 9, np.random.default_rng(0))
    before = mel.copy()
    with pytest.raises(PluginError, match=f"^{ADDRESS}: tape: .*{words}"):
        Renderer(wrong, name="tape")(mel)
    assert np.array_equal(mel, before)


@pytest.mark.parametrize("context", [-1, 2.5, "8", True, None])
def test_a_context_that_is_none(context: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def __init__(self: Any, *arguments: Any) -> None:
        self.mel_spec, self.context_frames = SPEC, context

    with pytest.raises(PluginError, match=r"context_frames is .*a whole number of frames from 0 on"):
        made(monkeypatch, type("Made", (Envelope,), {"__init__": __init__}), "vocoders")


def test_models_that_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(self: Any, sentence: Sentence, *, seed: int = 0) -> Any:
        spoken = Chorus.synthesize(self, sentence, seed=seed)
        object.__setattr__(spoken, "words", tuple(word.later(9.0) for word in spoken.words))
        return spoken

    for base, kind, synthesize, words in (
        (Speaker, "acoustic_models", lambda self, sentence, seed=0: 3, "gave int, and an acoustic model gives"),
        (Speaker, "acoustic_models", lambda self, sentence, seed=0: 1 / 0, "failed with ZeroDivisionError"),
        (Chorus, "synthesizers", lambda self, sentence, seed=0: None, "gave NoneType, and a synthesizer gives"),
        (Chorus, "synthesizers", late, "says that 'abba' is from 9.000 to 9.100 s"),
    ):
        wrong = made(monkeypatch, type("Made", (base,), {"synthesize": synthesize}), kind)
        with pytest.raises(PluginError, match=f"^{ADDRESS}: tape: {words}"):
            wrong.synthesize(SENTENCE)


# What callers give.


def tensors() -> dict[str, Any]:
    import torch

    return {
        "bfloat16": torch.zeros(80, 9, dtype=torch.bfloat16), "a gradient": torch.zeros(80, 9, requires_grad=True),
        "text": "not a mel", "None": None,
    }


@pytest.mark.parametrize("case", ["bfloat16", "a gradient"])
def test_tensors_that_numpy_can_t_read(case: str) -> None:
    given = tensors()[case]
    for call in (
        lambda: vocolab.render(given, "griffinlim", mel_spec="hifigan-22k"), lambda: Audio(given, 22_050),
        lambda: vocolab.vocoder("griffinlim", mel_spec="hifigan-22k")(given),
        lambda: vocolab.Mel(given, SPEC), lambda: Audio.mono(given[0], 22_050),
    ):
        with pytest.raises(InputError, match="detach") as caught:
            call()
        assert isinstance(caught.value.__cause__, TypeError | RuntimeError)


def test_arrays_where_audio_is_needed() -> None:
    samples = np.zeros((1, 48_000), np.float32)
    for call in (vocolab.measure, vocolab.effect("gain"), vocolab.effect("loudness"), vocolab.effect("fade"),
                 vocolab.preset("podcast"), lambda given: vocolab.mel(given, "hifigan-22k")):
        with pytest.raises(VocolabError, match=r"takes Audio, not ndarray: give Audio\(samples, sample_rate\)"):
            call(samples)  # type: ignore[operator]


# Effects that aim.


@pytest.mark.parametrize(("gives", "words"), [
    (lambda signals: signals[:1], "gave 1 signals of 2, and has to give one for each file"),
    (lambda signals: [signal.samples for signal in signals], "takes Audio, not ndarray"),
    (lambda signals: [Audio(signal.samples * np.float32("nan"), 48_000) for signal in signals], "gave NaN or infinity"),
    (lambda signals: [NotANumber(signal) for signal in signals], "gave NaN or infinity"),
    (lambda signals: 1 // 0, "ZeroDivisionError"),
])
def test_an_effect_that_aims_at_an_album(gives: Any, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Made(Gain):
        def aim(self, signal: Any, rest: Any) -> Any:
            return rest(signal)

        def aim_album(self, signals: Any, rest: Any) -> Any:
            return gives([Audio.of(signal) for signal in rest(signals)])

    aiming = made(monkeypatch, Made)
    with pytest.raises(VocolabError, match=words) as caught:
        for part in Chain([aiming]).run_album([audio(), audio()]):
            Audio.of(part)
    assert "tape" in str(caught.value)


class NotANumber(DerivedSignal):
    """A signal whose blocks are found out when it is walked through."""

    def __init__(self, signal: Any) -> None:
        super().__init__(signal)

    def blocks(self, block_samples: int = 65_536) -> Any:
        for block in self.source.blocks(block_samples):
            yield block * np.float32("nan")
