"""Files that something else rendered, by the names of the clips that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vocolab.corpora.folder import index_audio
from vocolab.errors import CorpusError


@dataclass(frozen=True)
class RenderedFiles:
    """A folder of NAME.wav or NAME.flac, or with either in one of the folders that a corpus may have."""

    folder: Path

    @property
    def label(self) -> str:
        """What tables call it."""
        return self.folder.resolve().name

    def of(self, name: str) -> Path:
        """The file of a clip that `check` found."""
        return index_audio(self.folder)[name][0]

    def check(self, names: Sequence[str]) -> None:
        """See that there is a file for every clip.

        Raises:
            CorpusError: if not; it names some that are missing.
        """
        if not self.folder.is_dir():
            raise CorpusError("no such folder; it takes one with NAME.wav or NAME.flac for each clip",
                              about=self.folder)
        found = index_audio(self.folder)
        missing = [name for name in names if name not in found]
        if missing:
            raise CorpusError(f"no .wav or .flac for {len(missing)} of {len(names)} clips: {', '.join(missing[:3])}"
                              f"{' ...' if len(missing) > 3 else ''}", about=self.folder)
