"""From a document to sentences with words and sounds: where the core and a language meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from vocolab.errors import CallError, PluginError
from vocolab.options import Options, option_problems
from vocolab.texts.annotations import InOrder, ProsodyMap, hints_within, voice_of
from vocolab.texts.document import Document, Mark, Pause, Pronounced, Reading, Sentence, Span, Tongue, Word
from vocolab.texts.language import Language, Lexicon, Pronunciation, SplitRules, Spoken
from vocolab.texts.phrases import Phrases
from vocolab.texts.plain import read_plain
from vocolab.texts.rewriting import Rewritten, rewritten
from vocolab.texts.sections import sentence_cuts
from vocolab.texts.splitting import MAX_CHARACTERS, Cut, SentenceSplitter
from vocolab.texts.timing import Placed, placed_marks, with_pauses
from vocolab.texts.writing_out import normalized_text, unsaid


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
        self._schema = schema
        self._lexicon = dict(lexicon or {})
        self._rules = Phrases(dict(rules or {}))
        as_written = {word: sounds for word, sounds in self._lexicon.items() if not (word.isalpha() and word.islower())}
        self._written = Phrases(as_written)
        self._split_rules = _with_full_stops(language.split_rules, [*(rules or {}), *self._lexicon])
        self._max_characters = max_characters

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
            sentence = self._sentence(
                document, cut, hints_within(hints.touching(cut.span), cut.span), prosody, waiting, _taken(marks, until)
            )
            if sentence.words or sentence.marks:
                waiting = []
                yield replace(sentence, voice=voice_of(voices.touching(cut.span), cut.span.start))
        waiting += _taken(pauses, len(document.text))
        left = _taken(marks, len(document.text))
        if waiting or left:  # a text of nothing but pauses and marks
            end, silence_ms = len(document.source), sum(pause.ms for pause in waiting)
            yield Sentence(
                (), start=end, end=end, language=self.language.tag, pause_before_ms=silence_ms,
                marks=placed_marks((), left),
            )  # fmt: skip

    def reading_problems(self, document: Document) -> Iterator[str]:
        """A line for each option that a span sets and the language does not have, or not with this value."""
        for hint in document.hints:
            if isinstance(hint, Reading):
                for problem in option_problems(self._schema, dict(hint.options)):
                    yield f"the option {problem.option} of a span is left out: {problem.what}"

    def stream(self, pieces: Iterable[str]) -> Iterator[Sentence]:
        """The sentences of plain text that comes in pieces of any size, each as soon as it is certain."""
        splitter = SentenceSplitter(self._split_rules, max_characters=self._max_characters)
        for piece in pieces:
            yield from self._plain(splitter.feed(piece))
        yield from self._plain(splitter.close())

    def _plain(self, cuts: Iterable[Cut]) -> Iterator[Sentence]:
        for cut in cuts:
            document = read_plain(cut.text, self.language.parse_phonemes)
            here = replace(cut, span=Span(0, len(document.text)), text=document.text)
            hints = hints_within(document.hints, here.span)
            sentence = self._sentence(document, here, hints, ProsodyMap(()), [], [])
            if sentence.words:
                yield _shifted(sentence, cut.span.start, document.reports)

    def _sentence(
        self,
        document: Document,
        cut: Cut,
        hints: list,  # type: ignore[type-arg]
        prosody: ProsodyMap,
        pauses: Sequence[Pause],
        marks: Sequence[Mark],
    ) -> Sentence:
        text = rewritten(cut.text, hints, self._rules, self._written)
        spoken = self.language.normalise(text.text, text.hints)
        sounds = self.language.pronounce(spoken, self._lexicon)
        if len(sounds) != len(spoken):
            raise PluginError(f"{self.language.tag}: {len(spoken)} words got {len(sounds)} pronunciations")
        placed = [
            _placed(document, cut.span.start, text, one, sound, prosody)
            for one, sound in zip(spoken, sounds, strict=True)
        ]
        words, before_ms = with_pauses(
            placed, pauses, self.language.pauses, paragraph=cut.paragraph, complete=cut.complete
        )
        source = document.source_span(cut.span)
        return Sentence(
            words=tuple(words),
            text=cut.text,
            normalized=normalized_text(text.text, spoken),
            start=source.start,
            end=source.end,
            language=self.language.tag,
            pause_before_ms=before_ms,
            marks=placed_marks(placed, marks),
            paragraph=cut.paragraph,
            complete=cut.complete,
            assumed=tuple(_assumed(text, spoken, sounds, self.language.tag)),
        )


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


def primary(tag: str) -> str:
    """The language of a tag without its region: "en" of "en-US"."""
    return tag.replace("_", "-").partition("-")[0].lower()


def _placed(
    document: Document, offset: int, text: Rewritten, spoken: Spoken, sound: Pronunciation, prosody: ProsodyMap
) -> Placed:
    here = text.span(spoken.start, spoken.end).shifted(offset)
    source = document.source_span(here)
    word = Word(
        word=spoken.word,
        source=document.source[source.start : source.end],
        start=source.start,
        end=source.end,
        phonemes=sound.phonemes,
        how=sound.how,
        kind=spoken.kind,
        punctuation=spoken.punctuation,
        prosody=prosody.at(here.start),
    )
    return Placed(word, here.end)


def _assumed(text: Rewritten, spoken: Sequence[Spoken], sounds: Sequence[Pronunciation], tag: str) -> Iterator[str]:
    """What was decided in a sentence and what can't be said in it, each once."""
    lines = [note for word, sound in zip(spoken, sounds, strict=True) for note in (word.assumed, sound.assumed) if note]
    lines += [
        f"{word.word!r} has no sound in {tag}: left out"
        for word, sound in zip(spoken, sounds, strict=True) if not sound.phonemes
    ]  # fmt: skip
    lines += [
        f"{text.text[hint.span.start : hint.span.end]!r} is marked as {hint.tag!r} and said as {tag!r}"
        for hint in text.hints if isinstance(hint, Tongue) and primary(hint.tag) != primary(tag)
    ]  # fmt: skip
    given = [hint.span for hint in text.hints if isinstance(hint, Pronounced)]
    lines += unsaid(text.text, spoken, given)
    return iter(dict.fromkeys(lines))


def _with_full_stops(rules: SplitRules, written: Iterable[str]) -> SplitRules:
    """Split rules that know the user's own abbreviations."""
    own = {word.removesuffix(".").lower() for word in written if word.endswith(".")}
    return replace(rules, titles=rules.titles | own) if own else rules


def _taken(events: list, until: int) -> list:  # type: ignore[type-arg]
    """Take what happens up to a place off the end of a list that is in reverse order."""
    taken = []
    while events and events[-1].at <= until:
        taken.append(events.pop())
    return taken


def _shifted(sentence: Sentence, by: int, reports: Sequence[str]) -> Sentence:
    """A sentence that stands later in the input, with what its reader reported."""
    words: list[Word] = [replace(word, start=word.start + by, end=word.end + by) for word in sentence.words]
    return replace(
        sentence, words=tuple(words), start=sentence.start + by, end=sentence.end + by,
        assumed=(*reports, *sentence.assumed),
    )  # fmt: skip
