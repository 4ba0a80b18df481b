"""One sentence: what a language makes of a passage of a document, put together with what the document says of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vocolab.errors import PluginError
from vocolab.texts.annotations import ProsodyMap
from vocolab.texts.document import Document, Hint, Mark, Pause, Pronounced, Sentence, Tongue, Word
from vocolab.texts.language import Language, Lexicon, Pronunciation, Spoken
from vocolab.texts.phrases import Phrases
from vocolab.texts.rewriting import Rewritten, rewritten
from vocolab.texts.splitting import Cut
from vocolab.texts.timing import Placed, placed_marks, sign_ms, with_pauses
from vocolab.texts.writing_out import normalized_text, unsaid


@dataclass(frozen=True)
class Passage:
    """A sentence's part of a document."""

    document: Document
    cut: Cut
    """Where it is in the document's text."""
    hints: list[Hint] = field(default_factory=list)
    """Counted from the start of the cut."""
    prosody: ProsodyMap = field(default_factory=lambda: ProsodyMap(()))
    pauses: Sequence[Pause] = ()
    marks: Sequence[Mark] = ()
    voice: str = ""
    origin: int = 0
    """Where the document's source begins in the user's input."""
    reports: tuple[str, ...] = ()


class SentenceBuilder:
    """Builds sentences in a language, with what the user knows better."""

    def __init__(self, language: Language, lexicon: Lexicon, rules: Mapping[str, str]) -> None:
        self._language, self._lexicon, self._rules = language, lexicon, Phrases(rules)
        with_signs = {word: sounds for word, sounds in lexicon.items() if not word.replace("'", "").isalpha()}
        self._written = Phrases(with_signs)
        """What the normaliser would take to pieces: "C++", "mp3"."""

    def sentence(self, passage: Passage) -> Sentence:
        """The sentence of a passage.

        Raises:
            PluginError: if the language gives not one pronunciation for each word.
        """
        language, cut = self._language, passage.cut
        text = rewritten(cut.text, passage.hints, self._rules, self._written)
        spoken = language.normalise(text.text, text.hints)
        sounds = language.pronounce(spoken, self._lexicon)
        if len(sounds) != len(spoken):
            raise PluginError(f"{language.tag}: {len(spoken)} words got {len(sounds)} pronunciations")
        placed = [self._placed(passage, text, one, sound) for one, sound in zip(spoken, sounds, strict=True)]
        words, before_ms = with_pauses(
            placed, passage.pauses, language.pauses, paragraph=cut.paragraph, complete=cut.complete
        )
        source = passage.document.source_span(cut.span)
        return Sentence(
            words=tuple(words),
            text=cut.text,
            normalized=normalized_text(text.text, spoken),
            start=passage.origin + source.start,
            end=passage.origin + source.end,
            language=language.tag,
            pause_before_ms=before_ms,
            marks=placed_marks(placed, passage.marks),
            voice=passage.voice,
            paragraph=cut.paragraph,
            complete=cut.complete,
            assumed=(*passage.reports, *_assumed(text, spoken, sounds, language.tag)),
        )

    def _placed(self, passage: Passage, text: Rewritten, spoken: Spoken, sound: Pronunciation) -> Placed:
        here = text.span(spoken.start, spoken.end).shifted(passage.cut.span.start)
        source = passage.document.source_span(here)
        word = Word(
            word=spoken.word,
            source=passage.document.source[source.start : source.end],
            start=passage.origin + source.start,
            end=passage.origin + source.end,
            phonemes=sound.phonemes,
            how=sound.how,
            kind=spoken.kind,
            punctuation=spoken.punctuation,
            pause_ms=sign_ms(spoken.punctuation, self._language.pauses),
            prosody=passage.prosody.at(here.start),
        )
        return Placed(word, here.end)


def primary(tag: str) -> str:
    """The language of a tag without its region: "en" of "en-US"."""
    return tag.replace("_", "-").partition("-")[0].lower()


def _assumed(text: Rewritten, spoken: Sequence[Spoken], sounds: Sequence[Pronunciation], tag: str) -> Iterator[str]:
    """What was decided in a sentence and what can't be said in it, each once."""
    lines = [note for word, sound in zip(spoken, sounds, strict=True) for note in (word.assumed, sound.assumed) if note]
    lines += [
        f"{word.word!r} has no sound in {tag}: left out"
        for word, sound in zip(spoken, sounds, strict=True) if not (sound.phonemes or sound.assumed)
    ]  # fmt: skip
    lines += [
        f"{text.text[hint.span.start : hint.span.end]!r} is marked as {hint.tag!r} and said as {tag!r}"
        for hint in text.hints if isinstance(hint, Tongue) and primary(hint.tag) != primary(tag)
    ]  # fmt: skip
    given = [hint.span for hint in text.hints if isinstance(hint, Pronounced)]
    lines += unsaid(text.text, spoken, given)
    return iter(dict.fromkeys(lines))
