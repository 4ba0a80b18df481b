"""Recordings as they come, of many readers, and faults that are added to them at a stated strength."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from pathlib import Path

import numpy as np
from takes import CORPUS, said

from vocolab.audio import Audio
from vocolab.testing.fault_events import with_clicks, with_thumps
from vocolab.testing.faults import Samples, at_snr, babble, clipped, coloured, fan, hum, in_room, room, street

_FADE_S = 0.02
_RATES_HZ = {"lj": (22_050, 44_100), "kathleen": (48_000, 24_000), "speakers": (16_000, 16_000, 8_000)}
"""At which the recordings of a corpus come, in turn: never over what it was recorded at but once, as people do."""


@dataclass(frozen=True, eq=False)
class Recording:
    """Speech of one reader."""

    name: str
    corpus: str
    sex: str
    """F or M."""
    sample_rate: int
    samples: Samples
    """(samples,) float64."""

    @property
    def seed(self) -> int:
        """One that is its own, for what is random in a fault."""
        return zlib.crc32(self.name.encode())


def natural(
    seconds: float, most: int = 10**6, corpora: tuple[str, ...] = tuple(_RATES_HZ), half: int | None = None
) -> Iterator[Recording]:
    """Recordings of about this length: clips of one reader, one after the other. None where ../shared is not.

    Args:
        seconds: At least that long; a reader of whom less is there gives what there is, from half of it on.
        most: How many of each corpus, spread over it.
        corpora: Names of folders.
        half: 1 or 2: two of each four, of which the first two are those that limits may be set on; unset: all.
    """
    for corpus in corpora:
        groups = list(_groups(corpus, seconds))
        step = max(1, len(groups) // most)
        for index, (reader, files) in enumerate(groups[::step][:most]):
            if half is not None and index // 2 % 2 != half - 1:
                continue
            rate = _RATES_HZ[corpus][index % len(_RATES_HZ[corpus])]
            yield Recording(files[0].stem, corpus, _sexes().get(reader, "F"), rate, joined(files, rate))


def synthetic(seconds: float, count: int, sample_rate: int = 22_050) -> Iterator[Recording]:
    """Speech of the voices inside."""
    for index in range(count):
        parts, n_samples, sentence = [], 0, 7 * index
        while n_samples < seconds * sample_rate:
            parts.append(said(sentence, sample_rate))
            n_samples += len(parts[-1])
            sentence += 1
        yield Recording(f"said-{index}", "said", "F", sample_rate, np.concatenate(parts))


def joined(files: list[Path], sample_rate: int) -> Samples:
    """Clips, each faded at its ends, one after the other."""
    parts = []
    for file in files:
        clip = Audio.load(file).mono_at(sample_rate).samples[0].astype(np.float64)
        ramp = np.minimum(1, np.arange(len(clip)) / (_FADE_S * sample_rate))
        parts.append(clip * ramp * ramp[::-1])
    return np.concatenate(parts)


def _groups(corpus: str, seconds: float) -> Iterator[tuple[str, list[Path]]]:
    """Files of one reader that are together of about this length."""
    table = CORPUS / corpus / "metadata.csv"
    if not table.is_file():
        return
    rows = [line.split("|") for line in table.read_text(encoding="utf-8").splitlines()]
    for reader, clips in groupby(rows, key=lambda row: row[0].split("-")[0] if corpus == "speakers" else corpus):
        files, length_s = [], 0.0
        for row in clips:
            files.append(CORPUS / corpus / "flac" / f"{row[0]}.flac")
            length_s += float(row[-1])
            if length_s >= seconds:
                yield reader, files
                files, length_s = [], 0.0
        if length_s >= seconds / 2:
            yield reader, files


@cache
def _sexes() -> dict[str, str]:
    table = CORPUS / "speakers" / "speakers.csv"
    with table.open(encoding="utf-8") as file:
        return dict(csv.reader(file, delimiter="|"))


@cache
def _talkers(sample_rate: int) -> list[Samples]:
    """Seven readers of whom some are women, for a babble."""
    return [recording.samples if recording.sample_rate == sample_rate
            else Audio.mono(recording.samples.astype(np.float32), recording.sample_rate).mono_at(sample_rate).samples[0]
            for recording in natural(10.0, 7, ("speakers",))]


Fault = Callable[[Recording], Samples]


def _noisy(make: Callable[[int, int, int], Samples], snr_db: float, recording: Recording) -> Samples:
    n, rate = len(recording.samples), recording.sample_rate
    return at_snr(recording.samples, make(n, rate, recording.seed), snr_db, rate)


def _white(n: int, rate: int, seed: int) -> Samples:
    return coloured(n, rate, 0.0, seed)


def _pink(n: int, rate: int, seed: int) -> Samples:
    return coloured(n, rate, -3.0, seed)


def _babble(n: int, rate: int, seed: int) -> Samples:
    voices = _talkers(rate)
    return babble([np.roll(voice, seed % (index + 2) * rate) for index, voice in enumerate(voices)], n)


def _hum(n: int, rate: int, seed: int) -> Samples:
    rng = np.random.default_rng(seed)
    mains_hz = rng.choice([50.0, 60.0]) + rng.uniform(-0.2, 0.2)
    return hum(n, rate, mains_hz, int(rng.integers(3, 16)), fall_db=float(rng.uniform(2, 6)), seed=seed)


def _clicky(over_db: float, per_minute: float, recording: Recording) -> Samples:
    """At random moments, and at least as many as it is said: one of a hundred draws has that many."""
    least = per_minute / 60 * len(recording.samples) / recording.sample_rate
    draws = (with_clicks(recording.samples, recording.sample_rate, over_db, per_s=per_minute / 60, seed=seed)
             for seed in range(recording.seed, recording.seed + 100))
    return next(samples for samples, places in draws if len(places) >= least)


def _thumping(over_db: float, recording: Recording) -> Samples:
    return with_thumps(recording.samples, recording.sample_rate, over_db, seed=recording.seed)[0]


def _in_room(t60_s: float, recording: Recording) -> Samples:
    return in_room(recording.samples, room(recording.sample_rate, t60_s, seed=recording.seed))


def _clipped(share: float, recording: Recording) -> Samples:
    return clipped(recording.samples, share)


FAULTS: dict[str, tuple[str, Fault]] = {
    "hum, 25 dB under the speech": ("hum", partial(_noisy, _hum, 25.0)),
    "12 clicks a minute, 10 dB over the local level": ("clicks", partial(_clicky, 10.0, 12.0)),
    "thumps, 6 dB over the speech": ("plosives", partial(_thumping, 6.0)),
    "white noise, SNR of 25 dB": ("noise", partial(_noisy, _white, 25.0)),
    "pink noise, SNR of 25 dB": ("noise", partial(_noisy, _pink, 25.0)),
    "a fan, SNR of 25 dB": ("noise", partial(_noisy, fan, 25.0)),
    "babble, SNR of 25 dB": ("noise", partial(_noisy, _babble, 25.0)),
    "a street, SNR of 25 dB": ("noise", partial(_noisy, street, 25.0)),
    "a room, T60 of 0.6 s": ("reverberation", partial(_in_room, 0.6)),
    "0.1 % of the samples clipped": ("clipping", partial(_clipped, 0.001)),
}
"""By what was added: the detector that has to find it, and how it is added."""
