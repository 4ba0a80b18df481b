"""Standard input and output as files: what comes through a pipe, and what leaves through one."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO

import click

from vocolab.cli.inputs import STANDARD, STDIN
from vocolab.errors import AudioError, CallError, InputError

if TYPE_CHECKING:
    from vocolab.cli.piped_audio import PipedAudio
    from vocolab.files.pcm import PcmForm

STDOUT = "standard output"
ENCODINGS = ("s16le", "s24le", "f32le")


def _parsed(_context: click.Context, _option: click.Parameter, text: str | None) -> PcmForm | None:
    if text is None:
        return None
    from vocolab.files.pcm import PcmForm

    parts = text.split(":")
    if len(parts) == 3 and parts[0] in ENCODINGS and parts[1].isdigit() and parts[2].isdigit():
        form = PcmForm(parts[0], int(parts[1]), int(parts[2]))
        if 4_000 <= form.sample_rate <= 768_000 and 1 <= form.channels <= 64:
            return form
    raise click.BadParameter(f"{text!r}: write ENCODING:HZ:CHANNELS, as in s16le:48000:1; encodings: "
                             f"{', '.join(ENCODINGS)}; 4000 to 768000 Hz, 1 to 64 channels")


stdin_pcm_option = click.option(
    "--stdin-pcm", metavar="ENCODING:HZ:CHANNELS", callback=_parsed,
    help=f"What comes through - is raw PCM, as in s16le:48000:2 ({', '.join(ENCODINGS)}). Default: an audio file.",
)
stdout_pcm_option = click.option(
    "--stdout-pcm", type=click.Choice(ENCODINGS), help="What leaves through - is raw PCM. Default: an audio file.",
)


def standard_input() -> BinaryIO:
    """Standard input, for bytes.

    Raises:
        InputError: if it is closed, or a terminal, where nobody can type audio.
    """
    if sys.stdin is None or sys.stdin.closed:
        raise InputError("is closed; pipe something into it, or name a file", about=STDIN)
    if sys.stdin.isatty():
        raise InputError("is a terminal; pipe something into it, or name a file", about=STDIN)
    return sys.stdin.buffer


def standard_output() -> IO[bytes]:
    """Standard output, for bytes.

    Raises:
        CallError: if it is closed, or a terminal.
    """
    if sys.stdout is None or sys.stdout.closed:
        raise CallError("is closed; name a file with -o", about=STDOUT)
    if sys.stdout.isatty():
        raise CallError("is a terminal; pipe it into something, or name a file with -o", about=STDOUT)
    return sys.stdout.buffer


def open_source(path: Path, pcm: PcmForm | None = None) -> Any:
    """The audio of an input: a file, or for `-` all that comes through standard input.

    Raises:
        AudioError: if it is not audio that can be used.
        InputError: if standard input is closed, empty or a terminal.
    """
    from vocolab.files.reader import open_audio

    return _piped(pcm) if path == STANDARD else open_audio(path)


def send(path: Path, encoding: str | None) -> None:
    """A finished file to standard output; with an encoding, its samples alone."""
    stream = standard_output()
    if encoding is None:
        with path.open("rb") as file:
            shutil.copyfileobj(file, stream)
    else:
        from vocolab.files.pcm import stored_pcm

        for data in stored_pcm(path, encoding):
            stream.write(data)
    stream.flush()


def _piped(pcm: PcmForm | None) -> PipedAudio:
    from vocolab.cli.piped_audio import PipedAudio
    from vocolab.files.pcm import read_pcm
    from vocolab.files.reader import open_audio
    from vocolab.files.spool import Spool

    stream = standard_input()
    if pcm is not None:
        return PipedAudio(read_pcm(stream, pcm, STDIN), f"RAW {pcm.encoding}")
    with tempfile.NamedTemporaryFile(prefix="vocolab-") as file:
        shutil.copyfileobj(stream, file)
        file.flush()
        if file.tell() == 0:
            raise InputError("is empty; pipe an audio file into it", about=STDIN)
        try:
            audio = open_audio(Path(file.name))
            return PipedAudio(Spool.of(audio), audio.format, audio)
        except AudioError as error:
            raise AudioError(error.message, about=STDIN) from error
