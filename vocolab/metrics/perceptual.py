"""Perceptual measures by the field's own packages, each what its name says. Both at 16 kHz. Extra: `metrics`.

PESQ-WB: ITU-T P.862.2 (package pesq). STOI: Taal et al., 2011 (package pystoi).
"""

from __future__ import annotations

from vocolab.audio import Audio
from vocolab.errors import AudioError, DependencyMissing
from vocolab.metrics.pairs import common

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
    reference, degraded = common(recorded, rendered, _RATE_HZ)
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
    reference, degraded = common(recorded, rendered, _RATE_HZ)
    return float(measure(reference, degraded, _RATE_HZ))
