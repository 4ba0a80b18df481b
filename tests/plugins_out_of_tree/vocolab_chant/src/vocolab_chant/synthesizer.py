"""A note for each letter, at a tenth of a second each."""

from __future__ import annotations

import numpy as np

from vocolab import Audio
from vocolab.speech.spoken import Spoken, word_times

_LETTER_S = 0.1


class Chant:
    sample_rate = 24_000

    def __init__(self, options, voice):
        self.options = options

    def synthesize(self, sentence, *, seed=0):
        notes, spans, at = [np.zeros(0)], {}, 0.0
        for number, word in enumerate(sentence.words):
            start = at
            for letter in word.word:
                time = np.arange(round(_LETTER_S * self.sample_rate)) / self.sample_rate
                notes.append(0.3 * np.sin(2 * np.pi * (200 + 10 * (ord(letter) % 32)) * time))
                at += _LETTER_S
            spans[number] = (start, at)
        return Spoken(Audio.mono(np.concatenate(notes), self.sample_rate), word_times(sentence, spans))
