"""A corpus in memory: the clips to train on, and those that are for validation.

It is read from a folder of recordings as `vocolab.corpora.folder` draws it, or from what `vocolab data prepare` made
of one. Where a raw folder has no `validation.txt`, clips are held out by the rule of `data prepare`, with its usual
seed: the same ones in every run, whatever the recipe's seed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vocolab.corpora.folder import VALIDATION, read_listing, read_validation
from vocolab.corpora.matching import match_lines
from vocolab.corpora.names import NameIndex
from vocolab.corpora.prepared import prepared_state
from vocolab.corpora.splitting import hold_out
from vocolab.errors import AudioError, CorpusError

_SHORTEST_S = 0.2


@dataclass(frozen=True, eq=False)
class Clip:
    """One recording, kept as 16 bit: an hour at 48 kHz takes 350 MB."""

    name: str
    samples: NDArray[np.int16]
    sample_rate: int
    channels: int = 1
    """Of the recording; they were averaged to one."""
    text: str = ""
    """What is said in it, numbers in words where the metadata has that; empty if nobody wrote it down."""

    @classmethod
    def of(
        cls, name: str, mono: NDArray[np.float32], sample_rate: int, channels: int = 1, text: str = ""
    ) -> Clip:
        """A clip of float samples, rounded to 16 bit and limited to full scale."""
        samples = np.clip(np.rint(mono * 32768), -32768, 32767).astype(np.int16)
        return cls(name, samples, sample_rate, channels, text)

    def cut(self, start: int, n_samples: int) -> NDArray[np.float32]:
        """`n_samples` from `start` on; outside of the recording there is silence."""
        piece = np.zeros(n_samples, dtype=np.float32)
        first, last = max(start, 0), min(start + n_samples, self.samples.size)
        if last > first:
            piece[first - start : last - start] = self.samples[first:last] / np.float32(32768)
        return piece


@dataclass(frozen=True, eq=False)
class Corpus:
    """The clips of a folder, apart by purpose, and what was left out."""

    train: list[Clip]
    validation: list[Clip]
    skipped: list[str]

    @property
    def train_seconds(self) -> float:
        """Seconds of speech to train on."""
        return sum(clip.samples.size / clip.sample_rate for clip in self.train)


def read_corpus(
    folder: Path, report: Callable[[str], None] = lambda line: None, *, sample_rate: int | None = None,
    slowest: float = 1.0,
) -> Corpus:
    """All clips of `folder` in memory. A clip that can't be used is left out and named in `skipped`.

    Args:
        folder: Raw or prepared.
        report: Called with a line for everything that is left out, and for what else is worth knowing.
        sample_rate: What will be trained at, in Hz; a corpus that was prepared for a lower rate is refused.
        slowest: The lowest playback rate of segments, at most 1.

    Raises:
        CorpusError: if the folder is not there or has neither metadata nor recordings, or no clip to train on or to
            validate with; if its preparation was not finished, or was for a lower rate.
    """
    _check_rate(folder, sample_rate)
    listing = read_listing(folder)
    listed = read_validation(folder)
    sources, findings = match_lines(folder, listing.lines)
    # What the metadata does not name may be anything: it is nobody's clip, and none that is missed.
    skipped = [f"{found.name}: {found.text}" for found in findings if found.left_out and found.kind != "no-line"]
    clips: dict[str, Clip] = {}
    for source in sources:
        name = source.line.name
        try:
            clips[name] = _read_clip(name, source.path, source.line.spoken)
        except AudioError as error:
            skipped.append(f"{name}: {error}")
    for line in (*(f"{folder}: {text}" for text in listing.assumed), *(f"left out {one}" for one in skipped)):
        report(line)
    texts = {source.line.name: source.line.spoken for source in sources if source.line.name in clips}
    held_out = _chosen(folder, texts, report) if listed is None else _named(clips, listed)
    train = [clip for name, clip in clips.items() if name not in held_out]
    validation = [clip for name, clip in clips.items() if name in held_out]
    if not train or not validation:
        missing = "train on" if not train else "validate with"
        counts = f"{len(listing.lines)} are named, {len(skipped)} can't be used"
        raise CorpusError(f"no clip to {missing}; {counts}", about=folder)
    for note in _notes(train, validation, sample_rate, slowest):
        report(note)
    return Corpus(train, validation, skipped)


def _check_rate(folder: Path, sample_rate: int | None) -> None:
    state = prepared_state(folder)
    if state is not None and sample_rate is not None and state.sample_rate < sample_rate:
        raise CorpusError(
            f"was prepared at {state.sample_rate} Hz and {sample_rate} Hz are needed; prepare the recordings "
            "again with the recipe's --mel-spec",
            about=folder,
        )


def _named(clips: Mapping[str, Clip], listed: Sequence[str]) -> set[str]:
    index = NameIndex(clips)
    return {found for name in listed if (found := index.find(name)) is not None}


def _chosen(folder: Path, texts: Mapping[str, str], report: Callable[[str], None]) -> set[str]:
    """Names to hold out where nobody named any."""
    if prepared_state(folder) is not None:  # its choice was made, by a seed that may have been another
        raise CorpusError("a prepared corpus needs this file and it is gone; run the same "
                          "'vocolab data prepare' again", about=folder / VALIDATION)
    if not texts:
        return set()
    try:
        names = hold_out(texts)
    except CorpusError as error:
        raise CorpusError(f"{error}; or name clips in {VALIDATION}, one a line", about=folder) from error
    report(f"{folder} has no {VALIDATION}: {len(names)} of {len(texts)} clips are held out, whole prompts, as 'vocolab "
           "data prepare' chooses them")
    return names


def _notes(
    train: Sequence[Clip], validation: Sequence[Clip], sample_rate: int | None, slowest: float
) -> Iterator[str]:
    """What is worth knowing about clips that are used."""
    clips = [*train, *validation]
    if mixed := sum(clip.channels > 1 for clip in clips):
        yield f"{mixed} of {len(clips)} clips mixed down to mono"
    if sample_rate is None:
        return
    rates = Counter(clip.sample_rate for clip in clips if clip.sample_rate < sample_rate)
    for rate, count in sorted(rates.items()):
        yield (f"{count} of {len(clips)} clips at {rate} Hz: empty above {rate / 2:g} Hz, below the convention's band, "
               f"which goes to {sample_rate / 2:g} Hz")
    wanted = math.ceil(sample_rate / slowest)
    short = [clip.sample_rate for clip in train if sample_rate <= clip.sample_rate < wanted]
    if short:
        yield (f"{len(short)} of {len(train)} clips to train on are at {min(short)} Hz: played as slowly as the "
               f"recipe's [data] rate allows ({slowest:g}), they are empty above {slowest * min(short) / 2:.0f} Hz of "
               f"{sample_rate / 2:g} Hz; recordings at {wanted} Hz and more, prepared with --sample-rate {wanted}, "
               "are not")


def _read_clip(name: str, path: Path, text: str) -> Clip:
    from vocolab.audio import Audio
    from vocolab.files.reader import open_audio

    file = open_audio(path)
    audio = Audio.mixed_down(file)
    mono = audio.samples[0]
    if audio.seconds < _SHORTEST_S:
        raise AudioError(f"{audio.seconds:.2f} s is too short; give clips of at least {_SHORTEST_S} s")
    if not np.any(mono):
        raise AudioError("digital silence")
    return Clip.of(name, mono, audio.sample_rate, file.channels, text)
