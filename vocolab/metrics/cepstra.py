"""Mel cepstral distortion.

Kubichek, "Mel-cepstral distance measure for objective speech quality assessment" (1993):

    MCD = 10 / ln 10 * sqrt(2 * sum of (c_d - c'_d) squared, d = 1 to 13)    in dB, the mean over frames

The cepstra c are those of a log mel spectrum: 80 mel bands of a magnitude spectrum (the convention hifigan-22k, at
22.05 kHz) in nepers, expanded in cosines, ln M(x) = c_0 + sum of c_d cos(pi d x) for x from 0 to 1 along the mel axis.
So MCD is the root mean square in dB, along that axis, of the difference of two smoothed spectra. The level, c_0, is
left out. Frames are compared one by one, without warping in time. All frames count, silent ones too: figures taken with
another analysis (SPTK's mel-generalised cepstra), other frames or dynamic time warping are other figures.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.metrics.pairs import common

TO_DB = 10 / math.log(10) * math.sqrt(2)
"""From a distance of cepstra in nepers to one in dB."""
_ORDERS = 13


def mel_cepstral_distortion(recorded: Audio, rendered: Audio) -> float:
    """MCD in dB; 0 if equal up to a gain, lower is closer."""
    spec = convention("hifigan-22k")
    reference, degraded = common(recorded, rendered, spec.sample_rate)
    wanted, given = (extract(Audio.mono(signal, spec.sample_rate), spec).values for signal in (reference, degraded))
    return cepstral_distance_db(wanted, given)


def cepstral_distance_db(wanted: NDArray[np.float32], given: NDArray[np.float32]) -> float:
    """MCD of two log mels (n_mels, frames) in nepers of magnitude."""
    difference = cepstra(wanted) - cepstra(given)
    return float(TO_DB * np.sqrt(np.square(difference).sum(axis=0)).mean())


def cepstra(log_mel: NDArray[np.float32]) -> NDArray[np.float64]:
    """c_1 to c_13 of each frame, (13, frames)."""
    n = log_mel.shape[0]
    place = (np.arange(n) + 0.5) / n
    cosines = np.cos(math.pi * np.arange(1, _ORDERS + 1)[:, None] * place)
    result: NDArray[np.float64] = 2 / n * cosines @ log_mel
    return result
