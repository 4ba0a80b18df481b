"""What plugins that speak implement: acoustic models and synthesizers."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from vocolab.mels.spec import MelSpec
from vocolab.speech.prediction import Prediction
from vocolab.speech.spoken import Spoken
from vocolab.texts.document import Sentence


@runtime_checkable
class AcousticModel(Protocol):
    """A sentence in, mel out. Built as `Class(options, voice)`."""

    mel_spec: MelSpec
    """The convention of the mels that it gives."""

    def synthesize(self, sentence: Sentence, *, seed: int = 0) -> Prediction:
        """The mel of a sentence, how long each symbol lasts, and what else was predicted."""
        ...


@runtime_checkable
class Synthesizer(Protocol):
    """A sentence in, audio and the times of its words out. Built as `Class(options, voice)`.

    An acoustic model with a vocoder is one way to build it, see `vocolab.rendering.two_stage`; a complete
    text-to-speech package is another.
    """

    sample_rate: int
    """Of the audio that it gives, in Hz."""

    def synthesize(self, sentence: Sentence, *, seed: int = 0) -> Spoken:
        """The audio of a sentence, and when each of its words is said."""
        ...
