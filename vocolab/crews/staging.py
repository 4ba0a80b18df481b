"""Folders beside the results of a batch, where nodes that see them put what is made, until it is moved to its place.

A folder holds a word that only the call knows: a node that reads it there sees the same disk. One that a call which
was killed has left behind is removed by the next call that writes into the folder above it.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from vocolab.files.atomic import output_error
from vocolab.files.leftovers import lock

_NAME = ".vocolab-cluster-{}"
_OTHERS = re.compile(r"\.vocolab-cluster-[0-9a-f]{12}")
_WORD = "held"


class Staging:
    """The folders of one call, one beside each folder of results.

    Args:
        outputs: The results to come; their folders are there.

    Raises:
        OutputError: if a folder can't be written to.
    """

    def __init__(self, outputs: Iterable[Path]) -> None:
        self.word = secrets.token_hex(6)
        self._held: dict[Path, int] = {}
        try:
            for folder in dict.fromkeys(_folder(output) for output in outputs):
                self._make(folder)
        except BaseException:
            self.close()
            raise

    @property
    def words(self) -> dict[str, str]:
        """Files that hold the word, for nodes to look for."""
        return {str(folder / _WORD): self.word for folder in self._held}

    def place(self, output: Path, name: str) -> Path:
        """Where a node puts the file that is to become `output`: in a folder of that name, which is made there."""
        return _folder(output) / _NAME.format(self.word) / name / output.name

    def close(self) -> None:
        """Remove the folders and what was not moved to its place."""
        for folder, descriptor in self._held.items():
            shutil.rmtree(folder, ignore_errors=True)
            os.close(descriptor)
        self._held.clear()

    def _make(self, folder: Path) -> None:
        made = folder / _NAME.format(self.word)
        try:
            _remove_leftovers(folder)
            made.mkdir()
            descriptor = os.open(made / _WORD, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
            self._held[made] = descriptor
            os.write(descriptor, self.word.encode())
            lock(descriptor, wait=True)
        except OSError as error:
            raise output_error(made, error) from error


def _folder(output: Path) -> Path:
    return Path(os.path.realpath(output)).parent


def _remove_leftovers(folder: Path) -> None:
    for entry in folder.iterdir():
        if not _OTHERS.fullmatch(entry.name):
            continue
        with suppress(OSError):
            descriptor = os.open(entry / _WORD, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
            try:
                if lock(descriptor, wait=False):
                    shutil.rmtree(entry, ignore_errors=True)
            finally:
                os.close(descriptor)
