"""`vocolab inspect`: what a file holds, decided by its content."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vocolab.cli.parameters import PATH, json_option
from vocolab.cli.session import Session, pass_session, print_json

_HEADER_START = 9
"""Bytes that tell safetensors: the length of its header, then the header's first brace."""


@click.command()
@click.argument("file", type=PATH)
@click.option("--plot", type=PATH, metavar="PICTURE", help="Draw a mel, or what is heard and wrong in audio, as in "
              "mel.png.")
@json_option
@pass_session
def inspect(session: Session, file: Path, plot: Path | None, as_json: bool) -> None:
    """Say what FILE holds: a mel (.npy, .npz, .safetensors or .pt), a voice, or audio.

    A bare array states no convention: its numbers are examined for what speaks for each. Audio is listened to: what is
    wrong with it, in figures, and which effects would help; 'vocolab detectors' lists what is looked for.
    """
    from vocolab.errors import CallError

    kind = kind_of(file)
    if plot is not None and kind == "voice":
        raise CallError("is a voice; --plot draws mels and audio", about=file)
    if kind == "audio":
        facts, text = _audio(session, file, plot)
    else:
        if plot is not None:
            _plot(session, file, plot)
        facts, text = {"mel": _mel, "voice": _voice}[kind](file)
    if as_json:
        print_json(facts)
    else:
        click.echo(text)


def kind_of(file: Path) -> str:
    """"mel", "voice" or "audio", by the file's first bytes and, for safetensors, its metadata.

    What is none of them counts as what its suffix says, whose reader then says what is wrong with it.
    """
    from vocolab.errors import CheckpointError
    from vocolab.files.safetensors_header import read_metadata

    start = _first_bytes(file)
    if start[:6] == b"\x93NUMPY":
        return "mel"
    if start[8:9] == b"{":
        try:
            return "voice" if "vocolab" in read_metadata(file) else "mel"
        except CheckpointError:
            return "mel"
    return "mel" if file.suffix.lower() in (".npy", ".npz", ".safetensors", ".pt", ".pth") else "audio"


def _first_bytes(file: Path) -> bytes:
    from vocolab.errors import InputError
    from vocolab.given_files import open_given

    try:
        with open_given(file) as stream:
            return stream.read(_HEADER_START)
    except FileNotFoundError as error:
        raise InputError("there is no such file", about=file) from error
    except OSError as error:
        raise InputError(f"can't be read: {error.strerror or error}", about=file) from error


def _mel(file: Path) -> tuple[dict[str, Any], str]:
    from vocolab.mels.examine import examine_file

    examination = examine_file(file)
    facts = {"kind": "mel", "file": str(file), **examination.to_dict()}
    return facts, "\n".join([f"{file}: a mel", *examination.lines()])


def _voice(file: Path) -> tuple[dict[str, Any], str]:
    from vocolab.cli.voice_facts import voice_facts, voice_text

    facts = voice_facts(file)
    return facts, f"{file}: a voice\n{voice_text(facts)}"


def _audio(session: Session, file: Path, picture: Path | None) -> tuple[dict[str, Any], str]:
    from vocolab.cli.diagnosing import listened
    from vocolab.cli.figures import facts as audio_facts
    from vocolab.cli.figures import figures_text
    from vocolab.cli.tag_facts import tag_facts, tag_text
    from vocolab.files.reader import open_audio

    audio = open_audio(file)
    loudness, diagnosis = listened(session, audio, picture)
    row = audio_facts(audio, loudness)
    facts = {"kind": "audio", "format": audio.format, **row, **tag_facts(audio.origin),
             "diagnosis": diagnosis.to_dict()}
    lines = [f"{file}: audio, {audio.format}", figures_text([row]), tag_text(audio.origin), str(diagnosis)]
    return facts, "\n".join(filter(None, lines))


def _plot(session: Session, file: Path, picture: Path) -> None:
    """Draw a mel: over Hz and seconds if it states its convention, else over bands and frames."""
    from vocolab.mels.examine import examine_file
    from vocolab.mels.mel import Mel
    from vocolab.mels.storage import read_array
    from vocolab.mels.values import floats, settle
    from vocolab.pictures.mels import plot_mel

    stored = read_array(file)
    n_mels = examine_file(file).facts.n_mels
    values, _ = settle(floats(stored.values, str(file)), n_mels, str(file))
    plot_mel(Mel(values, stored.spec, stored.f0_hz) if stored.spec else values, picture, title=file.name)
    session.say(f"{file} -> {picture}")
