"""Listening to a file for `vocolab inspect`: one walk for the meter, the detectors and the picture."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vocolab.cli.session import Session
    from vocolab.diagnosis import Diagnosis, Listening
    from vocolab.files.reader import AudioFile
    from vocolab.loudness import Loudness


def listened(session: Session, file: AudioFile, picture: Path | None) -> tuple[Loudness, Diagnosis]:
    """What the meter read and what the detectors found, with a bar that shows how far it is.

    Args:
        session: Who asked.
        file: The recording.
        picture: Where to draw it, None for no picture.

    Raises:
        AudioError: if the file can't be read to its end.
        CallError, DependencyMissing, OutputError: as `draw_diagnosis`; what can be known is said before the walk.
    """
    from vocolab.delivery.watching import Watched
    from vocolab.diagnosis import Listening
    from vocolab.loudness import measure
    from vocolab.pictures.figures import check_picture

    if picture is not None:
        check_picture(picture)
    progress = session.progress(1)
    try:
        listening = Listening(Watched(file, partial(progress.reach, 0)), session.catalog)
        if picture is None:
            loudness, diagnosis = measure(listening), listening.diagnosis()
        else:
            loudness, diagnosis = _drawn(listening, file, picture)
    finally:
        progress.close()
    for note in diagnosis.notes:
        session.say(note)
    if picture is not None:
        session.say(f"{file.path} -> {picture}")
    session.warn_of_broken_plugins()
    return loudness, diagnosis


def _drawn(listening: Listening, file: AudioFile, picture: Path) -> tuple[Loudness, Diagnosis]:
    from vocolab.loudness.spectrogram import Spectrogram
    from vocolab.pictures.diagnosis import draw_diagnosis
    from vocolab.pictures.loudness import walk_through

    spectrogram = Spectrogram(file.sample_rate, file.channels, file.n_samples)
    walk = walk_through(listening, spectrogram)
    diagnosis = listening.diagnosis()
    draw_diagnosis(walk, spectrogram, diagnosis.findings, picture, file.path.name)
    return walk.loudness, diagnosis
