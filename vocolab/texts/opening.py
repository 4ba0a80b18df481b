"""Opens a language with a user's files, and reads whole texts with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vocolab.errors import CallError, InputError
from vocolab.texts.document import Document
from vocolab.texts.inputs import InputForm, form_of, read_document
from vocolab.texts.markdown import CodeReading
from vocolab.texts.speaking import Speaker
from vocolab.texts.spoken_text import SpokenText
from vocolab.texts.user_words import read_lexicon, read_rules

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.texts.language import Language


def open_speaker(
    catalog: Catalog,
    language: str | None = None,
    options: Mapping[str, Any] | None = None,
    *,
    lexicon: str | os.PathLike[str] | Mapping[str, str] | None = None,
    rules: str | os.PathLike[str] | Mapping[str, str] | None = None,
) -> Speaker:
    """A language, by name or tag, with the words that the user knows better: files, or what would stand in them.

    Raises:
        UnknownName, OptionError: if there is no such language or option.
        InputError: if a file has a bad line, or a phoneme is unknown.
    """
    name = language or catalog.languages.default().qualified
    opened = catalog.languages.create(name, dict(options or {}))
    schema = catalog.languages.get(name).spec.options
    return Speaker(opened, lexicon=_lexicon(opened, lexicon), rules=_rules(rules), schema=schema)


def speak(speaker: Speaker, text: str, form: InputForm | None = None, *, code: CodeReading = "skip") -> SpokenText:
    """A whole text with its words and sounds.

    Raises:
        CallError: if it says that it is in another language.
        InputError: if it is not in the form that it should be; says where.
    """
    read_as = form_of(text, form)
    if read_as == "plain":
        return _checked(SpokenText(text, tuple(speaker.stream([text])), speaker.language.tag, read_as))
    document: Document = read_document(text, read_as, speaker.language.parse_phonemes, code)
    sentences = tuple(speaker.sentences(document))
    reports = (*document.reports, *speaker.reading_problems(document))
    return _checked(SpokenText(text, sentences, speaker.language.tag, read_as, reports))


def _checked(spoken: SpokenText) -> SpokenText:
    """The same, with a report if there is nothing to hear."""
    if spoken.words:
        return spoken
    what = "the text is empty" if not spoken.text.strip() else "there is nothing in the text that can be said"
    return SpokenText(spoken.text, spoken.sentences, spoken.language, spoken.form, (*spoken.reports, what))


def _lexicon(
    language: Language, lexicon: str | os.PathLike[str] | Mapping[str, str] | None
) -> dict[str, tuple[str, ...]]:
    if lexicon is None:
        return {}
    if not isinstance(lexicon, Mapping):
        return read_lexicon(lexicon, language.parse_phonemes)
    parsed = {}
    for word, written in lexicon.items():
        if not word or any(character.isspace() for character in word):
            raise CallError(f"lexicon: {word!r} is no single word")
        ipa = len(written) > 1 and written[0] == written[-1] == "/"
        try:
            parsed[word] = language.parse_phonemes(written.strip("/"), "ipa" if ipa else "x-arpabet")
        except InputError as error:
            raise InputError(f"lexicon: {word}: {error}") from None
    return parsed


def _rules(rules: str | os.PathLike[str] | Mapping[str, str] | None) -> dict[str, str]:
    if rules is None:
        return {}
    if not isinstance(rules, Mapping):
        return read_rules(rules)
    if "" in rules:
        raise CallError("rules: an empty text can't be said otherwise")
    return dict(rules)
