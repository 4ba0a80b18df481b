"""A whole text as it will be spoken: what `vocolab.text` gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from vocolab.texts.document import PLAIN, Prosody, Sentence, Word


@dataclass(frozen=True, repr=False)
class SpokenText:
    """The sentences of a text, with the words and sounds that a voice will say. Iterating gives the sentences."""

    text: str
    """As it was given."""
    sentences: tuple[Sentence, ...]
    language: str
    """The tag of the language that it is spoken in: "en-US"."""
    form: str = "plain"
    """What it was read as: "plain", "ssml", "markdown" or "messages"."""
    reports: tuple[str, ...] = ()
    """What was skipped, capped or assumed in reading it, one line each; more stands with the sentences."""

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all sentences."""
        return tuple(word for sentence in self.sentences for word in sentence.words)

    @property
    def normalized(self) -> str:
        """The text as it is said."""
        return " ".join(sentence.normalized for sentence in self.sentences if sentence.normalized)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, as `vocolab text --json` prints it."""
        return {
            "text": self.text, "normalized": self.normalized, "language": self.language, "input": self.form,
            "sentences": [sentence_dict(sentence) for sentence in self.sentences],
            "words": [word_dict(word) for word in self.words],
            "reports": list(self.reports),
        }  # fmt: skip

    def __iter__(self) -> Iterator[Sentence]:
        return iter(self.sentences)

    def __len__(self) -> int:
        return len(self.sentences)

    def __repr__(self) -> str:
        shown = self.normalized if len(self.normalized) <= 60 else f"{self.normalized[:57]}..."
        count = "1 sentence" if len(self.sentences) == 1 else f"{len(self.sentences)} sentences"
        return f"<SpokenText {shown!r}: {count}, {len(self.words)} words, {self.language}>"


def sentence_dict(sentence: Sentence) -> dict[str, Any]:
    """A sentence as plain data."""
    return {
        "text": sentence.text, "normalized": sentence.normalized, "start": sentence.start, "end": sentence.end,
        "words": [word_dict(word) for word in sentence.words],
        "ending": sentence.ending, "paragraph": sentence.paragraph, "complete": sentence.complete,
        "pause_before_ms": sentence.pause_before_ms,
        "marks": [{"before": mark.before, "name": mark.name} for mark in sentence.marks],
        "voice": sentence.voice, "assumed": list(sentence.assumed),
    }  # fmt: skip


def word_dict(word: Word) -> dict[str, Any]:
    """A word as plain data; its prosody only where it is not the voice's own."""
    facts = {
        "word": word.word, "source": word.source, "start": word.start, "end": word.end,
        "phonemes": list(word.phonemes), "how": word.how, "kind": word.kind, "punctuation": word.punctuation,
        "pause_ms": word.pause_ms,
    }  # fmt: skip
    return facts if word.prosody == PLAIN else facts | {"prosody": _prosody_dict(word.prosody)}


def _prosody_dict(prosody: Prosody) -> dict[str, Any]:
    return {
        "rate": prosody.rate, "pitch_semitones": prosody.pitch_semitones, "pitch_range": prosody.pitch_range,
        "volume_db": prosody.volume_db, "emphasis": prosody.emphasis,
    }  # fmt: skip
