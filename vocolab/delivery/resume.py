"""What `--resume` skips: outputs that a note beside them says were made of the same input in the same way.

The notes of a folder stand in one small file, `vocolab-done.json`, which only `--resume` writes. A note is that of a
file as it lies there: who changes or moves the input, or changes settings, version or output, has it made again.
"""

from __future__ import annotations

import hashlib
import json
import threading
from pathlib import Path
from typing import Any

from vocolab.given_files import read_given_text

NOTES = "vocolab-done.json"
_MOST_BYTES = 100_000_000


class DoneNotes:
    """The notes of the folders that a batch writes into; safe to use from several threads.

    Args:
        settings: All that decides what becomes of an input, in types that JSON knows.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        from importlib.metadata import version

        self._settings = json.dumps({"vocolab": version("vocolab"), **settings}, sort_keys=True, default=str)
        self._lock = threading.Lock()

    def has(self, sources: list[Path], output: Path) -> bool:
        """Whether `output` is there, untouched since it was made of these sources."""
        note = _read(output.parent / NOTES).get(output.name)
        try:
            return note == self._note(sources, output)
        except OSError:
            return False

    def add(self, sources: list[Path], output: Path) -> None:
        """Note that `output` is done.

        Raises:
            OutputError: if the note can't be written.
        """
        from vocolab.files.atomic import whole_file

        place = output.parent / NOTES
        with self._lock:
            notes = {**_read(place), output.name: self._note(sources, output)}
            with whole_file(place, follow=False) as temporary:
                temporary.write_text(json.dumps(notes, indent=1, sort_keys=True), encoding="utf-8")

    def _note(self, sources: list[Path], output: Path) -> dict[str, Any]:
        made_of = json.dumps([self._settings, *([str(source.resolve()), *_state(source)] for source in sources)])
        return {"made_of": hashlib.sha256(made_of.encode()).hexdigest(), "is": _state(output)}


def _state(path: Path) -> list[int]:
    facts = path.stat()
    return [facts.st_size, facts.st_mtime_ns]


def _read(place: Path) -> dict[str, Any]:
    """The notes of a folder; none where they can't be read: then everything is made again."""
    try:
        notes = json.loads(read_given_text(place, _MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return notes if isinstance(notes, dict) else {}
