"""Folders of recordings in LJ Speech's layout, made here: voiced bursts between pauses, over a quiet room."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vocolab.audio import Audio

RATE_HZ = 22_050
ROOM_DBFS = -70.0


def spoken(seconds: float = 1.2, seed: int = 0, sample_rate: int = RATE_HZ, *, room_dbfs: float = ROOM_DBFS) -> Audio:
    """Syllables of 0.2 s with pauses of 0.1 s, peaks near -8 dBFS, over noise of `room_dbfs`."""
    random = np.random.default_rng(seed)
    time_s = np.arange(round(seconds * sample_rate)) / sample_rate
    phase = 2 * np.pi * np.cumsum(150 + 30 * np.sin(2 * np.pi * (0.4 + 0.1 * seed) * time_s)) / sample_rate
    voice = sum(np.sin(k * phase) / k for k in range(1, 20))
    syllables = (time_s % 0.3 < 0.2).astype(np.float64)
    room = 10 ** (room_dbfs / 20) * random.standard_normal(time_s.size)
    return Audio.mono((0.25 * syllables * voice + room).astype(np.float32), sample_rate)


def between_silence(audio: Audio, lead_s: float, tail_s: float) -> Audio:
    """`audio` with its room before and after it."""
    random = np.random.default_rng(99)
    room = 10 ** (ROOM_DBFS / 20)
    lead, tail = (room * random.standard_normal((1, round(s * audio.sample_rate))) for s in (lead_s, tail_s))
    return Audio(np.concatenate([lead, audio.samples, tail], axis=1).astype(np.float32), audio.sample_rate)


def write_folder(folder: Path, clips: int = 4, *, place: str = "wavs", texts: list[str] | None = None) -> Path:
    """`clips` recordings of different texts."""
    texts = texts or [f"Sentence number {index}." for index in range(clips)]
    for index, _ in enumerate(texts):
        add(folder, f"clip{index}", texts[index], spoken(seed=index), place=place)
    return folder


def add(folder: Path, name: str, text: str | None, audio: Audio | None = None, *, place: str = "wavs") -> None:
    """A line of the metadata (none for a text of None) and a recording (none for an audio of None)."""
    (folder / place).mkdir(parents=True, exist_ok=True)
    if audio is not None:
        audio.save(folder / place / f"{name}.wav", bit_depth=16, dither="none")
    if text is not None:
        with (folder / "metadata.csv").open("a", encoding="utf-8") as metadata:
            metadata.write(f"{name}|{text}\n")
