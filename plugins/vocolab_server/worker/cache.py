"""Finished sentences on disk, for any number of processes: bounded, what was used longest ago leaves first.

A file is whole or not there: it is written beside its place and renamed. It begins with a checksum of the rest, and one
that is damaged counts as missing. A full disk costs the entry and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.given_files import read_given

_MAGIC = b"vocolab1"
_LENGTH = struct.Struct("<I")
_DIGEST_BYTES = 32
_SWEEP_SHARE = 0.05
"""So much of the bound is written by a process before it looks at the whole folder again."""
_LEFT_SHARE = 0.9
"""What a sweep leaves of the bound."""

Samples = NDArray[np.float32]


class SentenceCache:
    """Samples and what goes with them, by a key that stands for all that decides them.

    Args:
        folder: Where files are; it is made when something is kept.
        most_bytes: Of all files together.
    """

    def __init__(self, folder: Path, most_bytes: float) -> None:
        self.folder, self.most_bytes = folder, most_bytes
        self.hits = self.misses = self.failures = 0
        """Entries found, not found, and that could not be written."""
        self._unswept_bytes = most_bytes  # the first that is kept looks what is there

    def get(self, key: str) -> tuple[dict[str, Any], Samples] | None:
        """What is kept under a key, and marks it as used; None if there is nothing whole."""
        place = self._place(key)
        try:
            data = read_given(place, int(self.most_bytes))
            os.utime(place)
        except OSError:
            self.misses += 1
            return None
        found = _opened(data)
        if found is None:
            self.misses += 1
            with suppress(OSError):
                place.unlink()
            return None
        self.hits += 1
        return found

    def put(self, key: str, facts: dict[str, Any], samples: Samples) -> None:
        """Keep something, if the disk takes it."""
        data = _closed(facts, samples)
        if len(data) > self.most_bytes:
            return
        place = self._place(key)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._write(place, data)
        except OSError:
            self.failures += 1
            return
        self._unswept_bytes += len(data)
        if self._unswept_bytes > self.most_bytes * _SWEEP_SHARE:
            self._unswept_bytes = 0.0
            self.sweep()

    def sweep(self) -> None:
        """Remove what was used longest ago until the rest is within the bound."""
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        if total <= self.most_bytes:
            return
        for _, size, path in files:
            with suppress(OSError):  # another process was faster
                path.unlink()
            total -= size
            if total <= self.most_bytes * _LEFT_SHARE:
                break

    def _write(self, place: Path, data: bytes) -> None:
        handle, name = tempfile.mkstemp(prefix=".new-", dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(name, place)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        """When each was used, its size, its place; what a killed process has left half-written is among them."""
        for folder in self._folders():
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(OSError):
                        state = entry.stat(follow_symlinks=False)
                        yield state.st_mtime, state.st_size, Path(entry.path)

    def _folders(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if path.is_dir()]
        except OSError:
            return []

    def _place(self, key: str) -> Path:
        return self.folder / key[:2] / key


def _closed(facts: dict[str, Any], samples: Samples) -> bytes:
    text = json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")
    body = _LENGTH.pack(len(text)) + text + np.ascontiguousarray(samples, "<f4").tobytes()
    return _MAGIC + hashlib.sha256(body).digest() + body


def _opened(data: bytes) -> tuple[dict[str, Any], Samples] | None:
    head = len(_MAGIC) + _DIGEST_BYTES
    body = data[head:]
    if not data.startswith(_MAGIC) or hashlib.sha256(body).digest() != data[len(_MAGIC) : head]:
        return None
    try:  # a checksum is no signature: others may have written it
        (n_text,) = _LENGTH.unpack_from(body)
        end = _LENGTH.size + n_text
        facts = json.loads(body[_LENGTH.size : end].decode("utf-8", "surrogatepass"))
        samples = np.frombuffer(body, "<f4", offset=end).astype(np.float32)
    except (struct.error, ValueError, RecursionError):
        return None
    return (facts, samples) if isinstance(facts, dict) and np.isfinite(samples).all() else None
