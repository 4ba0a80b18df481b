"""A complete text-to-speech package as a synthesizer: it reads the sentence's text itself, and gives audio.

It does not tell when a word is said, so there are no times of words, and no subtitles.
"""

from __future__ import annotations

import hibari
import numpy as np
from vocolab import Audio, Sentence, Spoken, Voice

from vocolab_hibari.plugin import HibariOptions

_SILENCE_S = 0.05


class Hibari:
    """A sentence in, audio out."""

    sample_rate = 24_000

    def __init__(self, options: HibariOptions, voice: Voice | None) -> None:
        self.options = options
        self._speaker = hibari.Hibari()

    def synthesize(self, sentence: Sentence, *, seed: int = 0) -> Spoken:
        """The audio of a sentence; its words are spoken as they are written out: "twelve", not "12"."""
        text = " ".join(f"{word.word}{word.punctuation}" for word in sentence.words)
        samples = self._speaker(text, speed=self.options.speed, seed=seed)
        if not samples.size:  # nothing in it that it could say
            samples = np.zeros(round(_SILENCE_S * self.sample_rate), np.float32)
        return Spoken(Audio.mono(samples, self.sample_rate))
