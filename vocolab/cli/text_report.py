"""How `vocolab text` shows sentences to people and to programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from vocolab.cli.table import table
from vocolab.cli.terminal import json_for
from vocolab.texts.document import PLAIN, Alphabet, Prosody, Sentence, Word
from vocolab.texts.language import Language
from vocolab.texts.spoken_text import SpokenText


def spoken_facts(spoken: SpokenText, language: Language, alphabet: Alphabet) -> dict[str, Any]:
    """A text as plain data; in another alphabet than the symbols' own every word has `ipa` or the like beside them."""
    facts = spoken.to_dict()
    if alphabet != "x-arpabet":
        for words, said in [(facts["words"], spoken.words)] + [
            (shown["words"], sentence.words)
            for shown, sentence in zip(facts["sentences"], spoken.sentences, strict=True)
        ]:
            for word, one in zip(words, said, strict=True):
                word[alphabet] = language.write_phonemes(one.phonemes, alphabet)
    return facts


def print_compact(value: Any, *, indent: int | None = None) -> None:
    """JSON on stdout, in one line where nothing else is said."""
    click.echo(json_for(sys.stdout, value, indent=indent))


def print_sentence(sentence: Sentence, language: Language, alphabet: Alphabet) -> None:
    """A sentence with its words, sounds, pauses, and what was assumed."""
    click.echo(printable(sentence.normalized) or "(silence)")
    if sentence.pause_before_ms:
        click.echo(f"  pause before it: {sentence.pause_before_ms} ms")
    if sentence.words:
        rows = [_row(word, language, alphabet) for word in sentence.words]
        click.echo(_indented(table(rows, ("word", "phonemes", "how", "written"))))
    for mark in sentence.marks:
        click.echo(f"  mark {printable(mark.name)!r} before word {mark.before + 1}")
    if sentence.voice:
        click.echo(f"  voice: {printable(sentence.voice)}")
    for note in sentence.assumed:
        click.echo(f"  assumed: {printable(note)}")


def printable(text: str) -> str:
    """A text in one line that any terminal can show."""
    line = " ".join(text.split())
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in line)


def _row(word: Word, language: Language, alphabet: Alphabet) -> Sequence[str]:
    sounds = " ".join(word.phonemes) if alphabet == "x-arpabet" else language.write_phonemes(word.phonemes, alphabet)
    notes = [printable(word.source)] if word.source.lower() != word.word else []
    if word.kind != "plain":
        notes.append(f"({word.kind})")
    if word.pause_ms:
        notes.append(f"pause {word.pause_ms} ms")
    if word.prosody != PLAIN:
        notes.append(_prosody_text(word.prosody))
    signs = word.punctuation.removeprefix(".") if word.word.endswith(".") else word.punctuation  # "p.m." is one
    return printable(word.word) + signs, sounds or "none", word.how or "none", " ".join(notes)


def _prosody_text(prosody: Prosody) -> str:
    changes = [
        (prosody.rate != 1, f"rate {prosody.rate:g}"),
        (prosody.pitch_semitones != 0, f"pitch {prosody.pitch_semitones:+g} st"),
        (prosody.pitch_range != 1, f"range {prosody.pitch_range:g}"),
        (prosody.volume_db != 0, f"volume {prosody.volume_db:+g} dB"),
        (prosody.emphasis != "none", f"emphasis {prosody.emphasis}"),
    ]
    return "[" + ", ".join(text for changed, text in changes if changed) + "]"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
