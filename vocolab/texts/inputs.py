"""The forms in which texts come, and which reader each has."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from vocolab.errors import CallError
from vocolab.texts.document import Document
from vocolab.texts.markdown import CodeReading, read_markdown
from vocolab.texts.messages import read_messages
from vocolab.texts.phonemes import PhonemeParser
from vocolab.texts.plain import read_plain
from vocolab.texts.ssml import read_ssml

InputForm: TypeAlias = Literal["plain", "ssml", "markdown", "messages"]

INPUT_FORMS: tuple[InputForm, ...] = get_args(InputForm)


def form_of(text: str, stated: InputForm | None = None) -> InputForm:
    """The stated form; without one SSML for a text that begins with `<speak`, else plain text.

    Raises:
        CallError: if there is no such form.
    """
    if stated is not None and stated not in INPUT_FORMS:
        raise CallError(f"there is no input form {stated!r}; there is {', '.join(INPUT_FORMS)}")
    if stated in (None, "plain") and text.lstrip()[:6] == "<speak":
        return "ssml"
    return stated or "plain"


def read_document(
    text: str, form: InputForm, parse_phonemes: PhonemeParser | None = None, code: CodeReading = "skip"
) -> Document:
    """The document that a text in a form describes. `code` is for code blocks in Markdown and messages.

    Raises:
        InputError: if the text is not in that form; says where.
    """
    if form == "ssml":
        return read_ssml(text, parse_phonemes)
    if form == "markdown":
        return read_markdown(text, parse_phonemes, code)
    if form == "messages":
        return read_messages(text, parse_phonemes, code)
    return read_plain(text, parse_phonemes)
