"""Asks the judges, who live in a process of their own."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from vocolab.audio import Audio
from vocolab.bench.judges.environment import judges_python
from vocolab.errors import AudioError, PluginError

WORKER = Path(__file__).with_name("worker.py")
RATE_HZ = 16_000


class Judges:
    """The judges' process, begun with the first question; a context manager that ends it.

        with Judges() as judges:
            judges.distillmos(audio)

    Audio of any rate is averaged to one channel and resampled to 16 kHz, as all of the judges take it.

    Raises:
        DependencyMissing: if their environment is not built.
    """

    def __init__(self) -> None:
        self._command = [str(judges_python()), str(WORKER)]
        self._process: subprocess.Popen[str] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="vocolab-judges-")

    def __enter__(self) -> Judges:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
                 ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            assert self._process.stdin is not None and self._process.stdout is not None
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.wait()
            self._process = None
        self._folder.cleanup()

    def distillmos(self, audio: Audio) -> float:
        """The mean opinion of listeners that DistillMOS predicts, 1 to 5; it knows no recording.

        Raises:
            AudioError: if the clip is shorter than half a second, or silent.
        """
        return float(self._ask(ask="distillmos", files=[self._file(audio, "judged")]))

    def speaker_similarity(self, recorded: Audio, rendered: Audio) -> float:
        """Cosine of the two clips' speaker embeddings (GE2E, Resemblyzer), up to 1.

        Raises:
            AudioError: as `distillmos`.
        """
        files = [self._file(recorded, "recorded"), self._file(rendered, "rendered")]
        return float(self._ask(ask="speaker_similarity", files=files))

    def transcript(self, audio: Audio, language: str, model: str = "base") -> str:
        """What Whisper hears.

        Args:
            audio: Speech.
            language: Its code, as "en".
            model: "base" or "tiny.en".

        Raises:
            AudioError: as `distillmos`.
        """
        return str(self._ask(ask="transcript", files=[self._file(audio, "heard")], language=language, model=model))

    def _file(self, audio: Audio, name: str) -> str:
        mono = audio.mono_at(RATE_HZ)
        if not np.any(mono.samples):
            raise AudioError("no judge has an opinion of silence")
        path = Path(self._folder.name) / f"{name}.wav"
        mono.save(path, bit_depth=32)
        return str(path)

    def _ask(self, **question: Any) -> Any:
        process = self._process or self._begin()
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise PluginError(f"the judges ended without an answer (exit status {process.wait()}); ask them by hand: "
                              f"{' '.join(self._command)} FILE.wav")
        answer = json.loads(line)
        if "error" in answer:
            raise AudioError(f"{question['ask']}: {answer['error']}")
        return answer["answer"]

    def _begin(self) -> subprocess.Popen[str]:
        # A file takes what the packages print: a pipe that nobody reads would fill up.
        with open(Path(self._folder.name) / "log.txt", "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                             text=True, encoding="utf-8")
        return self._process
