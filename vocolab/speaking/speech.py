"""A whole text, spoken, in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vocolab.audio import Audio
from vocolab.mels.mel import Mel
from vocolab.speech.spoken import PhonemeTime, WordTime

if TYPE_CHECKING:
    from vocolab.speaking.voices import Take


@dataclass(frozen=True, eq=False)
class Speech:
    """What was spoken: the audio, the mel that it was made from, and when each word and phoneme is said."""

    audio: Audio
    words: tuple[WordTime, ...] = ()
    phonemes: tuple[PhonemeTime, ...] = ()
    """Empty where the voice does not tell."""
    mel: Mel | None = None
    """Of all of it, silences too; None where the voice makes none, or several voices speak."""
    reports: tuple[str, ...] = ()
    """What was skipped, assumed or decided, one line each."""

    def save(self, path: str | os.PathLike[str], **how: Any) -> None:
        """Write the audio, as `Audio.save` does."""
        self.audio.save(path, **how)

    def timestamps(self, path: str | os.PathLike[str]) -> None:
        """Write the times of words and phonemes: .json, .srt, .vtt or .TextGrid, by the suffix.

        Raises:
            CallError: for another suffix.
            OutputError: if it can't be written.
        """
        from vocolab.speaking.timestamps import write_timestamps

        write_timestamps(path, self.words, self.phonemes, self.audio.seconds)

    def __repr__(self) -> str:
        return f"Speech({self.audio.seconds:.3f} s, {len(self.words)} words)"


def joined(takes: Iterable[Take], sample_rate: int, reports: Sequence[str] = ()) -> Speech:
    """Takes one after the other; no take at all gives no sample."""
    samples, mels = [np.zeros(0, np.float32)], []
    words: list[WordTime] = []
    phonemes: list[PhonemeTime] = []
    at = 0
    for take in takes:
        by_s = at / sample_rate
        phonemes += [phoneme.later(by_s, len(words)) for phoneme in take.phonemes]
        words += [word.later(by_s) for word in take.words]
        mels.append(take.mel)
        samples.append(take.samples())
        at += samples[-1].size
    audio = Audio.mono(np.concatenate(samples), sample_rate)
    return Speech(audio, tuple(words), tuple(phonemes), _joined_mel(mels), tuple(reports))


def _joined_mel(mels: Sequence[Mel | None]) -> Mel | None:
    known = [mel for mel in mels if mel is not None]
    if not known or len(known) < len(mels) or any(mel.spec != known[0].spec for mel in known):
        return None
    f0_hz = [mel.f0_hz for mel in known if mel.f0_hz is not None]
    whole = np.concatenate(f0_hz) if len(f0_hz) == len(known) else None
    return Mel(np.concatenate([mel.values for mel in known], axis=1), known[0].spec, whole)
