"""How the long-term spectrum of renderings differs from that of the recordings, by third octaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LOWEST_HZ, HIGHEST_HZ = 100.0, 16_000.0
_FIRST, _LAST = -10, 12  # 100 Hz ... 16 kHz
_LEAST_POWER = 1e-20


def centres_hz(sample_rate: int) -> NDArray[np.float64]:
    """Exact centres, 1000 * 10^(n/10) Hz (IEC 61260-1, base ten), of the third octaves from 100 Hz to 16 kHz.

    Only those that lie wholly under half of `sample_rate`.
    """
    centres = 1000.0 * 10 ** (np.arange(_FIRST, _LAST + 1) / 10)
    inside: NDArray[np.float64] = centres[centres * 10**0.05 <= sample_rate / 2]
    return inside


def nominal_hz(centre_hz: float) -> float:
    """The rounded number that a third octave is called by: 12500 for 12589.3 Hz (IEC 61260-1, annex E)."""
    named = np.array([100, 125, 160, 200, 250, 315, 400, 500, 630, 800], dtype=np.float64)
    decade = 10.0 ** np.floor(np.log10(centre_hz / 100 * 1.01))
    return float(named[np.argmin(np.abs(named * decade - centre_hz))] * decade)


def band_powers(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """Mean power of a mono signal in each third octave of `centres_hz`, full scale at 1."""
    n = samples.size
    powers = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2 * 2 / n**2
    frequencies_hz = np.fft.rfftfreq(n, 1 / sample_rate)
    centres = centres_hz(sample_rate)
    edges = np.searchsorted(frequencies_hz, [centres * 10**-0.05, centres * 10**0.05])
    totals = np.concatenate([[0.0], np.cumsum(powers)])
    bands: NDArray[np.float64] = totals[edges[1]] - totals[edges[0]]
    return bands


def level_differences_db(recorded: NDArray[np.float64], rendered: NDArray[np.float64]) -> NDArray[np.float64]:
    """Level of renderings over recordings in each band, in dB, from powers that were summed over all clips."""
    ratio = np.maximum(rendered, _LEAST_POWER) / np.maximum(recorded, _LEAST_POWER)
    differences: NDArray[np.float64] = 10 * np.log10(ratio)
    return differences


def level_above_db(samples: NDArray[np.float32], sample_rate: int, frequency_hz: float) -> float:
    """Power above a frequency in dB, not under -120."""
    spectrum = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
    frequencies_hz = np.fft.rfftfreq(samples.size, 1 / sample_rate)
    power = float(spectrum[frequencies_hz > frequency_hz].sum()) / max(samples.size, 1) ** 2
    return 10 * float(np.log10(max(power, 1e-12)))
