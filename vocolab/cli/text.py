"""`vocolab text`: the words and sounds that a text will be spoken with."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from vocolab.cli.parameters import PATH, json_option
from vocolab.cli.session import Session, pass_session
from vocolab.errors import CallError, InputError, VocolabError

if TYPE_CHECKING:
    from vocolab.texts.document import Alphabet
    from vocolab.texts.inputs import InputForm
    from vocolab.texts.markdown import CodeReading
    from vocolab.texts.speaking import Speaker
    from vocolab.texts.spoken_text import SpokenText

_ALPHABETS: dict[str, Alphabet] = {"arpabet": "x-arpabet", "ipa": "ipa"}

input_option = click.option(
    "--input", "form", type=click.Choice(["plain", "ssml", "markdown", "messages"]),
    help="What the text is: messages is JSON of chat models. Default: plain, or SSML if it begins with <speak.",
)
"""--input, as every command that takes texts has it."""


@dataclass(frozen=True)
class _Showing:
    """What is done with every text."""

    session: Session
    speaker: Speaker
    form: InputForm | None
    code: CodeReading
    alphabet: Alphabet
    as_json: bool


@click.command("text")
@click.argument("text", required=False)
@click.option("--file", "file", type=PATH, metavar="FILE", help="Read one text from FILE.")
@click.option("--lines", type=PATH, metavar="FILE", help="Read one text a line from FILE, or from - as they come.")
@input_option
@click.option("--language", metavar="NAME|TAG", help="See 'vocolab languages'. Default: the one that is installed.")
@click.option("--lexicon", type=PATH, help="Pronunciations that win: a word, a space and its phonemes a line.")
@click.option("--rules", type=PATH, help="Readings that win: 'written => said' a line.")
@click.option("--code", type=click.Choice(["skip", "spell"]), default="skip", show_default=True,
              help="What becomes of code blocks in Markdown and messages.")
@click.option("--set", "settings", multiple=True, metavar="OPTION=VALUE",
              help="An option of the language, as in dates=day-first. May be repeated.")
@click.option("--alphabet", type=click.Choice(list(_ALPHABETS)), default="arpabet", show_default=True,
              help="How sounds are shown.")
@json_option
@pass_session
def text_command(session: Session, /, text: str | None, file: Path | None, lines: Path | None, **given: Any) -> None:
    """Show for each sentence of TEXT the words as they are said, their sounds, and what was assumed.

    TEXT in quotes, or - for standard input, of which every sentence is shown as soon as it is certain.
    """
    from vocolab.texts.opening import open_speaker

    if sum(source is not None for source in (text, file, lines)) != 1:
        raise CallError("give one text: in quotes, as - for standard input, with --file or with --lines")
    speaker = open_speaker(
        session.catalog, given["language"], _options(given["settings"]), lexicon=given["lexicon"], rules=given["rules"]
    )
    showing = _Showing(
        session, speaker, given["form"], given["code"], _ALPHABETS[given["alphabet"]], given["as_json"]
    )
    _show(showing, text, file, lines)
    session.warn_of_broken_plugins()


def _show(showing: _Showing, text: str | None, file: Path | None, lines: Path | None) -> None:
    from vocolab.cli.text_sources import STANDARD_INPUT, argument_text, file_lines, file_text, standard_input

    if lines is not None:
        _print_lines(showing, file_lines(lines), str(lines))
    elif text == STANDARD_INPUT and not showing.as_json:
        _print_stream(showing, standard_input())
    elif file is not None or text == STANDARD_INPUT:
        _print(showing, file_text(file or Path(STANDARD_INPUT)))
    else:
        _print(showing, argument_text(text or ""))


def _print_lines(showing: _Showing, lines: Iterator[str], name: str) -> None:
    """One JSON line or block a line; one that can't be read is named, the others go on, and the call fails."""
    from vocolab.cli.text_report import print_compact

    failed = 0
    for number, line in enumerate(lines, 1):
        try:
            _print(showing, line, each_line=True)
        except VocolabError as error:
            failed += 1
            click.echo(f"vocolab: {name}:{number}: {error}", err=True)
            if showing.as_json:
                print_compact({"text": line, "error": str(error)})
    if failed:
        raise InputError(f"{name}: {failed} of its lines could not be read; see above")


def _print(showing: _Showing, text: str, *, each_line: bool = False) -> None:
    """A whole text: one JSON object, or a block."""
    from vocolab.cli.text_report import print_compact, print_sentence, printable, spoken_facts
    from vocolab.texts.opening import speak

    spoken: SpokenText = speak(showing.speaker, text, showing.form, code=showing.code)
    if showing.as_json:
        facts = spoken_facts(spoken, showing.speaker.language, showing.alphabet)
        print_compact(facts, indent=None if each_line else 2)
        return
    for sentence in spoken:
        print_sentence(sentence, showing.speaker.language, showing.alphabet)
    for report in spoken.reports:
        showing.session.say(f"note: {printable(report)}")
    if each_line:
        click.echo()


def _print_stream(showing: _Showing, pieces: Iterator[str]) -> None:
    """Plain text sentence by sentence as it comes; what is read as a whole, when all of it is there."""
    from vocolab.cli.text_report import print_sentence
    from vocolab.texts.inputs import form_of

    begin = ""
    while len(begin.lstrip()) < len("<speak") and (piece := next(pieces, "")):
        begin += piece
    form = form_of(begin, showing.form)
    if form != "plain":
        _print(showing, "".join(chain([begin], pieces)))
        return
    nothing = True
    for sentence in showing.speaker.stream(chain([begin], pieces)):
        print_sentence(sentence, showing.speaker.language, showing.alphabet)
        nothing = False
    if nothing:
        showing.session.say("note: there is nothing in the text that can be said")


def _options(settings: Sequence[str]) -> dict[str, Any]:
    """The options that --set gives; a value is JSON, or else text."""
    options = {}
    for setting in settings:
        name, sign, value = setting.partition("=")
        if not (name and sign):
            raise CallError(f"--set {setting}: write OPTION=VALUE, as in dates=day-first")
        try:
            options[name] = json.loads(value)
        except ValueError:
            options[name] = cast(Any, value)
    return options
