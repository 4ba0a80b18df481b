"""A whole text, spoken, on disk beside the file that it becomes, so that it can go on after it was interrupted.

    book.wav.unfinished/
        audio.f32         the samples, float32, one channel
        takes.jsonl       a line that says what it is of; then one for each take that is in `audio.f32` to its end

A take is written to the audio first and to the list then: what the list does not have is cut off and said again. So
the samples are the same, wherever the work was stopped.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import OutputError
from vocolab.files.atomic import output_error, whole_file
from vocolab.signals import BLOCK_SAMPLES
from vocolab.speaking.voices import Take
from vocolab.speech.spoken import PhonemeTime, WordTime

_SAMPLE_BYTES = 4


def unfinished_place(output: Path) -> Path:
    """The folder for what becomes `output`."""
    return output.with_name(f"{output.name}.unfinished")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """While it lasts no other process of this machine speaks into the folder, which is made where there is none.

    The lock is the system's and ends with the process. Where there are none, nothing is locked.

    Raises:
        OutputError: if another process holds it, or the folder can't be made.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise output_error(folder, error) from error
    if sys.platform == "win32":
        yield
        return
    import fcntl

    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise OutputError("another call speaks into it; wait for its end, or name another output",
                                  about=folder) from None
        yield
    finally:
        os.close(opened)


class Unfinished:
    """What has been spoken so far; a signal of one channel.

    Args:
        folder: Where it is kept; made where there is none.
        made_of: All that decides the samples, in types that JSON knows.
        sample_rate: In Hz.
        resume: Go on with what is there, if it is of the same; else begin anew.

    Raises:
        OutputError: if the folder can't be written to.
    """

    is_rendered = True
    """Who masters it does not look for its faults in a recording."""

    channels = 1

    def __init__(self, folder: Path, made_of: dict[str, Any], sample_rate: int, *, resume: bool) -> None:
        self.folder, self.sample_rate = folder, sample_rate
        self._audio, self._list = folder / "audio.f32", folder / "takes.jsonl"
        self._header = json.dumps({"made_of": made_of, "sample_rate": sample_rate}, sort_keys=True)
        self.tails_s: list[float] = []
        """For each take that is there how much silence it ends with, in seconds."""
        self.n_samples = 0
        try:
            folder.mkdir(exist_ok=True)
            found = self._found()
            self.is_others = bool(found) and found[0] != self._header
            """Whether something else lay there."""
            kept = found[1:] if resume and found and not self.is_others else []
            self._restore(kept)
        except OSError as error:
            raise output_error(folder, error) from error

    def add(self, takes: Iterable[Take], told: Callable[[Take], None]) -> None:
        """Say takes and keep them; `told` is called after each.

        Raises:
            OutputError: if the disk is full.
        """
        with self._audio.open("ab", buffering=0) as audio, self._list.open("ab", buffering=0) as lines:
            for take in takes:
                samples = take.samples()
                try:
                    _append(audio, samples.astype("<f4").tobytes())
                    _append(lines, _line(take, self.n_samples + samples.size))
                except OSError as error:
                    raise output_error(self.folder, error) from error
                self.n_samples += samples.size
                self.tails_s.append(take.tail_s)
                told(take)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (1, at most `block_samples`)."""
        with self._audio.open("rb") as audio:
            left = self.n_samples
            while left and (data := audio.read(min(block_samples, left) * _SAMPLE_BYTES)):
                block = np.frombuffer(data, "<f4").astype(np.float32)
                left -= block.size
                yield block[None]

    def times(self) -> tuple[list[WordTime], list[PhonemeTime]]:
        """When each word and phoneme is said, in seconds from the start."""
        words: list[WordTime] = []
        phonemes: list[PhonemeTime] = []
        start = 0
        for line in self._found()[1:]:
            take = json.loads(line)
            by_s, before = start / self.sample_rate, len(words)
            words += [WordTime(**word).later(by_s) for word in take["words"]]
            phonemes += [PhonemeTime(**phoneme).later(by_s, before) for phoneme in take["phonemes"]]
            start = take["end"]
        return words, phonemes

    def remove(self) -> None:
        """Take it all away."""
        for file in (self._audio, self._list):
            file.unlink(missing_ok=True)
        with suppress(OSError):  # somebody put something into it
            self.folder.rmdir()

    def _found(self) -> list[str]:
        """The whole lines of the list; the last may have been cut short."""
        if not self._list.exists():
            return []
        text = self._list.read_text(encoding="utf-8", errors="replace")
        return text.split("\n")[:-1]

    def _restore(self, lines: list[str]) -> None:
        """Keep the takes of which all is there, and nothing else."""
        there = self._audio.stat().st_size // _SAMPLE_BYTES if self._audio.exists() else 0
        kept = []
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):
                take = json.loads(line)
                if take["end"] <= there:
                    kept.append(line)
                    self.n_samples = take["end"]
                    self.tails_s.append(take["tail_s"])
                    continue
            break
        with whole_file(self._list) as temporary:
            temporary.write_text("\n".join([self._header, *kept]) + "\n", encoding="utf-8")
        with self._audio.open("ab") as audio:
            os.truncate(audio.fileno(), self.n_samples * _SAMPLE_BYTES)


def _append(file: FileIO, data: bytes) -> None:
    """All of it: a file that is about to fill a disk takes a part first."""
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]


def _line(take: Take, end: int) -> bytes:
    facts = {"end": end, "tail_s": take.tail_s, "words": [asdict(word) for word in take.words],
             "phonemes": [asdict(phoneme) for phoneme in take.phonemes]}  # fmt: skip
    return f"{json.dumps(facts)}\n".encode()
