"""From documents and streams to sentences with words and sounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from vocolab.errors import CallError
from vocolab.options import Options, option_problems
from vocolab.texts.annotations import InOrder, ProsodyMap, hints_within, voice_of
from vocolab.texts.document import Document, Mark, Pause, Reading, Sentence, Span
from vocolab.texts.language import Language, Lexicon, SplitRules
from vocolab.texts.plain import read_plain
from vocolab.texts.sections import sentence_cuts
from vocolab.texts.sentence_building import Passage, SentenceBuilder, primary
from vocolab.texts.splitting import MAX_CHARACTERS, Cut, SentenceSplitter
from vocolab.texts.timing import placed_marks

_Event = TypeVar("_Event", Pause, Mark)


class Speaker:
    """A language with what a user knows better.

    Args:
        language: Normalises and pronounces.
        lexicon: Pronunciations that win over the language's.
        rules: What is written, and what is said for it; win over the language's reading.
        max_characters: Longer sentences are cut at clauses.
        schema: The options that a span may set for itself.
    """

    def __init__(
        self,
        language: Language,
        *,
        lexicon: Lexicon | None = None,
        rules: Mapping[str, str] | None = None,
        max_characters: int = MAX_CHARACTERS,
        schema: type[Options] = Options,
    ) -> None:
        self.language = language
        self._builder = SentenceBuilder(language, lexicon or {}, rules or {})
        self._split_rules = _with_full_stops(language.split_rules, [*(rules or {}), *(lexicon or {})])
        self._max_characters = max_characters
        self._schema = schema

    def sentences(self, document: Document) -> Iterator[Sentence]:
        """The sentences of a document, one by one.

        Raises:
            CallError: if the document says that it is in another language.
        """
        check_language(document.language, self.language.tag)
        prosody, hints, voices = ProsodyMap(document.styles), InOrder(document.hints), InOrder(document.voices)
        cuts = list(sentence_cuts(document, self._split_rules, self._max_characters))
        pauses, marks = list(reversed(document.pauses)), list(reversed(document.marks))
        waiting: list[Pause] = []
        for number, cut in enumerate(cuts):
            until = cuts[number + 1].span.start if number + 1 < len(cuts) else len(document.text)
            waiting += _taken(pauses, until)
            here = hints_within(hints.touching(cut.span), cut.span)
            voice = voice_of(voices.touching(cut.span), cut.span.start)
            passage = Passage(document, cut, here, prosody, waiting, _taken(marks, until), voice)
            sentence = self._builder.sentence(passage)
            if sentence.words or sentence.marks or sentence.assumed:
                waiting = []
                yield sentence
        waiting += _taken(pauses, len(document.text))
        left = _taken(marks, len(document.text))
        if waiting or left:
            yield self._silence(document, waiting, left)

    def stream(self, pieces: Iterable[str]) -> Iterator[Sentence]:
        """The sentences of plain text that comes in pieces of any size, each as soon as it is certain."""
        splitter = SentenceSplitter(self._split_rules, max_characters=self._max_characters)
        for piece in pieces:
            yield from self._plain(splitter.feed(piece))
        yield from self._plain(splitter.close())

    def reading_problems(self, document: Document) -> Iterator[str]:
        """A line for each option that a span sets and the language does not have, or not with this value."""
        for hint in document.hints:
            if isinstance(hint, Reading):
                for problem in option_problems(self._schema, dict(hint.options)):
                    yield f"the option {problem.option} of a span is left out: {problem.text}"

    def _plain(self, cuts: Iterable[Cut]) -> Iterator[Sentence]:
        for cut in cuts:
            document = read_plain(cut.text, self.language.parse_phonemes)
            here = replace(cut, span=Span(0, len(document.text)), text=document.text)
            passage = Passage(document, here, list(document.hints), origin=cut.span.start, reports=document.reports)
            sentence = self._builder.sentence(passage)
            if sentence.words or sentence.assumed:
                yield sentence

    def _silence(self, document: Document, pauses: Iterable[Pause], marks: list[Mark]) -> Sentence:
        """A sentence without words, for a text of nothing but pauses and marks."""
        end, silence_ms = len(document.source), sum(pause.ms for pause in pauses)
        return Sentence(
            (), start=end, end=end, language=self.language.tag, pause_before_ms=silence_ms,
            marks=placed_marks((), marks),
        )  # fmt: skip


def check_language(stated: str, tag: str) -> None:
    """Refuse a text in another language.

    Raises:
        CallError: if `stated`, where there is one, is not the language of `tag`; names both.
    """
    if stated and primary(stated) != primary(tag):
        raise CallError(
            f"the text says that it is in {stated!r} and the language is {tag!r}; choose another language, or take "
            "xml:lang out"
        )


def _with_full_stops(rules: SplitRules, written: Iterable[str]) -> SplitRules:
    """Split rules that know the user's own abbreviations."""
    own = {word.removesuffix(".").lower() for word in written if word.endswith(".")}
    return replace(rules, titles=rules.titles | own) if own else rules


def _taken(events: list[_Event], until: int) -> list[_Event]:
    """Take what happens up to a place off the end of a list that is in reverse order."""
    taken: list[_Event] = []
    while events and events[-1].at <= until:
        taken.append(events.pop())
    return taken
