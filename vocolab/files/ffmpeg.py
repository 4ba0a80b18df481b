"""Formats that libsndfile does not read, decoded by an installed ffmpeg: M4A, ALAC, WMA, WebM, the sound of videos.

ffmpeg is a program of its own, run without a shell, with a time limit, and with what it may read named one by one: a
playlist that names other files is none of it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO

from vocolab.errors import AudioError
from vocolab.files.tags.ffmetadata import mpeg4_cover, tags_of_ffmetadata
from vocolab.tags import Origin

_DEMUXERS = (
    "aac", "ac3", "aiff", "amr", "ape", "asf", "avi", "caf", "dsf", "dts", "eac3", "flac", "flv", "matroska", "webm",
    "mov", "mp4", "m4a", "3gp", "3g2", "mj2", "mp3", "mpeg", "mpegts", "mpc", "mpc8", "ogg", "tta", "w64", "wav", "wv",
    "au", "loas",
)  # fmt: skip
_LEAST_S = 120.0
_BYTES_PER_S = 1e6
"""Time that decoding may take: so long, and a second more for each million bytes of the file."""


def ffmpeg_program() -> str | None:
    """Where ffmpeg is; None where it is not installed."""
    return shutil.which("ffmpeg")


def decoded(path: Path) -> tuple[IO[bytes], str, Origin | None] | None:
    """The first sound track of a file as a WAV of floats, in a temporary file; what ffmpeg says about it; and its tags.

    None where ffmpeg is not installed.

    Raises:
        AudioError: if there is nothing that ffmpeg can decode, or it takes too long.
    """
    program = ffmpeg_program()
    if program is None:
        return None
    wav = tempfile.NamedTemporaryFile(suffix=".wav", prefix="vocolab-")  # noqa: SIM115  lives as long as the signal
    with tempfile.NamedTemporaryFile(suffix=".txt", prefix="vocolab-") as texts:
        said = _run(program, path, wav, texts.name)
        tags = _tags(path, Path(texts.name))
    return wav, said, tags


def _run(program: str, path: Path, wav: IO[bytes], texts: str) -> str:
    """Decode the sound into `wav` and the tags into `texts`; what ffmpeg says about it, in its first line."""
    command = [
        program, "-nostdin", "-hide_banner", "-v", "error", "-y", "-protocol_whitelist", "file",
        "-format_whitelist", ",".join(_DEMUXERS), "-i", f"file:{path.absolute()}", "-map", "0:a:0", "-vn",
        "-c:a", "pcm_f32le", "-rf64", "auto", "-f", "wav", "-map_metadata", "-1", f"file:{wav.name}",
        "-f", "ffmetadata", f"file:{texts}",
    ]  # fmt: skip
    limit_s = _LEAST_S + path.stat().st_size / _BYTES_PER_S
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired as error:
        raise AudioError(f"ffmpeg was still decoding it after {limit_s:.0f} s, and was stopped", about=path) from error
    except OSError as error:
        raise AudioError(f"ffmpeg ({program}) can't be run: {error.strerror or error}", about=path) from error
    said = [line for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
    if done.returncode != 0 or Path(wav.name).stat().st_size == 0:
        wav.close()
        raise AudioError(f"ffmpeg finds no sound in it that it can decode: {_reason(said, path)}", about=path)
    return _reason(said, path) if said else ""


def _tags(path: Path, texts: Path) -> Origin | None:
    with texts.open("rb") as stream:
        found = tags_of_ffmetadata(stream)
    with path.open("rb") as stream:
        mpeg4_cover(stream, found)
    return found.origin()


def _reason(said: list[str], path: Path) -> str:
    """Its first line, without the file's name: an error names the file itself, and a pipe's is no user's."""
    return said[0].strip().split(f"{path}: ")[-1][:200] if said else "it does not say why"
