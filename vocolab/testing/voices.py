"""The contract for authors of voices."""

from __future__ import annotations

from importlib.resources import as_file
from pathlib import Path
from typing import ClassVar

from vocolab.plugins.specs import VoiceSource
from vocolab.voice import Voice

STATED = ("licence", "license")
"""Where a voice's provenance says under which licence it is; either spelling."""


class VoiceContract:
    """Set `source`."""

    source: ClassVar[VoiceSource]

    def loaded(self) -> Voice:
        """The voice under test, its checksum verified."""
        assert self.source.file.is_file(), f"there is no file {self.source.file}: ship it as package data"
        with as_file(self.source.file) as path:
            return Voice.load(Path(path))

    def test_the_file_is_whole(self) -> None:
        """It can be read, and its checksum holds."""
        self.loaded()

    def test_it_is_of_the_model_that_it_is_listed_for(self) -> None:
        """The file says the same as the source."""
        found, said = self.loaded().model, self.source.model
        assert found == said, f"the file is for {found!r}, the source says {said!r}"

    def test_it_says_what_it_was_trained_on_and_its_licence(self) -> None:
        """People have to know what they may do with it."""
        provenance = self.loaded().provenance
        assert any(provenance.get(name) for name in STATED), (
            "its provenance names no licence: 'vocolab voices pack --license' writes one into it"
        )
