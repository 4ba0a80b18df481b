"""A prepared corpus on disk. It is laid out as a raw one, so that everything that reads folders reads it.

    FEATURES/corpus.json       format, mel convention, rate, seed; written last: without it the folder is not finished
    FEATURES/metadata.csv      name|text|seconds, or name|text|normalised text|seconds
    FEATURES/validation.txt    the held-out names
    FEATURES/flac/NAME.flac    16 bit, mono, trimmed, all at one rate
    FEATURES/report.json       what was found, clip by clip
    FEATURES/clips.jsonl       what was done to which file: the next run does the rest

The audio is stored and the mels are not: training draws its segments at random places, levels and rates, of which no
stored mel is the mel, and extracting one costs less than a step.

Each file appears whole or not at all. `clips.jsonl` alone grows, line by line, each written once its clip is in
place; a line that was cut off counts for nothing, and its clip is done again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vocolab.corpora.findings import Figures, as_figures
from vocolab.corpora.folder import METADATA, MOST_LIST_BYTES, VALIDATION, name_problem
from vocolab.errors import CallError, CorpusError, OptionError
from vocolab.files.atomic import output_error, whole_file
from vocolab.files.json_text import json_text
from vocolab.files.leftovers import remove_leftovers
from vocolab.files.own_files import append, open_own
from vocolab.given_files import read_given, read_given_text
from vocolab.mels.spec import MelSpec

FORMAT = 1
_STATE = "corpus.json"
_JOURNAL = "clips.jsonl"
AUDIO = "flac"


@dataclass(frozen=True)
class Record:
    """What was done to one file."""

    name: str
    stamp: str
    """The file's place, size and time of change, and what the clip was brought to."""
    figures: Figures | None = None
    problem: str = ""
    """Why the file could not be read, instead of figures."""
    stored_bytes: int = 0
    """Size of the clip; 0 where none was written."""

    def to_line(self) -> str:
        """One line of JSON."""
        return json_text(asdict(self))

    @classmethod
    def from_line(cls, line: str) -> Record | None:
        """The reverse; None if the line was cut off, is of another version, or has a name that no clip can have."""
        try:
            values = json.loads(line)
            figures = values.pop("figures")
            figures = None if figures is None else as_figures(figures)
            record = cls(**values, figures=figures)
            if [type(value) for value in (record.stamp, record.problem, record.stored_bytes)] != [str, str, int]:
                return None
            return None if name_problem(record.name) else record  # clips are removed by it: it must not lead elsewhere
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None


@dataclass(frozen=True)
class PreparedFolder:
    """Reads and writes one prepared corpus."""

    root: Path

    def clip(self, name: str) -> Path:
        """Where a clip is."""
        return self.root / AUDIO / f"{name}.flac"

    def open(self, source: Path) -> None:
        """Make the folder, or check that what is there is a prepared corpus.

        Raises:
            CallError: if it is the source itself, or holds something else, or its clips are elsewhere.
            OutputError: if it can't be made.
        """
        if os.path.realpath(self.root) == os.path.realpath(source):
            raise CallError("is the folder to prepare; name another one with -o", about=self.root)
        if not (self._is_vacant() or (self.root / _JOURNAL).is_file()):
            raise CallError("holds something that 'vocolab data prepare' did not make; name an empty "
                            "folder, or a new one", about=self.root)
        if (self.root / AUDIO).is_symlink():  # clips are written and removed there
            raise CallError("is a link and may lead to files of others; put a folder in its place",
                            about=self.root / AUDIO)
        try:
            (self.root / AUDIO).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise output_error(self.root, error) from error

    def _is_vacant(self) -> bool:
        """Whether nothing is there but what a run that was stopped before its journal has left."""
        if not self.root.is_dir():
            return not self.root.exists()
        remove_leftovers(self.root)
        audio = self.root / AUDIO
        return all(path == audio and not path.is_symlink() and path.is_dir() and not any(path.iterdir())
                   for path in self.root.iterdir())

    def records(self) -> dict[str, Record]:
        """What is known from runs before, by name; the last line of a name counts.

        Raises:
            CorpusError: if the journal can't be read.
        """
        path = self.root / _JOURNAL
        if not path.is_file():
            return {}
        try:
            lines = read_given(path, MOST_LIST_BYTES).decode("utf-8", "replace").split("\n")
        except OSError as error:
            raise CorpusError(f"can't be read: {error.strerror or error}", about=path) from error
        found = [record for line in lines if line and (record := Record.from_line(line))]
        return {record.name: record for record in found}

    def write_records(self, records: Iterable[Record]) -> None:
        """Replace the journal."""
        self._write(_JOURNAL, "".join(f"{record.to_line()}\n" for record in records))

    def append_record(self, record: Record) -> None:
        """Add a line to the journal.

        Raises:
            OutputError: if the disk is full.
        """
        path = self.root / _JOURNAL
        try:
            with open_own(path) as journal:
                append(journal, f"{record.to_line()}\n".encode())
        except OSError as error:
            raise output_error(path, error) from error

    def begin(self) -> None:
        """From here on the folder counts as unfinished, until `finish`."""
        (self.root / _STATE).unlink(missing_ok=True)

    def write_report(self, report: dict[str, Any]) -> None:
        """Replace the report."""
        self._write("report.json", json_text(report, indent=1) + "\n")

    def finish(self, metadata: str, validation: str, state: dict[str, Any]) -> None:
        """Write what the clips are, and that the folder is finished."""
        self._write(METADATA, metadata)
        self._write(VALIDATION, validation)
        self._write(_STATE, json.dumps({"format": FORMAT, **state}, indent=1) + "\n")

    def _write(self, name: str, text: str) -> None:
        with whole_file(self.root / name, follow=False) as temporary:
            temporary.write_text(text, encoding="utf-8")


@dataclass(frozen=True)
class PreparedState:
    """What a finished folder says of itself."""

    sample_rate: int
    mel_spec: MelSpec


def prepared_state(folder: Path) -> PreparedState | None:
    """What `folder` was prepared for; None for a folder of raw recordings.

    Raises:
        CorpusError: if its preparation was not finished, or was made by another version.
    """
    if not (folder / _JOURNAL).is_file():
        return None
    path = folder / _STATE
    try:
        document = json.loads(read_given_text(path))
        if document["format"] != FORMAT:
            raise CorpusError(f"format {document['format']}; this vocolab reads format {FORMAT}", about=path)
        return PreparedState(int(document["sample_rate_hz"]), MelSpec.from_dict(document["mel_spec"]))
    except FileNotFoundError as error:
        raise CorpusError("its preparation was not finished; run the same 'vocolab data prepare' again, it "
                          "goes on", about=folder) from error
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError, OptionError) as error:
        raise CorpusError(f"can't be read: {error}; prepare the corpus again", about=path) from error
