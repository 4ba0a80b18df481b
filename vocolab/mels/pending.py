"""Mel files whose convention is asked for before it is their turn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from vocolab.errors import MelError
from vocolab.mels.mel import Mel
from vocolab.mels.reader import read_mel
from vocolab.mels.spec import MelSpec
from vocolab.mels.storage import Stored, read_array


class PendingMels:
    """Reads each file once: what was read to find a convention is kept until it is that file's turn."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._stored: dict[Path, Stored] = {}

    def first_stated(self) -> MelSpec | None:
        """The convention of the first file that states one; a `.npy` file never does."""
        for path in self._paths:
            if path.suffix.lower() == ".npy":
                continue
            try:
                stored = read_array(path)
            except MelError:  # is told when it is that file's turn
                continue
            if stored.spec is not None:
                self._stored[path] = stored
                return stored.spec
        return None

    def read(self, path: Path, wanted: MelSpec, stated: MelSpec | None = None, *, force: bool = False
             ) -> tuple[Mel, list[str]]:
        """As `vocolab.mels.reader.read_mel`."""
        return read_mel(path, wanted, stated, self._stored.pop(path, None), force=force)
