"""Lets detectors hear a recording while somebody walks through it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.catalog import Catalog
from vocolab.diagnosis.advice import advise
from vocolab.diagnosis.diagnosis import Diagnosis
from vocolab.errors import VocolabError
from vocolab.findings import Finding
from vocolab.interfaces import Detector
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal


class Listening(DerivedSignal):
    """A signal that all installed detectors hear while it is walked through, which is to be done once.

    A detector that fails costs only itself; `Diagnosis.notes` say why.

    Args:
        signal: The recording.
        catalog: Whose detectors listen.
    """

    def __init__(self, signal: Signal, catalog: Catalog) -> None:
        super().__init__(signal)
        self._catalog = catalog
        self._notes: list[str] = []
        self._detectors: dict[str, Detector] = {}
        for name in (entry.qualified for entry in catalog.detectors.entries()):
            try:
                self._detectors[name] = catalog.detectors.create(name, signal.sample_rate, signal.channels)
            except VocolabError as error:
                self._drop(name, error)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """The signal's own blocks."""
        for block in self.source.blocks(block_samples):
            if block.shape[1]:
                self._hear(block)
            yield block

    def diagnosis(self) -> Diagnosis:
        """What was found. The recording ends here."""
        found: list[Finding] = []
        for name, detector in list(self._detectors.items()):
            try:
                found.extend(detector.findings())
            except VocolabError as error:
                self._drop(name, error)
        return Diagnosis(tuple(found), advise(found, self._catalog), tuple(self._notes), _file_of(self.source))

    def _hear(self, block: NDArray[np.float32]) -> None:
        for name, detector in list(self._detectors.items()):
            try:
                detector.accept(block)
            except VocolabError as error:
                self._drop(name, error)

    def _drop(self, name: str, error: VocolabError) -> None:
        self._detectors.pop(name, None)
        self._notes.append(f"{name} was not looked for: {error}")


def diagnose(signal: Signal, catalog: Catalog) -> Diagnosis:
    """What is wrong with a recording, from one walk through it.

    Raises:
        AudioError: if the signal can't be read to its end.
    """
    listening = Listening(signal, catalog)
    for _ in listening.blocks():
        pass
    return listening.diagnosis()


def _file_of(signal: Signal | None) -> str:
    """The path of the file that a signal reads, however many look on; empty where there is none."""
    while signal is not None:
        if path := getattr(signal, "path", None):
            return str(path)
        signal = getattr(signal, "source", None)
    return ""
