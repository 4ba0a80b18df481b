"""A language and a voice, both loaded: texts in, speech out, whole or as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from vocolab.audio import Audio
from vocolab.options import make_options
from vocolab.rendering.chunks import FIRST_FRAMES
from vocolab.speaking.first_phrase import with_short_beginning
from vocolab.speaking.silences import Between, checked_between
from vocolab.speaking.speech import Speech, joined
from vocolab.speaking.talking import Talker
from vocolab.speaking.voices import SpeakingVoice
from vocolab.speech.controls import Controls
from vocolab.texts.document import Sentence
from vocolab.texts.inputs import InputForm, form_of, read_document
from vocolab.texts.markdown import CodeReading
from vocolab.texts.speaking import Speaker

_TAG_CHARACTERS = len("<speak")


class Narrator:
    """Speaks any number of texts with one voice.

    Args:
        voice: Who speaks.
        language: What makes sentences with sounds of texts.
        open_other: Opens a voice or a speaker that a text names. None: such names are said and left out.
        on_note: Told what was decided about voices, each line once.

    Controls are keywords of each call: `speed`, `pitch_semitones`, `pitch_range`, `energy_db`, `pauses`, see
    `vocolab.speech.controls.Controls`; what the text states of a span goes on top of them.
    """

    def __init__(
        self, voice: SpeakingVoice, language: Speaker, *, open_other: Callable[[str], SpeakingVoice] | None = None,
        on_note: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.voice, self.language = voice, language
        self._open_other, self._on_note = open_other, on_note

    @property
    def sample_rate(self) -> int:
        """Of what is said, in Hz."""
        return self.voice.sample_rate

    def say(
        self, text: str, *, input: InputForm | None = None, code: CodeReading = "skip", between: Between = "room",
        seed: int = 0, **controls: float,
    ) -> Speech:
        """A whole text, spoken.

        Args:
            text: What is said.
            input: "plain", "ssml", "markdown", or "messages". None: SSML for a text that begins with `<speak`, else
                plain.
            code: Whether code blocks of Markdown are skipped or spelled.
            between: What is between sentences: room tone, where the voice makes mels, or digital silence.
            seed: Of what is random.
            controls: See `Narrator`.

        Raises:
            OptionError: if a control is unknown or out of its range; CallError if the voice does not obey it.
            InputError: if there is nothing to say, the text is not in the form that it should be, or the voice can't
                say a sentence.
        """
        talker = self.talker(between=between, seed=seed, **controls)
        sentences, reports = self.sentences(text, input, code)
        heard = Heard(sentences)
        speech = joined(talker.takes(heard), talker.sample_rate, reports)
        heard.check(text)
        return Speech(speech.audio, speech.words, speech.phonemes, speech.mel, (*reports, *heard.assumed))

    def speak(
        self, pieces: Iterable[str], *, input: InputForm | None = None, code: CodeReading = "skip",
        between: Between = "room", seed: int = 0, **controls: float,
    ) -> Iterator[Audio]:
        """The speech of a text that comes in pieces of any size: each stretch of audio as soon as it can be had.

        A plain sentence is said once it is certain where it ends; other forms when all pieces are there. A long first
        sentence is begun with its first phrase.

        Args and Raises: as `say`; errors come with the first stretch that is asked for, or a later one.
        """
        talker = self.talker(between=between, seed=seed, **controls)
        return self._spoken(talker, iter(pieces), input, code)

    def talker(self, *, between: Between = "room", seed: int = 0, **controls: Any) -> Talker:
        """What says the sentences of one text; raises as `say` does."""
        stated = {name: float(value) if isinstance(value, int) else value for name, value in controls.items()}
        return Talker(
            self.voice, make_options(Controls, stated, "say"), between=checked_between(between), seed=seed,
            open_other=self._open_other, on_note=self._on_note,
        )

    def sentences(
        self, text: str, input: InputForm | None = None, code: CodeReading = "skip"
    ) -> tuple[Iterator[Sentence], tuple[str, ...]]:
        """The sentences of a whole text, one by one, and what was skipped, capped or assumed in reading it."""
        form = form_of(text, input)
        if form == "plain":
            return self.language.stream([text]), ()
        document = read_document(text, form, self.language.language.parse_phonemes, code)
        reports = (*document.reports, *self.language.reading_problems(document))
        return self.language.sentences(document), reports

    def _spoken(
        self, talker: Talker, pieces: Iterator[str], form: InputForm | None, code: CodeReading
    ) -> Iterator[Audio]:
        begin = ""
        while len(begin.lstrip()) < _TAG_CHARACTERS and (piece := next(pieces, "")):
            begin += piece
        rest = chain([begin], pieces)
        plain = form_of(begin, form) == "plain"
        sentences = self.language.stream(rest) if plain else self.sentences("".join(rest), form, code)[0]
        for take in talker.takes(with_short_beginning(sentences)):
            for samples in take.render(FIRST_FRAMES):
                if samples.size:
                    yield Audio.mono(samples, talker.sample_rate)


class Heard:
    """Sentences on their way to a voice: keeps what was assumed of them, and whether there was anything to say."""

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        self._sentences = sentences
        self.assumed: dict[str, None] = {}
        """Each line once, in order."""
        self.n_words = 0
        self._has_silence = False

    def __iter__(self) -> Iterator[Sentence]:
        for sentence in self._sentences:
            self.assumed.update(dict.fromkeys(sentence.assumed))
            self.n_words += sum(1 for word in sentence.words if word.phonemes)
            self._has_silence = self._has_silence or sentence.pause_before_ms > 0
            yield sentence

    def check(self, text: str) -> None:
        """See that there was something to hear.

        Raises:
            InputError: if there was not.
        """
        from vocolab.errors import InputError

        if not (self.n_words or self._has_silence):
            raise InputError("the text is empty: there is nothing to say" if not text.strip()
                             else "there is nothing in the text that can be said; see 'vocolab text'")
