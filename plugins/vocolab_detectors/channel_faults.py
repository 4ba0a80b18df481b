"""What can be wrong between channels: one is dead, two are of opposite polarity, or one is far louder."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vocolab.findings import Finding
from vocolab.options import Options

_DEAD_DB = 40.0
"""A channel that is so far under the loudest holds nothing of the recording."""
_OPPOSITE = -0.5
"""Correlation under which two channels take each other away where they are summed."""
_UNEQUAL_DB = 6.0
_SAME_DB = 60.0
"""What two channels differ by, so far under them, is no second channel."""
_SILENCE = 1e-12
"""Mean power under which nothing is told of a channel (-120 dBFS)."""
_SIDES = ("left", "right")
_MIX_ADVICE = "'vocolab mix' takes the channel that holds the voice; --channels 1 would sum both"


class ChannelFaults:
    """How the channels stand to each other, by the second moments of all of them: constant offsets are left out."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        self._channels = channels
        self._moments = np.zeros((channels, channels))
        self._sums = np.zeros(channels)
        self._n_samples = 0

    def accept(self, block: NDArray[np.float32]) -> None:
        """The next samples (channels, n)."""
        wide = block.astype(np.float64)
        self._moments += wide @ wide.T
        self._sums += wide.sum(axis=1)
        self._n_samples += block.shape[1]

    def findings(self) -> Iterable[Finding]:
        """One finding: whatever is worst. None for mono and for silence."""
        if self._channels == 1 or not self._n_samples:
            return
        means = self._sums / self._n_samples
        covariance = self._moments / self._n_samples - np.outer(means, means)
        powers = np.maximum(np.diag(covariance), 0.0)
        if powers.max() < _SILENCE:
            return
        dead = [number for number in range(self._channels) if powers[number] <= powers.max() * 10 ** (-_DEAD_DB / 10)]
        yield _stereo(covariance, powers, dead) if self._channels == 2 else _surround(covariance, powers, dead)


def _stereo(covariance: NDArray[np.float64], powers: NDArray[np.float64], dead: list[int]) -> Finding:
    left, right = powers
    if dead:
        return Finding(
            fault="channels", is_fault=True, figures={"dead_channels": (dead[0] + 1,)}, advice=_MIX_ADVICE,
            sentence=f"dead {_SIDES[dead[0]]} channel: only the {_SIDES[1 - dead[0]]} one holds sound",
        )
    correlation = float(covariance[0, 1] / math.sqrt(left * right))
    difference_db = 10 * math.log10(left / right)
    sum_db = 10 * math.log10(max(left + right + 2 * covariance[0, 1], _SILENCE) / (2 * (left + right)))
    apart = left + right - 2 * covariance[0, 1]
    is_same = apart <= (left + right) * 10 ** (-_SAME_DB / 10)
    figures = {"correlation": round(correlation, 4), "level_difference_db": round(difference_db, 2) + 0.0,
               "mono_sum_db": round(sum_db, 2) + 0.0, "identical": bool(is_same)}
    louder = _SIDES[int(difference_db < 0)]
    if correlation < _OPPOSITE:
        left_over = "nothing is left" if sum_db < -_SAME_DB else f"they lose {-sum_db:.1f} dB"
        return Finding(fault="channels", is_fault=True, figures=figures, advice=_MIX_ADVICE,
                       sentence=f"channels out of phase: opposite polarity, summed to mono {left_over}")
    if abs(difference_db) >= _UNEQUAL_DB:
        return Finding(fault="channels", is_fault=True, figures=figures, advice=_MIX_ADVICE,
                       sentence=f"unequal channels: the {louder} one is {abs(difference_db):.1f} dB louder")
    said = "both channels are the same: mono on two channels" if is_same else (
        f"stereo: correlation {correlation:+.2f}, the {louder} channel {abs(difference_db):.1f} dB louder")
    return Finding(fault="channels", is_fault=False, sentence=said, figures=figures)


def _surround(covariance: NDArray[np.float64], powers: NDArray[np.float64], dead: list[int]) -> Finding:
    """Of more than two channels some may well be silent; which are is told."""
    alive = [number for number in range(len(powers)) if number not in dead]
    opposite = [(one + 1, other + 1) for one, other in combinations(alive, 2)
                if covariance[one, other] < _OPPOSITE * math.sqrt(powers[one] * powers[other])]
    figures = {"dead_channels": tuple(float(number + 1) for number in dead)}
    if opposite:
        pairs = " and ".join(f"{one} and {other}" for one, other in opposite[:1])
        return Finding(fault="channels", is_fault=True, figures=figures,
                       sentence=f"channels {pairs} are out of phase: summed they take each other away")
    silent = ", ".join(str(number + 1) for number in dead)
    said = f"nothing in channel {silent} of {len(powers)}" if dead else f"{len(powers)} channels, all with sound"
    return Finding(fault="channels", is_fault=False, sentence=said, figures=figures)
