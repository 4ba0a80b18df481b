"""The contract for authors of languages: inherit it in a test module, name your spec, and run pytest.

class TestFrench(LanguageContract):
    spec = next(iter(plugin.vocolab_languages()))
    sentence = "Le 3 mai, M. Dupont a payé 12,50 €."
    checksum = "26a3d3b5f92acb80"
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from vocolab.errors import InputError
from vocolab.options import make_options
from vocolab.plugins.host import Entry
from vocolab.plugins.specs import LanguageSpec
from vocolab.plugins.targets import check_instance, load_target
from vocolab.testing.components import ComponentContract
from vocolab.texts.document import Alphabet, Pronounced, Span
from vocolab.texts.language import Language, Spoken

_ODD = (
    "", " ", ".", "?!…", "\0", "\ud800", "a\u0301\u200b\u00ad\u2028b", "今日は مرحبا", "😀👍🏽",
    "((([[[{{{", "-", "$", "1/0", "99/99/9999",
    "1" * 500, "a." * 100, "x" * 500, "<b>&amp;</b>", "٣٫٥", "½²", "1e999", "{} {0}",
)  # fmt: skip
_ALPHABETS: tuple[Alphabet, ...] = ("ipa", "x-arpabet", "x-sampa")
_SECONDS = 5.0


class LanguageContract(ComponentContract):
    """Set `spec`, a `sentence` with numbers in it, and the `checksum` of the symbols that voices were trained on."""

    spec: ClassVar[LanguageSpec]
    sentence: ClassVar[str]
    checksum: ClassVar[str] = ""

    def language(self) -> Language:
        """The language under test."""
        options = make_options(self.spec.options, dict(self.options), self.spec.name)
        language: Language = load_target(self.spec)(options)
        check_instance(Entry(self.spec), language)
        return language

    def test_the_symbols_are_those_of_the_trained_voices(self) -> None:
        """A symbol's number is part of every voice, so the set never changes."""
        symbols = self.language().symbols
        assert not self.checksum or symbols.checksum == self.checksum, f"{symbols.name}: {symbols.checksum}"

    def test_the_language_is_one_of_its_tags(self) -> None:
        """What it calls itself is what it is listed as."""
        assert self.language().tag in self.spec.tags

    def test_words_have_their_places(self) -> None:
        """Every word came from a span of the text, in order, and has no space in it."""
        for text in (self.sentence, *_ODD):
            at = 0
            for word in self.language().normalise(text):
                assert at <= word.start <= word.end <= len(text), f"{text!r}: {word}"
                assert word.word == word.word.strip() != "", f"{text!r}: {word}"
                at = word.start

    def test_every_word_gets_sounds_of_the_symbol_set(self) -> None:
        """As many pronunciations as words, of known symbols; without sound only with a line that says why."""
        language = self.language()
        for text in (self.sentence, *_ODD):
            words = language.normalise(text)
            sounds = language.pronounce(words, {})
            assert len(sounds) == len(words), f"{text!r}: {len(words)} words, {len(sounds)} pronunciations"
            for word, sound in zip(words, sounds, strict=True):
                unknown = set(sound.phonemes) - set(language.symbols.phonemes)
                assert not unknown, f"{word.word!r}: {unknown} is not in {language.symbols.name}"
                assert sound.how, f"{word.word!r}: how is empty"

    def test_what_the_user_says_wins(self) -> None:
        """Phonemes given in the text or in a lexicon are the word's."""
        language = self.language()
        word, given = language.normalise(self.sentence)[0], language.symbols.phonemes[:2]
        hint = Pronounced(Span(word.start, word.end), given)
        hinted = language.normalise(self.sentence, [hint])
        assert language.pronounce(hinted, {})[0].phonemes == given
        assert language.pronounce([Spoken(word.word, 0, 1)], {word.word: given})[0].phonemes == given

    def test_phonemes_survive_writing_and_reading(self) -> None:
        """Every alphabet can write each symbol so that it is read as the same, but for the stress of a single vowel."""
        language = self.language()
        for sound in language.pronounce(language.normalise(self.sentence), {}):
            for alphabet in _ALPHABETS:
                written = language.write_phonemes(sound.phonemes, alphabet)
                read = language.parse_phonemes(written, alphabet)
                assert _bare(read) == _bare(sound.phonemes), f"{alphabet}: {written!r} is read as {read}"

    def test_an_unknown_phoneme_is_refused(self) -> None:
        """With an InputError that names it."""
        for alphabet in _ALPHABETS:
            try:
                self.language().parse_phonemes("☃", alphabet)
            except InputError as error:
                assert "☃" in str(error), str(error)
            else:
                raise AssertionError(f"{alphabet}: a snowman is no phoneme")

    def test_time_grows_with_the_length_alone(self) -> None:
        """Hostile input of 300 to 100,000 characters takes seconds at most."""
        language = self.language()
        for unit in ("x", "[", "a.", "1", "1,", "-", "$1 ", "a ", "A.", "/", "@", "1/"):
            text = unit * (100_000 // len(unit))
            started = time.process_time()
            language.pronounce(language.normalise(text), {})
            seconds = time.process_time() - started
            assert seconds < _SECONDS, f"{text[:6]!r}... of {len(text)} characters takes {seconds:.1f} s"


def _bare(phonemes: Iterable[str]) -> list[str]:
    return [phoneme.rstrip("012") for phoneme in phonemes]
