"""How a whole call is to be said: on top of what the text states of its spans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace

from pydantic import Field

from vocolab.options import Options
from vocolab.texts.document import PLAIN, Prosody, Sentence, Word

PROSODY_FIELDS = tuple(field.name for field in fields(Prosody))
"""What a voice can be told of a span; a spec's `controls` names those of them that its voices obey."""


class Controls(Options):
    """The voice's own way, changed. What the text states of a span goes on top of it."""

    speed: float = Field(1.0, ge=0.25, le=4.0, description="Multiple of the voice's own rate, 0.25 to 4.")
    pitch_semitones: float = Field(0.0, ge=-24.0, le=24.0, description="Semitones up or down, -24 to 24.")
    pitch_range: float = Field(
        1.0, ge=0.0, le=4.0, description="Multiple of how far the pitch moves around its mean, 0 (monotone) to 4."
    )
    energy_db: float = Field(0.0, ge=-24.0, le=24.0, description="Decibels softer or louder, -24 to 24.")
    pauses: float = Field(1.0, ge=0.0, le=10.0, description="Multiple of every silence in the text, 0 to 10.")

    @property
    def prosody(self) -> Prosody:
        """The same as prosody of the whole text."""
        return Prosody(self.speed, self.pitch_semitones, self.pitch_range, self.energy_db)

    def applied(self, sentence: Sentence) -> Sentence:
        """The sentence with this around the prosody of each of its words; its pauses keep in step with the speed."""
        if self == Controls():
            return sentence
        stretch = self.pauses / self.speed
        words = tuple(
            replace(word, prosody=word.prosody.within(self.prosody), pause_ms=round(word.pause_ms * stretch))
            for word in sentence.words
        )
        return replace(sentence, words=words, pause_before_ms=round(sentence.pause_before_ms * stretch))


def asked_for(words: Iterable[Word]) -> set[str]:
    """The fields of `Prosody` in which a word differs from the voice's own way."""
    return {
        name
        for prosody in {word.prosody for word in words}
        if prosody != PLAIN
        for name in PROSODY_FIELDS
        if getattr(prosody, name) != getattr(PLAIN, name)
    }
