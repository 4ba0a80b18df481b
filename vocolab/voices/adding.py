"""Voices into the user's folder, from a file or over https, and out of it."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vocolab.catalog.user_voices import NAME, SUFFIX, voices_folder
from vocolab.errors import CallError, CheckpointError, OutputError
from vocolab.files.atomic import whole_file
from vocolab.given_files import sha256_of
from vocolab.voice import Voice
from vocolab.voices.downloading import download


@dataclass(frozen=True)
class Added:
    """A voice that is in the user's folder now."""

    name: str
    file: Path
    n_bytes: int
    sha256: str
    voice: Voice


def add_voice(
    source: str, *, name: str = "", sha256: str = "", replace: bool = False, taken: frozenset[str] = frozenset(),
    fetch: Callable[[str, Path], None] = download,
) -> Added:
    """Put a voice into the user's folder, whole or not at all.

    Args:
        source: A file, or an address that begins with https://.
        name: What it is called. Empty: as the file.
        sha256: What the file's checksum has to be. Empty: any.
        replace: Whether a voice of that name in the folder may be replaced.
        taken: Names that would hide a built-in voice.
        fetch: Brings an address into a file.

    Raises:
        CallError: for another kind of address, a name that can't be or is taken, and a checksum of another length.
        CheckpointError: if the file is no voice, or another one than the checksum says; nothing is added then.
        InputError: if it can't be fetched. What has come is kept, and the next call goes on from there.
        OutputError: if it can't be written.
    """
    is_address = "://" in source
    place = _path_of(source) if is_address else source
    if sha256 and (len(sha256) != 64 or set(sha256.lower()) - set("0123456789abcdef")):
        raise CallError(f"--sha256 {sha256}: a SHA-256 is 64 hexadecimal digits")
    chosen = name or Path(place).name.removesuffix(SUFFIX).lower()
    if not NAME.fullmatch(chosen):
        raise CallError(f"{chosen!r} is no voice name: lower case letters, digits and hyphens; give one with --name")
    if chosen in taken:
        raise CallError(f"vocolab has a voice {chosen} of its own: give yours another name with --name")
    target = voices_folder() / f"{chosen}{SUFFIX}"
    if target.exists() and not replace:
        raise CallError(f"there is a voice {chosen} already: remove it, or say --replace", about=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        said = f"the folder of voices can't be made: {error.strerror or error}"
        raise OutputError(said, about=target.parent) from error
    if not is_address:
        return _kept(Path(source), target, chosen, sha256)
    part = target.parent / f".{hashlib.sha256(source.encode()).hexdigest()[:16]}.part"
    fetch(source, part)
    try:
        return _kept(part, target, chosen, sha256, source)
    finally:
        part.unlink(missing_ok=True)


def _path_of(address: str) -> str:
    """The path in an address.

    Raises:
        CallError: if it is none that is fetched.
    """
    try:
        parts = urlsplit(address)
    except ValueError as error:
        raise CallError(f"{address}: this is no address: {error}") from error
    if parts.scheme != "https":
        raise CallError(f"{address}: voices are fetched over https only")
    if not (address.isascii() and address.isprintable() and parts.hostname):
        raise CallError(f"{address}: this is no address; write other letters than those of ASCII as %XX")
    return parts.path


def remove_voice(name: str) -> Path:
    """Remove a voice from the user's folder.

    Raises:
        CallError: if there is none of that name.
        OutputError: if it can't be removed.
    """
    file = voices_folder() / f"{name.removeprefix('user/')}{SUFFIX}"
    if not NAME.fullmatch(file.stem) or not file.is_file():
        there = ", ".join(sorted(one.stem for one in voices_folder().glob(f"*{SUFFIX}"))) or "none"
        raise CallError(f"there is no voice {name!r} in {file.parent}; there is: {there}. What a package brings goes "
                        "with the package: pip uninstall")
    try:
        file.unlink()
    except OSError as error:
        raise OutputError(f"can't be removed: {error.strerror or error}", about=file) from error
    return file


def _kept(found: Path, target: Path, name: str, wanted: str, about: str = "") -> Added:
    """Examine a file, and copy it into the folder."""
    try:
        voice = Voice.load(found)
        digest = sha256_of(found)
        if wanted and digest != wanted.lower():
            raise CheckpointError(f"its SHA-256 is {digest}, and {wanted} was asked for: nothing was added",
                                  about=about or found)
        with whole_file(target) as temporary:
            shutil.copyfile(found, temporary)
    except CheckpointError as error:
        raise (CheckpointError(error.message, about=about) if about else error) from error
    return Added(name, target, os.stat(target).st_size, digest, voice)
