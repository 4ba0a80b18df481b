"""What is to be spoken: the document that readers make, and the sentences that voices take.

Every offset is in code points. A `Document` has two texts: `source`, which the user gave, and `text`, which is what
is to be spoken once tags and marks of formatting are gone. What stands in `text` is annotated by spans of `text`;
`Document.source_span` leads back to the source. A `Sentence` has offsets of the source only.

    source                    "<speak>Hi <sub alias='you'>U</sub></speak>"
    Document.text             "Hi you"
    source_span(Span(3, 6))   Span(28, 29), the "U"

All of it is plain data without a language in it.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Emphasis: TypeAlias = Literal["none", "reduced", "moderate", "strong"]
Alphabet: TypeAlias = Literal["ipa", "x-arpabet", "x-sampa"]

SILENT_DB = -96.0
"""The volume that stands for silence."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Code points `start` to `end`, the end excluded."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span of {self.start} to {self.end} runs backwards or starts before the text")

    def overlaps(self, other: Span) -> bool:
        """Whether the two have a code point in common."""
        return self.start < other.end and other.start < self.end

    def shifted(self, by: int) -> Span:
        """The same span of a text that starts `by` code points later."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Prosody:
    """How something is to be said, relative to how the voice says it by itself."""

    rate: float = 1.0
    """A multiple of the voice's own rate: 2 is twice as fast."""
    pitch_semitones: float = 0.0
    pitch_range: float = 1.0
    """A multiple of how far the voice's pitch moves around its mean: 0 is monotone."""
    volume_db: float = 0.0
    """`SILENT_DB` is silence."""
    emphasis: Emphasis = "none"

    def within(self, outer: Prosody) -> Prosody:
        """This prosody inside another: rates and ranges multiply, semitones and decibels add, emphasis is the inner."""
        return Prosody(
            self.rate * outer.rate,
            self.pitch_semitones + outer.pitch_semitones,
            self.pitch_range * outer.pitch_range,
            max(SILENT_DB, self.volume_db + outer.volume_db),
            outer.emphasis if self.emphasis == "none" else self.emphasis,
        )


PLAIN = Prosody()
"""The voice's own way of saying it."""


@dataclass(frozen=True, slots=True)
class SayAs:
    """A hint: read this span as a "date", "telephone", "characters" ..., as SSML's say-as has it."""

    span: Span
    interpret_as: str
    format: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A hint: normalise this span with other options than the call: `(("years", "digits"),)`."""

    span: Span
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Role:
    """A hint: this word is a "noun", "verb", "past" ..., which decides between homographs."""

    span: Span
    role: str


@dataclass(frozen=True, slots=True)
class Pronounced:
    """A hint: the span is said with these phonemes; the normaliser leaves it as one word."""

    span: Span
    phonemes: tuple[str, ...]
    """Symbols of the language's symbol set, already examined."""
    how: str = "given"
    """Who said so: "given" in the text, or "lexicon"."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A hint: this span is in another language, a BCP 47 tag such as "fr"."""

    span: Span
    tag: str


Hint: TypeAlias = SayAs | Reading | Role | Pronounced | Tongue


@dataclass(frozen=True, slots=True)
class Styled:
    """A span that is said with this prosody; of several the later one is inside the earlier."""

    span: Span
    prosody: Prosody


