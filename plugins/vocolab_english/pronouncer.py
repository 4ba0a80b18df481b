"""The sounds of the words of a sentence: what the user says first, then context, then each word by itself."""

from __future__ import annotations

from collections.abc import Sequence

from vocolab.texts.language import Lexicon, Pronunciation, Spoken
from vocolab_english.dictionary import Phonemes
from vocolab_english.homograph_choice import choose
from vocolab_english.homograph_features import Token
from vocolab_english.inflections import clitic, inflected, with_s
from vocolab_english.letter_names import spelled
from vocolab_english.symbols import is_vowel
from vocolab_english.word_classes import word_class
from vocolab_english.word_sounds import latin, word_sounds

_THE_BEFORE_VOWEL = ("DH", "IY0")
_ARTICLE = ("AH0",)
_USED_TO = ("Y", "UW1", "S", "T")
_SUBJECTS = frozenset({"subj", "he", "it", "that", "sub"})


def pronounce(words: Sequence[Spoken], lexicon: Lexicon) -> list[Pronunciation]:
    """The sounds of each word of a sentence, as many as there are words.

    The lexicon wins over everything but what the text itself gives, also for the word with an ending.
    """
    shouted = all(word.written.isupper() for word in words if word.written)
    tokens = [Token(word.word, _has_capital(word) and not shouted, bool(word.punctuation)) for word in words]
    said = [_one(words, tokens, at, lexicon) for at in range(len(words))]
    for at, word in enumerate(words[:-1]):
        is_article = word.word == "the" and said[at].how == "dictionary" and not word.punctuation
        if is_article and _starts_open(said[at + 1]):
            said[at] = Pronunciation(_THE_BEFORE_VOWEL, "dictionary")
    return said


def _one(words: Sequence[Spoken], tokens: Sequence[Token], at: int, lexicon: Lexicon) -> Pronunciation:
    word = words[at]
    if word.phonemes:
        return Pronunciation(word.phonemes, word.how or "given")
    if found := _from_lexicon(word, lexicon):
        return Pronunciation(found, "lexicon")
    if word.letter or (word.word == "a" and _is_letter_a(words, at)):
        return Pronunciation(_letter(word.word), "letters")
    if word.word == "a":
        return Pronunciation(_ARTICLE, "dictionary")
    if word.word == "used" and _is_habit(tokens, at):
        return Pronunciation(_USED_TO, "homograph")
    return choose(word, tokens, at) or _by_itself(word)


def _is_habit(tokens: Sequence[Token], at: int) -> bool:
    """Whether "used" is that of "she used to sing", not of "a tool used to cut"."""
    after = tokens[at + 1].word if at + 1 < len(tokens) else ""
    return after == "to" and at > 0 and word_class(tokens[at - 1].word) in _SUBJECTS


def _by_itself(word: Spoken) -> Pronunciation:
    written = word.written or word.word
    sounds = word_sounds(written)
    if not sounds.how:
        return Pronunciation((), "unsaid", f"{written!r} has no letter that English can say; it is left out")
    guessed = sounds.how in ("model", "names")
    assumed = f"{written!r} is in no dictionary; its sounds are guessed" if guessed else ""
    return Pronunciation(sounds.phonemes, sounds.how, assumed)


def _has_capital(word: Spoken) -> bool:
    return word.written[:1].isupper()


def _starts_open(following: Pronunciation) -> bool:
    return bool(following.phonemes) and is_vowel(following.phonemes[0])


def _is_letter_a(words: Sequence[Spoken], at: int) -> bool:
    """Whether an "a" is no article: nothing follows it, or it is a capital among small letters, "vitamin A pills"."""
    if words[at].punctuation or at == len(words) - 1:
        return True
    before, after = words[at - 1 : at], words[at + 1].written
    is_inside = bool(before) and not before[0].punctuation and not before[0].written.isupper()
    return is_inside and words[at].written == "A" and not after[:1].isupper()


def _letter(written: str) -> Phonemes:
    """The names of letters, "f", "fbi"; an -s behind an apostrophe is an ending: "cd's"."""
    letters, apostrophe, _ = written.partition("'")
    named = spelled(latin(letters))
    return with_s(named) if named and apostrophe else named


def _from_lexicon(word: Spoken, lexicon: Lexicon) -> Phonemes:
    """What the user says of the word as it is written, in lower case, or of the word that it is a form of."""
    if not lexicon:
        return ()
    written = word.written or word.word
    exact = lexicon.get(written) or lexicon.get(written.lower())
    if exact:
        return exact

    def listed(base: str) -> Phonemes:
        return lexicon.get(written[: len(base)], ()) or lexicon.get(base, ())

    return clitic(word.word, listed) or inflected(word.word, listed)
