"""Clips to learn from: recordings with the symbols that are heard in them, and for how long each.

A corpus is a folder in LJ Speech's layout with a file `symbols.jsonl`, or several `symbols-*.jsonl`, one line a clip:

    {"name": "LJ001-0002", "speaker": "lj", "symbols": ["<s>", "IH0", "N", ...], "seconds": [0.06, 0.05, 0.05, ...]}

and `speech.json`: the symbol set's name, and words that are read with another stress, see `reading`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vocolab.alignment.clips import LAYOUT, TimedClip
from vocolab.alignment.clips import read_clips as timed_clips
from vocolab.corpora.examining import Shape, examine
from vocolab.corpora.folder import index_audio
from vocolab.errors import CorpusError
from vocolab.given_files import read_given_text
from vocolab.mels.extract import extract
from vocolab.mels.spec import MelSpec
from vocolab.pitch import track
from vocolab_fastspeech2.kept_features import keep_features, kept_features
from vocolab_fastspeech2.reading import WordStress


@dataclass(frozen=True)
class SpokenClip:
    """A recording, and when its symbols are heard."""

    name: str
    path: Path
    speaker: str
    symbols: tuple[str, ...]
    seconds: tuple[float, ...]

    def frames(self, spec: MelSpec) -> int:
        """About how many frames it has."""
        return int(sum(self.seconds) * spec.sample_rate) // spec.hop_samples


class Features(NamedTuple):
    """A clip as a network sees it."""

    mel: NDArray[np.float16]
    """(frames, n_mels)."""
    f0_hz: NDArray[np.float32]
    """(frames,), 0 where unvoiced."""
    durations: NDArray[np.int64]
    """(symbols,): whole frames, which add up to those of the mel."""


class SpokenCorpus(NamedTuple):
    """What a folder holds."""

    clips: list[SpokenClip]
    symbols: str
    """The name of the symbol set."""
    language: str
    stress: WordStress


def read_clips(folder: Path) -> SpokenCorpus:
    """The clips of a folder.

    Raises:
        CorpusError: if a file is missing, or a line is none or has a name that leads elsewhere.
    """
    layout, files = _layout(folder / LAYOUT), index_audio(folder)
    lists = sorted(folder.glob("symbols*.jsonl"))
    clips = [_spoken(clip, folder, files) for path in lists for clip in timed_clips(path)]
    if not clips:
        raise CorpusError("no file symbols*.jsonl in it names a clip", about=folder)
    stress = WordStress(layout.everywhere, layout.inside)
    return SpokenCorpus(clips, layout.symbols, layout.language, stress)


class _Layout(NamedTuple):
    """What `speech.json` says."""

    symbols: str
    language: str
    everywhere: Mapping[str, str]
    inside: Mapping[str, str]


def _layout(path: Path) -> _Layout:
    try:
        said = json.loads(read_given_text(path))
        stress = said.get("word_stress", {})
        layout = _Layout(said["symbols"], said.get("language", ""), stress.get("everywhere", {}),
                         stress.get("inside", {}))
        texts = [layout.symbols, layout.language, *layout.everywhere.values(), *layout.inside.values()]
    except FileNotFoundError as error:
        raise CorpusError(f"has no {LAYOUT}: no durations of symbols to learn from; an aligner writes them, or a "
                          "speaker that knows them", about=path.parent) from error
    except OSError as error:
        raise CorpusError(f"can't be read: {error.strerror or error}", about=path) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CorpusError(f"is no table with the name of a symbol set: {error!r:.80}", about=path) from error
    if not all(isinstance(text, str) for text in texts):
        raise CorpusError("names of symbols, of the language and of stresses are texts", about=path)
    return layout


def _spoken(clip: TimedClip, folder: Path, files: Mapping[str, Sequence[Path]]) -> SpokenClip:
    path = files[clip.name][0] if clip.name in files else folder / "wavs" / f"{clip.name}.wav"
    return SpokenClip(clip.name, path, clip.speaker, clip.symbols, clip.seconds)


def features_of(clip: SpokenClip, spec: MelSpec, cache: Path | None = None) -> Features:
    """What a network learns from; kept in the folder `cache`, where one is given.

    Raises:
        CorpusError: if the durations are not those of the recording.
        AudioError: if that can't be read, or lasts longer than ten minutes.
    """
    kept = None if cache is None else cache / f"{clip.name}.npz"
    found = None if kept is None else kept_features(kept, spec.n_mels)
    if found is None:
        audio = examine(clip.path, Shape(spec.sample_rate, None, 0.0))[0]
        mel = extract(audio, spec).values.T.astype(np.float16)
        f0_hz = track(audio.samples, spec.sample_rate, spec.hop_samples)[0].astype(np.float32)
        if kept is not None:
            keep_features(kept, mel, f0_hz)
    else:
        mel, f0_hz = found
    n_frames = min(len(mel), len(f0_hz))
    return Features(mel[:n_frames], f0_hz[:n_frames], whole_frames(clip, spec, n_frames))


def whole_frames(clip: SpokenClip, spec: MelSpec, n_frames: int) -> NDArray[np.int64]:
    """Durations in frames: the running end is rounded, so that errors never add up.

    Raises:
        CorpusError: if they end more than 50 ms before or after the recording.
    """
    rate = spec.sample_rate / spec.hop_samples
    ends_s = np.cumsum(clip.seconds)
    if abs(ends_s[-1] - n_frames / rate) > 0.05:
        raise CorpusError(f"its symbols end at {ends_s[-1]:.2f} s and its recording at {n_frames / rate:.2f} s",
                          about=clip.path)
    ends = np.minimum(np.rint(ends_s * rate).astype(np.int64), n_frames)
    ends[-1] = n_frames
    return np.diff(ends, prepend=0)


def energies_db(mel: NDArray[np.float32], durations: NDArray[np.int64]) -> NDArray[np.float32]:
    """The mean level of each symbol in dB, (symbols,), from a mel (frames, n_mels) of natural logarithms.

    The level of a frame is that of the mean of its squared magnitudes; a symbol without frames has its neighbours'.
    """
    levels = 10 * np.log10(np.exp(2 * mel.astype(np.float64)).mean(axis=1))
    ends = np.cumsum(durations)
    sums = np.concatenate([[0.0], np.cumsum(levels)])
    means = (sums[ends] - sums[ends - durations]) / np.maximum(durations, 1)
    empty = np.minimum(ends, len(levels) - 1)
    return np.where(durations > 0, means, levels[empty]).astype(np.float32)
