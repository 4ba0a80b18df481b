"""Which aligner, and what reads texts in its language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vocolab.alignment.interfaces import KIND, Aligner
from vocolab.errors import CallError, NoVoice

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.texts.speaking import Speaker


def open_aligner(catalog: Catalog, name: str | None = None) -> tuple[Aligner, Speaker]:
    """A trained aligner, by name or file, or the best that is installed; and what reads texts for it.

    Raises:
        NoVoice: if none is named and none is installed.
        CallError: if what is named is a voice for something else.
    """
    from vocolab.texts.opening import open_speaker

    if name is None:
        best = catalog.voices.best(KIND)
        if best is None:
            raise NoVoice("no trained aligner is installed; give one with --aligner")
        name = best.qualified
    voice = catalog.voices.load(name)
    if voice.kind != KIND:
        raise CallError(f"--aligner {name}: is a voice for {voice.model}, a {voice.kind}; give a trained aligner")
    aligner: Aligner = catalog.models.create(voice.model, None, voice)
    return aligner, open_speaker(catalog, aligner.language)
