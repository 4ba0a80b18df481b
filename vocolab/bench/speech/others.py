"""Other people's systems, where they are installed: what ours are measured beside. None is needed to use vocolab."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vocolab.audio import Audio
from vocolab.errors import VocolabError


@dataclass(frozen=True)
class Program:
    """A program that writes a file."""

    name: str
    command: Sequence[str]
    """With {text} and {file}."""

    @property
    def is_installed(self) -> bool:
        """Whether it is on the path."""
        return shutil.which(self.command[0]) is not None

    def open(self) -> Callable[[str], Iterator[Audio]]:
        """What speaks a text; a program gives all of it at once.

        Raises:
            VocolabError: from the speaking, if the program fails.
        """
        return self._spoken

    def _spoken(self, text: str) -> Iterator[Audio]:
        with tempfile.TemporaryDirectory(prefix="vocolab-bench-") as folder:
            file = Path(folder) / "speech.wav"
            command = [part.format(text=text, file=file) if "{" in part else part for part in self.command]
            result = subprocess.run(command, capture_output=True, check=False)
            if result.returncode or not file.is_file():
                raise VocolabError(f"ended with {result.returncode}: {result.stderr.decode(errors='replace')[:200]}",
                                   about=self.name)
            yield Audio.load(file)


@dataclass(frozen=True)
class Package:
    """A Python package with a class that is called with a text."""

    name: str
    module: str
    speaker: str
    """The class; built without arguments."""
    rate: str = "SAMPLE_RATE"
    """What of the module holds its sample rate in Hz."""

    @property
    def is_installed(self) -> bool:
        """Whether it can be imported."""
        return importlib.util.find_spec(self.module) is not None

    def open(self) -> Callable[[str], Iterator[Audio]]:
        """What speaks a text, on one thread, with its own front end."""
        module = importlib.import_module(self.module)
        speaker: Any = getattr(module, self.speaker)()
        rate_hz = int(getattr(module, self.rate))

        def spoken(text: str) -> Iterator[Audio]:
            yield Audio.mono(np.asarray(speaker(text), np.float32).reshape(-1), rate_hz)

        return spoken


OTHERS: tuple[Program | Package, ...] = (
    Package("hibari-tts", "hibari", "Hibari"),
    Program("espeak-ng", ("espeak-ng", "-v", "en-us", "-w", "{file}", "--", "{text}")),
    Program("flite slt", ("flite", "-voice", "slt", "-t", "{text}", "-o", "{file}")),
)
"""All that are looked for."""
