"""What is done with one recording, and whether it has been done."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vocolab.corpora.examining import Shape, examine
from vocolab.corpora.findings import Limits, judge
from vocolab.corpora.matching import Source
from vocolab.corpora.prepared import PreparedFolder, Record
from vocolab.errors import AudioError


@dataclass(frozen=True)
class ClipWork:
    """What is done with one recording."""

    folder: PreparedFolder
    shape: Shape
    limits: Limits

    def stamp(self, entry: Source) -> str:
        """Changes with the file and with what its clip is brought to."""
        shape = f"{self.shape.sample_rate} Hz, trim {self.shape.trim_db} dB, keep {self.shape.keep_ms} ms"
        try:
            status = entry.path.stat()
        except OSError:
            return f"{entry.path} can't be looked at; {shape}"
        return f"{entry.path.parent.name}/{entry.path.name} {status.st_size} {status.st_mtime_ns}; {shape}"

    def is_done(self, entry: Source, record: Record | None) -> bool:
        """Whether a run before did this, and its clip is still there where it is wanted."""
        if record is None or record.stamp != self.stamp(entry):
            return False
        if record.figures is None or self._is_left_out(record):
            return True
        clip = self.folder.clip(record.name)
        is_there = clip.is_file() and not clip.is_symlink()
        return record.stored_bytes > 0 and is_there and clip.stat().st_size == record.stored_bytes

    def __call__(self, entry: Source) -> Record:
        """Read the recording, and store its clip unless something leaves it out."""
        name = entry.line.name
        stamp = self.stamp(entry)
        try:
            clip, figures = examine(entry.path, self.shape)
        except AudioError as error:
            return Record(name, stamp, problem=str(error))
        record = Record(name, stamp, figures)
        if self._is_left_out(record):
            return record
        from vocolab.files.formats import Form
        from vocolab.files.writer import write_audio

        path = self.folder.clip(name)
        if path.is_symlink():  # a folder of somebody's: what the link leads to would be replaced
            path.unlink()
        written = write_audio(clip, path, Form(bit_depth=16))
        stored = replace(figures, limited_samples=written.clipped_samples)
        return replace(record, figures=stored, stored_bytes=path.stat().st_size)

    def _is_left_out(self, record: Record) -> bool:
        assert record.figures is not None
        found = judge(record.name, record.figures, self.limits, self.shape.sample_rate)
        return any(finding.left_out for finding in found)