@dataclass(frozen=True, slots=True)
class Voiced:
    """A span for the voice of this name."""

    span: Span
    voice: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Silence at a place. `ms` 0 takes away the pause that punctuation would have made there."""

    at: int
    ms: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A name for a moment, which the caller wants to hear of."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Ending:
    """A place where a sentence ends whatever the punctuation says, and perhaps a paragraph."""

    at: int
    paragraph: bool = False


class Piece(NamedTuple):
    """A run of `Document.text`, from `start` to the next one's, and where it came from.

    Of a `literal` piece each code point came from its own; of another, an entity or an alias, all came from all.
    """

    start: int
    source_start: int
    source_end: int
    literal: bool = True


@dataclass(frozen=True)
class Document:
    """What is to be spoken, and where it came from."""

    source: str
    text: str
    pieces: tuple[Piece, ...]
    """In order; each runs to the start of the next."""
    hints: tuple[Hint, ...] = ()
    styles: tuple[Styled, ...] = ()
    voices: tuple[Voiced, ...] = ()
    pauses: tuple[Pause, ...] = ()
    marks: tuple[Mark, ...] = ()
    endings: tuple[Ending, ...] = ()
    whole: tuple[Span, ...] = ()
    """Spans that are one sentence each, whatever the punctuation inside says."""
    language: str = ""
    """The tag of the language that the source says it is in; empty if it does not say."""
    reports: tuple[str, ...] = ()
    """What was skipped, capped or assumed, one line each."""

    def source_span(self, span: Span) -> Span:
        """Where a span of `text` came from in `source`; an empty span gives an empty one."""
        if not self.pieces:
            return Span(0, 0)
        if len(self.pieces) == 1 and self.pieces[0].literal:
            return span.shifted(self.pieces[0].source_start)
        start = self._source_of(span.start)
        if span.start == span.end:
            return Span(start.start, start.start)
        return Span(start.start, max(start.end, self._source_of(span.end - 1).end))

    def _source_of(self, at: int) -> Span:
        number = max(0, bisect_right(self.pieces, at, key=lambda piece: piece.start) - 1)
        piece = self.pieces[number]
        if not piece.literal:
            return Span(piece.source_start, piece.source_end)
        start = min(piece.source_start + at - piece.start, piece.source_end)
        return Span(start, min(start + 1, piece.source_end))


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word: what is said, where it was written, how it sounds and why."""

    word: str
    """As it is said: "twelve"."""
    source: str
    """As it was written: "$12.50". Words of one number share it."""
    start: int
    """Of `source` in the input."""
    end: int
    phonemes: tuple[str, ...] = ()
    """Names of the language's symbols; empty if the language can't say it."""
    how: str = ""
    """Where the phonemes are from: "dictionary", "lexicon", "letters", "model" ..."""
    kind: str = "plain"
    """What the writing was read as: "plain", "cardinal", "money", "date" ..."""
    punctuation: str = ""
    """What stands after it: "," or "?"; several signs together as they were written."""
    pause_ms: int = 0
    """Silence after it."""
    prosody: Prosody = PLAIN

    def __repr__(self) -> str:
        sounds = " ".join(self.phonemes) or "nothing"
        return f"<Word {self.word!r} from {self.source!r} [{self.start}:{self.end}] {sounds} ({self.how or 'unsaid'})>"


@dataclass(frozen=True, slots=True)
class SentenceMark:
    """A mark inside a sentence: reached before the word `before`, after the last if that is the number of words."""

    before: int
    name: str


@dataclass(frozen=True)
class Sentence:
    """What acoustic models and synthesizers take: the words of one sentence, or of one clause of a long one."""

    words: tuple[Word, ...]
    text: str = ""
    """As it was written, without tags and marks of formatting."""
    normalized: str = ""
    """As it is said, with the punctuation that was written."""
    start: int = 0
    """Of the sentence in the input."""
    end: int = 0
    language: str = ""
    """The tag of the language that pronounced it: "en-US"."""
    pause_before_ms: int = 0
    """Silence before its first word. What comes after its last is that word's `pause_ms`."""
    marks: tuple[SentenceMark, ...] = ()
    voice: str = ""
    """The voice that the text asks for; empty if it leaves that open."""
    paragraph: bool = False
    """Whether a paragraph ends here."""
    complete: bool = True
    """False for a clause of a long sentence that goes on in the next."""
    assumed: tuple[str, ...] = ()
    """What was decided for the user in this sentence, one line each."""

    @property
    def phonemes(self) -> tuple[tuple[str, ...], ...]:
        """The phonemes of each word."""
        return tuple(word.phonemes for word in self.words)

    @property
    def ending(self) -> str:
        """The sign that says how it ends: "?", "!", "." or, for a clause that goes on, ","."""
        if not self.complete:
            return ","
        signs = self.words[-1].punctuation if self.words else ""
        return next((sign for sign in "?!" if sign in signs), ".")

    def __repr__(self) -> str:
        return f"<Sentence [{self.start}:{self.end}] {self.normalized!r}, {len(self.words)} words>"
