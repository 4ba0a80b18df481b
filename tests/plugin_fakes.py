"""Entry points and plugins that exist in memory only, for the tests of the host."""

from __future__ import annotations

import sys
from importlib.metadata import Distribution, EntryPoint
from types import ModuleType
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from vocolab.audio import Audio
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.options import EffectOptions, Options
from vocolab.plugins.hookspecs import hookimpl
from vocolab.plugins.specs import EffectSpec, VocoderSpec, VoiceSource
from vocolab.speech.prediction import Prediction
from vocolab.speech.spoken import Spoken, word_times
from vocolab.texts.document import Sentence
from vocolab.voice import Voice


class FakeDistribution(Distribution):
    """A distribution that is nothing but a name and a version."""

    def __init__(self, name: str, version: str) -> None:
        self._text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"

    def read_text(self, filename: str) -> str | None:
        return self._text if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        raise FileNotFoundError(path)


def entry_point(name: str, value: str, dist: str, version: str = "0.3.0") -> EntryPoint:
    """An entry point as installing `dist` would leave it."""
    entry = EntryPoint(name, value, "vocolab")
    vars(entry).update(dist=FakeDistribution(dist, version))
    return entry


def module(name: str, **hooks: Any) -> ModuleType:
    """A module with these attributes; functions called vocolab_* become hooks. Not importable before `publish`."""
    made = ModuleType(name)
    for key, value in hooks.items():
        setattr(made, key, hookimpl(value) if key.startswith("vocolab_") else value)
    return made


def publish(monkeypatch: Any, made: ModuleType) -> None:
    """Make `made` importable for the rest of a test."""
    monkeypatch.setitem(sys.modules, made.__name__, made)


class GainOptions(EffectOptions):
    gain_db: float = Field(0.0, description="Gain.")


class Gain:
    """The simplest effect there is."""

    def __init__(self, options: GainOptions) -> None:
        self.options = options

    def __call__(self, audio: Audio) -> Audio:
        return Audio(audio.samples * np.float32(10 ** (self.options.gain_db / 20)), audio.sample_rate)


class EnvelopeOptions(Options):
    seed_offset: int = Field(0, description="Added to the seed.")


class Envelope:
    """A vocoder for tests: noise of the absolute sample, with the level of each frame. No speech comes out of it."""

    def __init__(self, options: EnvelopeOptions, voice: Voice | None, mel_spec: MelSpec | None) -> None:
        self.options = options
        self.mel_spec = mel_spec or MelSpec(sample_rate=22050)
        self.context_frames = 0

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        hop = self.mel_spec.hop_samples
        frames = [
            np.random.default_rng([seed, first_frame + frame]).uniform(-1, 1, hop) * np.exp(mel[:, frame]).mean()
            for frame in range(mel.shape[1])
        ]
        return np.concatenate([np.zeros(0), *frames]).astype(np.float32)


class Speaker:
    """An acoustic model for tests: five silent frames a letter."""

    mel_spec = MelSpec(sample_rate=22050)

    def __init__(self, options: Options, voice: Voice | None) -> None:
        self.options = options

    def synthesize(self, sentence: Sentence, *, seed: int = 0) -> Prediction:
        letters = [(letter, number) for number, word in enumerate(sentence.words) for letter in word.word]
        values = np.full((self.mel_spec.n_mels, 5 * len(letters)), self.mel_spec.silence, np.float32)
        symbols, words = zip(*letters, strict=True)
        return Prediction(Mel(values, self.mel_spec), symbols, np.full(len(letters), 5), words)


class Chorus:
    """A synthesizer for tests: a tenth of a second of silence a word."""

    sample_rate = 16_000

    def __init__(self, options: Options, voice: Voice | None) -> None:
        self.options = options

    def synthesize(self, sentence: Sentence, *, seed: int = 0) -> Spoken:
        spans = {number: (number / 10, (number + 1) / 10) for number in range(len(sentence.words))}
        return Spoken(Audio.mono(np.zeros(1600 * len(spans)), self.sample_rate), word_times(sentence, spans))


class Liner:
    """A model of a kind that the core does not know."""

    def __init__(self, options: Options, voice: Voice | None) -> None:
        self.parameters = 0 if voice is None else voice.parameters


@click.command()
def sing() -> None:
    """A command for tests."""


def effect(name: str, target: str = "plugin_fakes:Gain", **fields: Any) -> EffectSpec:
    return EffectSpec(name=name, summary=f"The effect {name}", target=target, **{"options": GainOptions, **fields})


def vocoder(name: str, target: str = "plugin_fakes:Envelope", **fields: Any) -> VocoderSpec:
    return VocoderSpec(name=name, summary=f"The vocoder {name}", target=target, **fields)


def voice(name: str, vocoder: str, file: Any, rank: int = 0) -> VoiceSource:
    return VoiceSource(name=name, model=vocoder, summary=f"The voice {name}", file=file, rank=rank)
