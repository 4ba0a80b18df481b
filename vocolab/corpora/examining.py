"""One recording read, resampled, trimmed and measured."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.corpora.findings import Figures
from vocolab.corpora.trimming import noise_floor_dbfs, sounding_part
from vocolab.errors import AudioError

if TYPE_CHECKING:
    from vocolab.files.reader import AudioFile

LONGEST_READ_S = 600.0
"""No longer file is read into memory: a clip is a sentence."""
MOST_READ_SAMPLES = 600 * 192_000
"""A channel. A compressed file of silence can hold any number of them."""


@dataclass(frozen=True)
class Shape:
    """What a clip is brought to; together with the file it decides every sample of the result."""

    sample_rate: int
    trim_db: float | None
    """None: not trimmed."""
    keep_ms: float


def examine(path: Path, shape: Shape) -> tuple[Audio, Figures]:
    """The clip in `path`, mono, at the rate of `shape` and trimmed, and what was measured.

    Raises:
        AudioError: if the file can't be read, is damaged, holds NaN or infinity, or is longer than ten minutes.
    """
    from vocolab.files.reader import open_audio

    recording = open_audio(path)
    if recording.seconds > LONGEST_READ_S or recording.n_samples > MOST_READ_SAMPLES:
        raise AudioError(f"{recording.seconds:.0f} s at {recording.sample_rate} Hz; cut it into sentences, a clip of "
                         f"more than {LONGEST_READ_S:g} s (192 kHz) is not read", about=path)
    mono, channels_equal, clipped_samples = _mixed_down(recording)
    clip = Audio.mono(mono, recording.sample_rate).mono_at(shape.sample_rate).samples[0]
    if shape.trim_db is not None:
        clip = clip[sounding_part(clip, shape.sample_rate, shape.trim_db, shape.keep_ms)]
    peak = float(np.max(np.abs(mono)))
    figures = Figures(
        source_rate_hz=recording.sample_rate,
        channels=recording.channels,
        channels_equal=channels_equal,
        source_s=round(recording.seconds, 4),
        seconds=round(clip.size / shape.sample_rate, 4),
        peak_dbfs=_decibels(peak**2),
        rms_dbfs=_decibels(float(np.mean(np.square(clip, dtype=np.float64))) if clip.size else 0.0),
        noise_floor_dbfs=_rounded(noise_floor_dbfs(mono, recording.sample_rate)),
        clipped_samples=clipped_samples,
        digest=hashlib.blake2b(clip.tobytes(), digest_size=12).hexdigest(),
    )
    return Audio.mono(clip, shape.sample_rate), figures


def _mixed_down(recording: AudioFile) -> tuple[NDArray[np.float32], bool, int]:
    """The mean of all channels, whether they are the same, and how many samples were clipped; block by block."""
    from vocolab.loudness.clipping import ClippingCounter

    counter, parts, equal = ClippingCounter(recording.channels), [], True
    for block in recording.blocks():
        counter.add(block, float(np.max(np.abs(block))))
        equal = equal and bool(np.all(block == block[0]))
        parts.append(block[0].copy() if recording.channels == 1 else block.mean(axis=0))
    return np.concatenate(parts), equal, counter.clipped_samples


def _decibels(power: float) -> float | None:
    return round(10 * math.log10(power), 2) if power > 0 else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
