"""Measures of how close rendered speech is to its recording. Each is what its name says, by the field's own packages.

PESQ-WB: ITU-T P.862.2 (package pesq). STOI: Taal et al., 2011 (package pystoi). Both at 16 kHz. Extra: `metrics`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.audio import Audio
from vocolab.errors import AudioError, DependencyMissing

_RATE_HZ = 16_000


def pesq_wb(recorded: Audio, rendered: Audio) -> float:
    """Wide-band PESQ of mono `rendered` against `recorded`, 1.0 to 4.64; higher is closer.

    Raises:
        DependencyMissing: without the extra `metrics`.
        AudioError: if PESQ finds no speech.
    """
    try:
        from pesq import PesqError, pesq
    except ModuleNotFoundError as error:
        raise DependencyMissing("PESQ needs the package pesq: pip install 'vocolab[metrics]'") from error
    reference, degraded = _pair(recorded, rendered)
    try:
        return float(pesq(_RATE_HZ, reference, degraded, "wb"))
    except PesqError as error:
        raise AudioError(f"PESQ can't judge this pair: {error}") from error


def stoi(recorded: Audio, rendered: Audio) -> float:
    """Short-time objective intelligibility of mono `rendered` against `recorded`, up to 1.0.

    Raises:
        DependencyMissing: without the extra `metrics`.
    """
    try:
        from pystoi import stoi as measure
    except ModuleNotFoundError as error:
        raise DependencyMissing("STOI needs the package pystoi: pip install 'vocolab[metrics]'") from error
    reference, degraded = _pair(recorded, rendered)
    return float(measure(reference, degraded, _RATE_HZ))


def _pair(recorded: Audio, rendered: Audio) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Both at 16 kHz, cut to the shorter of the two."""
    reference, degraded = (_mono_16k(audio) for audio in (recorded, rendered))
    n = min(reference.size, degraded.size)
    return reference[:n], degraded[:n]


def _mono_16k(audio: Audio) -> NDArray[np.float32]:
    import soxr

    mono = audio.samples.mean(axis=0)
    return np.asarray(soxr.resample(mono, audio.sample_rate, _RATE_HZ), dtype=np.float32)
