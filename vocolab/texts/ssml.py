"""SSML into a document. What is not known here is skipped and reported; a tag is never spoken, its text is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from vocolab.errors import InputError
from vocolab.texts import ssml_values as values
from vocolab.texts.building import DocumentBuilder
from vocolab.texts.document import Alphabet, Document, Pronounced, Prosody, Reading, Role, SayAs, Span, Tongue
from vocolab.texts.phonemes import PhonemeParser
from vocolab.texts.ssml_parser import parse_ssml

_ALPHABETS: dict[str, Alphabet] = {
    "": "ipa", "ipa": "ipa", "x-arpabet": "x-arpabet", "arpabet": "x-arpabet", "cmu-arpabet": "x-arpabet",
    "cmu": "x-arpabet", "x-sampa": "x-sampa",
}  # fmt: skip
_SILENT = frozenset({"desc", "lexicon", "lookup", "meta", "metadata"})
"""Tags whose text is not for the ear."""
_ROLE_PREFIXES = ("vocolab:", "amazon:", "gruut:", "google:")

_XML_LANG = "xml:lang"
_LINE_BREAKS = str.maketrans("\n\r\t", "   ")

_T = TypeVar("_T")


@dataclass
class _Tag:
    """An open tag: where its text begins, and what its end has to do."""

    name: str
    start: int
    on_close: list[Callable[[int], None]] = field(default_factory=list)


def read_ssml(source: str, parse_phonemes: PhonemeParser | None = None) -> Document:
    """The document that SSML describes. Text without a `<speak>` around it is read as if there were one.

    `parse_phonemes` is the language's; without it given phonemes are reported and the text is said as it is written.

    Raises:
        InputError: if it is not well formed, has a DTD, or is nested too deep; names the line.
    """
    reader = _SsmlReader(source, parse_phonemes)
    parse_ssml(source, reader)
    return reader.build.document()


class _SsmlReader:
    def __init__(self, source: str, parse_phonemes: PhonemeParser | None) -> None:
        self.build = DocumentBuilder(source)
        self._parse_phonemes = parse_phonemes
        self._tags: list[_Tag] = []
        self._mute = 0
        """How many open tags keep their text from being said."""
        self._tag_start = 0
        self._line = 1
        self._known: dict[str, Callable[[_Tag, dict[str, str]], None]] = {
            "speak": self._speak, "p": self._paragraph, "s": self._sentence, "break": self._break,
            "prosody": self._prosody, "emphasis": self._emphasis, "say-as": self._say_as, "phoneme": self._phoneme,
            "sub": self._sub, "voice": self._voice, "lang": self._lang, "mark": self._mark, "bookmark": self._mark,
            "w": self._word, "token": self._word, "audio": self._audio, "vocolab:reading": self._reading,
        }  # fmt: skip

    def open_tag(self, name: str, attributes: dict[str, str], start: int, line: int) -> None:
        tag = _Tag(name, self.build.length)
        self._tags.append(tag)
        self._line, self._tag_start = line, start
        if name in _SILENT:
            self._silence(tag)
            if name != "desc":
                self.build.report(f"<{name}> is skipped: nothing outside the text is read")
        elif name in self._known:
            if not self._mute:
                self._known[name](tag, attributes)
        else:
            self.build.report(f"<{_shown(name)}> is not known here: skipped, its text is said")

    def close_tag(self, name: str, at: int) -> None:
        for action in reversed(self._tags.pop().on_close):
            action(at)

    def characters(self, text: str, start: int, end: int) -> None:
        if not self._mute:
            self.build.put(_one_line(text), start, end, literal=end - start == len(text))

    def _speak(self, tag: _Tag, attributes: dict[str, str]) -> None:
        self.build.language = self.build.language or attributes.get(_XML_LANG, "")

    def _paragraph(self, tag: _Tag, attributes: dict[str, str]) -> None:
        self.build.end_sentence(self._tag_start)
        tag.on_close.append(lambda at: self.build.end_sentence(at, paragraph=True))
        self._in_language(tag, attributes)

    def _sentence(self, tag: _Tag, attributes: dict[str, str]) -> None:
        self.build.end_sentence(self._tag_start)
        start = self.build.length
        tag.on_close.append(self.build.end_sentence)
        tag.on_close.append(lambda _: self.build.whole_sentence(start))
        self._in_language(tag, attributes)

    def _break(self, tag: _Tag, attributes: dict[str, str]) -> None:
        self.build.space(self._tag_start)
        name = "time" if "time" in attributes else "strength"
        time, strength = attributes.get("time"), attributes.get("strength")
        ms = self._value("break", name, attributes, lambda _: values.pause_ms(time, strength))
        if ms is not None:
            self.build.pause(ms)

    def _prosody(self, tag: _Tag, attributes: dict[str, str]) -> None:
        for name in sorted({"contour", "duration"} & attributes.keys()):
            self.build.report(f'<prosody {name}="..."> is not known here: skipped, its text is said')
        self._styled(tag, Prosody(
            rate=self._number("rate", attributes, values.rate, 1.0),
            pitch_semitones=self._number("pitch", attributes, values.pitch_semitones, 0.0),
            pitch_range=self._number("range", attributes, values.pitch_range, 1.0),
            volume_db=self._number("volume", attributes, values.volume_db, 0.0),
        ))  # fmt: skip

    def _emphasis(self, tag: _Tag, attributes: dict[str, str]) -> None:
        level = self._value("emphasis", "level", attributes, lambda text: values.emphasis(text or None))
        self._styled(tag, Prosody(emphasis=level or "moderate"))

    def _styled(self, tag: _Tag, prosody: Prosody) -> None:
        number = self.build.style(self.build.length, prosody)
        tag.on_close.append(lambda _: self.build.end_style(number))

    def _say_as(self, tag: _Tag, attributes: dict[str, str]) -> None:
        kind = attributes.get("interpret-as", "")
        if not kind:
            self.build.report(f"SSML line {self._line}: <say-as> without interpret-as is skipped, its text is said")
            return
        if kind.partition(":")[0].lower() not in values.SAY_AS_KINDS:
            self.build.report(f'<say-as interpret-as="{_shown(kind)}"> is not known here: its text is said as usual')
        form, detail = attributes.get("format", ""), attributes.get("detail", "")
        self._hinted(tag, lambda span: self.build.hint(SayAs(span, kind, form, detail)))

    def _phoneme(self, tag: _Tag, attributes: dict[str, str]) -> None:
        try:
            phonemes = self._phonemes(attributes)
        except (InputError, ValueError) as error:
            self.build.report(f"SSML line {self._line}: <phoneme> is skipped, its text is said: {error}")
            return
        tag.on_close.append(lambda at: self._pronounced(tag, at, phonemes, attributes.get("ph", "")))

    def _phonemes(self, attributes: dict[str, str]) -> tuple[str, ...]:
        alphabet = attributes.get("alphabet", "")
        if alphabet not in _ALPHABETS:
            raise ValueError(f"alphabet {alphabet!r} is not known; there is ipa, x-arpabet and x-sampa")
        if self._parse_phonemes is None:
            raise ValueError("no language is there to read it")
        phonemes = self._parse_phonemes(attributes.get("ph", ""), _ALPHABETS[alphabet])
        if not phonemes:
            raise ValueError("ph is empty")
        return phonemes

    def _pronounced(self, tag: _Tag, at: int, phonemes: tuple[str, ...], written: str) -> None:
        if self.build.length == tag.start:  # <phoneme ph="..."/> has no text, yet it is a word
            self.build.put(_one_line(written).strip() or "-", self._tag_start, at)
        self.build.hint(Pronounced(Span(tag.start, self.build.length), phonemes))

    def _sub(self, tag: _Tag, attributes: dict[str, str]) -> None:
        if "alias" not in attributes:
            self.build.report(f"SSML line {self._line}: <sub> without alias is skipped, its text is said")
            return
        alias = _one_line(attributes["alias"])
        start = self._tag_start
        tag.on_close.append(lambda at: self.build.put(alias, self._inside(start, at), at))
        self._silence(tag)

    def _inside(self, start: int, end: int) -> int:
        """Where the text of a tag begins that starts at `start`."""
        found = self.build.source.find(">", start, end)
        return start if found < 0 else found + 1

    def _voice(self, tag: _Tag, attributes: dict[str, str]) -> None:
        self._in_language(tag, attributes)
        name = attributes.get("name", "").strip()
        if not name:
            self.build.report("<voice> without a name is skipped: voices are chosen by name")
            return
        self.build.end_sentence(self._tag_start)
        start = self.build.length
        tag.on_close.append(self.build.end_sentence)
        tag.on_close.append(lambda _: self.build.voice(start, name))

    def _lang(self, tag: _Tag, attributes: dict[str, str]) -> None:
        self._in_language(tag, attributes)

    def _in_language(self, tag: _Tag, attributes: dict[str, str]) -> None:
        if name := attributes.get(_XML_LANG, ""):
            self._hinted(tag, lambda span: self.build.hint(Tongue(span, name)))

    def _mark(self, tag: _Tag, attributes: dict[str, str]) -> None:
        self.build.mark(attributes.get("name") or attributes.get("mark", ""))

    def _word(self, tag: _Tag, attributes: dict[str, str]) -> None:
        role = attributes.get("role", "")
        for prefix in _ROLE_PREFIXES:
            role = role.removeprefix(prefix)
        if role:
            self._hinted(tag, lambda span: self.build.hint(Role(span, role.lower())))

    def _reading(self, tag: _Tag, attributes: dict[str, str]) -> None:
        options = tuple(sorted(attributes.items()))
        self._hinted(tag, lambda span: self.build.hint(Reading(span, options)))

    def _audio(self, tag: _Tag, attributes: dict[str, str]) -> None:
        self.build.report("<audio> is not played: no file or address is opened; the text inside is said")

    def _hinted(self, tag: _Tag, add: Callable[[Span], None]) -> None:
        def close(_: int) -> None:
            if self.build.length > tag.start:
                add(Span(tag.start, self.build.length))

        tag.on_close.append(close)

    def _silence(self, tag: _Tag) -> None:
        self._mute += 1

        def speak_again(_: int) -> None:
            self._mute -= 1

        tag.on_close.append(speak_again)

    def _number(self, name: str, attributes: dict[str, str], read: Callable[[str], float], otherwise: float) -> float:
        if name not in attributes:
            return otherwise
        value = self._value("prosody", name, attributes, read)
        return otherwise if value is None else value

    def _value(self, tag: str, name: str, attributes: dict[str, str], read: Callable[[str], _T]) -> _T | None:
        """What an attribute says; None, with a report, for what can't be."""
        try:
            return read(attributes.get(name, ""))
        except ValueError as error:
            given = _shown(attributes.get(name, ""))
            self.build.report(f'SSML line {self._line}: <{tag} {name}="{given}"> is skipped: {error}')
            return None


def _one_line(text: str) -> str:
    return text.translate(_LINE_BREAKS)


def _shown(text: str) -> str:
    """What a message shows of a name or value."""
    return text if len(text) <= 40 else f"{text[:37]}..."
