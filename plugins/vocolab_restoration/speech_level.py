"""How loud the speech of a recording is: what faults are told against."""

from __future__ import annotations

import numpy as np

from vocolab.effects import Block

_WINDOW_S = 0.02
_SPEECH_DB = 40.0
"""What is so far under the loudest moments is no speech."""
_STEP_DB = 0.5
_LOWEST_DB = -140.0
_N_STEPS = 401


class SpeechLevel:
    """Takes a recording block by block: the RMS of the moments of 20 ms that are at most 40 dB under the loudest.

    All channels count together.
    """

    def __init__(self, sample_rate: int) -> None:
        self._window = max(1, round(_WINDOW_S * sample_rate))
        self._waiting = np.zeros(0)
        self._counts = np.zeros(_N_STEPS, np.int64)
        self._powers = np.zeros(_N_STEPS)

    def accept(self, block: Block) -> None:
        """The next (channels, n)."""
        powers = np.concatenate([self._waiting, np.square(block, dtype=np.float64).mean(axis=0)])
        n_moments = len(powers) // self._window
        self._waiting = powers[n_moments * self._window :]
        moments = powers[: n_moments * self._window].reshape(n_moments, self._window).mean(axis=1)
        steps = np.round((10 * np.log10(moments + 1e-30) - _LOWEST_DB) / _STEP_DB)
        steps = np.clip(steps, 0, _N_STEPS - 1).astype(int)
        np.add.at(self._counts, steps, 1)
        np.add.at(self._powers, steps, moments)

    @property
    def dbfs(self) -> float | None:
        """None where all is silent."""
        heard = np.flatnonzero(self._counts[1:]) + 1
        if not len(heard):
            return None
        speech = slice(max(1, heard[-1] - round(_SPEECH_DB / _STEP_DB)), None)
        return float(10 * np.log10(self._powers[speech].sum() / self._counts[speech].sum()))
