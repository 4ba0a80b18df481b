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
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import OutputError
from vocolab.files.atomic import output_error, whole_file
from vocolab.files.own_files import append, open_own
from vocolab.given_files import read_given
from vocolab.signals import BLOCK_SAMPLES
from vocolab.speaking.take_lines import KeptTake, read_take, take_line
from vocolab.speaking.voices import Take
from vocolab.speech.spoken import PhonemeTime, WordTime

_SAMPLE_BYTES = 4
_MOST_LIST_BYTES = 256_000_000
"""Of the list of takes: some thousand hours."""


def unfinished_place(output: Path) -> Path:
    """The folder for what becomes `output`."""
    return output.with_name(f"{output.name}.unfinished")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """While it lasts no other process of this machine speaks into the folder, which is made where there is none.

    The lock is the system's and ends with the process. Where there are none, nothing is locked.

    Raises:
        OutputError: if another process holds it, it is a link, or the folder can't be made.
    """
    try:
        if folder.is_symlink():  # files are cut off, replaced and removed in it
            raise OutputError("is a link and may lead to files of others; remove it", about=folder)
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
        self.made_in_s = 0.0
        """How long it took to say what was added since."""
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
        started = time.monotonic()
        with self._opened(self._audio) as audio, self._opened(self._list) as lines:
            for take in takes:
                samples = take.samples()
                try:
                    append(audio, samples.astype("<f4").tobytes())
                    append(lines, _line(take, self.n_samples + samples.size))
                except OSError as error:
                    raise output_error(self.folder, error) from error
                self.n_samples += samples.size
                self.tails_s.append(take.tail_s)
                told(take)
        self.made_in_s += time.monotonic() - started

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
            take = read_take(line)
            by_s, before = start / self.sample_rate, len(words)
            words += [word.later(by_s) for word in take.words]
            phonemes += [phoneme.later(by_s, before) for phoneme in take.phonemes]
            start = take.end
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
        text = read_given(self._list, _MOST_LIST_BYTES).decode("utf-8", "replace")
        return text.split("\n")[:-1]

    @contextmanager
    def _opened(self, file: Path) -> Iterator[FileIO]:
        try:
            opened = open_own(file)
        except OSError as error:
            raise output_error(file, error) from error
        with opened:
            yield opened

    def _restore(self, lines: list[str]) -> None:
        """Keep the takes of which all is there, and nothing else."""
        there = self._audio.stat().st_size // _SAMPLE_BYTES if self._audio.exists() else 0
        kept = []
        for line in lines:
            try:
                take = read_take(line)
            except ValueError:
                break
            if not self.n_samples <= take.end <= there:
                break
            kept.append(line)
            self.n_samples = take.end
            self.tails_s.append(take.tail_s)
        with self._opened(self._audio) as audio:  # refused before the list is touched, where it is somebody's
            with whole_file(self._list, follow=False) as temporary:
                temporary.write_text("\n".join([self._header, *kept]) + "\n", encoding="utf-8")
            os.truncate(audio.fileno(), self.n_samples * _SAMPLE_BYTES)


def _line(take: Take, end: int) -> bytes:
    return f"{take_line(KeptTake(end, take.tail_s, list(take.words), list(take.phonemes)))}\n".encode()
