"""Two speakers in one room, with what each microphone hears of the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from restoration.takes import take

RATE = 16_000
TURN_S = 3.0
_ECHO_S = 0.006


@dataclass(frozen=True)
class Conversation:
    """(2, n) each: the voices alone as their microphones hear them, and the microphones."""

    voices: np.ndarray
    microphones: np.ndarray
    leaks: np.ndarray
    """What of the other is in each microphone."""
    turns: list[tuple[int, int, int]]
    """Who speaks from when to when, in samples."""


def conversation(seconds: float = 36.0, leak_db: float = -18.0, levels_db: tuple[float, float] = (0.0, -14.0)
                 ) -> Conversation:
    """Turns of 3 s, of which every fifth is both at once; the second microphone is recorded lower."""
    n_samples = round(seconds * RATE)
    rng = np.random.default_rng(0)
    said = np.stack([take(seconds, RATE, first) for first in (0, 40)])
    voices, turns = np.zeros_like(said), []
    for turn in range(int(seconds / TURN_S)):
        start, stop = round(turn * TURN_S * RATE), round((turn + 1) * TURN_S * RATE)
        for who in (0, 1):
            if turn % 2 == who or turn % 5 == 4:
                spoken = slice(start, stop - round(0.4 * RATE))
                ramp = np.minimum(1, np.arange(spoken.stop - spoken.start) / (0.02 * RATE))
                voices[who, spoken] = said[who, spoken] * ramp * ramp[::-1]
        if turn % 5 != 4:
            turns.append((turn % 2, start, stop - round(0.4 * RATE)))
    gains = 10 ** (np.array(levels_db) / 20)[:, None]
    leaks = np.roll(voices[::-1], round(_ECHO_S * RATE), axis=1) * 10 ** (leak_db / 20)
    noise = 10 ** (-75 / 20) * rng.standard_normal((2, n_samples))
    return Conversation(gains * voices, gains * (voices + leaks + noise), gains * leaks, turns)
