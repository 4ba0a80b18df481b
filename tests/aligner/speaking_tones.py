"""A speaker whose sounds are tones: each sound of a text is a chord of its own, with a known duration."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vocolab.alignment.clips import TimedClip
from vocolab.alignment.transcript import read_transcript
from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.texts.opening import open_speaker
from vocolab_aligner.units import Units

RATE_HZ = 22_050
WORDS = ("me", "see", "you", "lay", "toe", "saw", "new", "shy", "pea", "zoo", "key", "no")


def write_tones(folder: Path, clips: int, seed: int = 0) -> list[TimedClip]:
    """A corpus of random words; gives what is said when."""
    random = np.random.default_rng(seed)
    reader = open_speaker(Catalog.installed(), "en-US")
    units = Units(reader.language.symbols)
    (folder / "wavs").mkdir(parents=True)
    lines, truth = [], []
    for number in range(clips):
        text = " ".join(random.choice(WORDS, 7))
        transcript = read_transcript(reader, text)
        optional = units.optional(transcript.symbols)
        seconds = random.uniform(0.06, 0.22, optional.size)
        seconds[optional] *= random.random(int(optional.sum())) < 0.3
        pieces = [chord(unit, second, random) for unit, second in
                  zip(units.numbers(transcript.symbols), seconds, strict=True)]
        name = f"tones{number:03d}"
        Audio.mono(np.concatenate(pieces), RATE_HZ).save(folder / "wavs" / f"{name}.wav", bit_depth=16)
        lines.append(f"{name}|{text}\n")
        real = tuple(piece.size / RATE_HZ for piece in pieces)
        truth.append(TimedClip(name, transcript.symbols, real, transcript.owners, transcript.words))
    (folder / "metadata.csv").write_text("".join(lines))
    (folder / "validation.txt").write_text("tones000\ntones001\n")
    return truth


def chord(unit: int, seconds: float, random: np.random.Generator) -> np.ndarray:
    """Two tones that no other unit has; unit 0 is almost silent."""
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    noise = 0.001 * random.standard_normal(time_s.size)
    if unit == 0:
        return noise.astype(np.float32)
    low, high = 200 * 1.09 ** (unit % 13), 1500 * 1.3 ** (unit % 7)
    sound = 0.1 * np.sin(2 * np.pi * low * time_s) + 0.1 * np.sin(2 * np.pi * high * time_s)
    return (sound + noise).astype(np.float32)
