"""The contracts for authors of what speaks: acoustic models and synthesizers."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from vocolab.mels.spec import MelSpec
from vocolab.plugins.specs import AcousticModelSpec, SynthesizerSpec
from vocolab.plugins.targets import load_target
from vocolab.speech.controls import PROSODY_FIELDS
from vocolab.speech.prediction import Prediction
from vocolab.speech.spoken import Spoken
from vocolab.testing.models import ModelContract
from vocolab.testing.places import place_of
from vocolab.texts.document import Sentence, Word


class _SpeakingContract(ModelContract):
    words: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("hello", ("HH", "AH0", "L", "OW1")), ("world", ("W", "ER1", "L", "D")),
    )
    """The words of the sentence that is spoken, each with its phonemes: set others for another language."""

    def model(self) -> Any:
        """The model under test."""
        return self.built(self.loaded_voice())

    def sentence(self) -> Sentence:
        """The sentence that is spoken."""
        words, at = list[Word](), 0
        for text, phonemes in self.words:
            words.append(Word(text, text, at, at + len(text), phonemes=phonemes))
            at += len(text) + 1
        return Sentence(tuple(words))

    def test_the_controls_have_known_names(self) -> None:
        """What the spec says that a voice obeys is a field of `Prosody`."""
        unknown = set(self.spec.controls) - set(PROSODY_FIELDS)  # type: ignore[attr-defined]
        assert not unknown, f"controls: {sorted(unknown)} unknown; there is: {', '.join(PROSODY_FIELDS)}"

    def _place(self) -> str:
        return place_of(load_target(self.spec), "synthesize")


class AcousticModelContract(_SpeakingContract):
    """Set `spec`, `voice` where it needs one, and `words` for a language other than English."""

    spec: ClassVar[AcousticModelSpec]

    def test_it_predicts_a_mel_of_its_convention(self) -> None:
        """A `Prediction` with finite numbers, of `mel_spec`; every word is in it."""
        model = self.model()
        assert isinstance(model.mel_spec, MelSpec), f"mel_spec is {model.mel_spec!r}{self._place()}"
        found = model.synthesize(self.sentence(), seed=1)
        assert isinstance(found, Prediction), f"it gave {type(found).__name__}, not Prediction{self._place()}"
        assert found.mel.spec == model.mel_spec, f"its mel is of another convention than its mel_spec{self._place()}"
        assert np.isfinite(found.mel.values).all(), f"NaN or infinity{self._place()}"
        known = {-1, *range(len(self.words))}
        assert set(found.words) <= known, f"words of no sentence: {found.words}{self._place()}"

    def test_a_seed_decides_everything(self) -> None:
        """The same sentence and seed give the same mel, from another instance too."""
        one, two = self.model(), self.model()
        first, again, other = (model.synthesize(self.sentence(), seed=3).mel.values for model in (one, one, two))
        assert np.array_equal(first, again) and np.array_equal(first, other), f"two runs differ{self._place()}"


class SynthesizerContract(_SpeakingContract):
    """Set `spec`, `voice` where it needs one, and `words` for a language other than English."""

    spec: ClassVar[SynthesizerSpec]

    def test_it_speaks(self) -> None:
        """`Spoken` at `sample_rate`, one channel, finite, with its words in order and inside the audio."""
        model = self.model()
        found = model.synthesize(self.sentence(), seed=1)
        assert isinstance(found, Spoken), f"it gave {type(found).__name__}, not Spoken{self._place()}"
        form, stated = (found.audio.sample_rate, found.audio.channels), (model.sample_rate, 1)
        assert form == stated, f"audio of (rate, channels) {form}, not {stated}{self._place()}"
        assert np.isfinite(found.audio.samples).all(), f"NaN or infinity{self._place()}"
        times = [time for word in found.words for time in (word.start_s, word.end_s)]
        assert times == sorted(times), f"words overlap or go back: {times}{self._place()}"
        assert not times or times[-1] <= found.audio.seconds + 1e-3, f"a word ends after the audio{self._place()}"

    def test_a_seed_decides_everything(self) -> None:
        """The same sentence and seed give the same samples, from another instance too."""
        one, two = self.model(), self.model()
        first, again, other = (model.synthesize(self.sentence(), seed=3).audio.samples for model in (one, one, two))
        assert np.array_equal(first, again) and np.array_equal(first, other), f"two runs differ{self._place()}"
