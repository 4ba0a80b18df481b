"""A second meter beside vocolab's own: pyloudnorm (C. J. Steinmetz and J. Reiss, AES 150, 2021). It is an extra."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from importlib.metadata import version
from types import ModuleType

import numpy as np

from vocolab.errors import DependencyMissing
from vocolab.signals import Signal

MOST_CHANNELS = 5
BLOCK_S = 0.4

WHY_THEY_DIFFER = (
    "pyloudnorm's default filters read about 0.04 dB low",
    "it counts an incomplete last block, which BS.1770 leaves out",
    "it takes channels for L R C Ls Rs, and knows no LFE and no four channels without a centre",
)
"""Known reasons, the usual one first. Without them the two agree to 0.01 LU, as tests hold with its De Man filters."""


@dataclass(frozen=True)
class SecondReading:
    """What the other meter reads."""

    meter: str
    """Its name and version."""
    integrated_lufs: float | None
    """None where it reads nothing: silence, less than 400 ms, more than 5 channels."""

    def difference_lu(self, own_lufs: float | None) -> float | None:
        """How much more it reads than vocolab; None where one of them reads nothing."""
        if own_lufs is None or self.integrated_lufs is None:
            return None
        return self.integrated_lufs - own_lufs


def second_reading(signal: Signal) -> SecondReading:
    """The integrated loudness as pyloudnorm reads it by default. All of the signal is held in memory.

    Raises:
        DependencyMissing: if pyloudnorm is not installed.
    """
    pyloudnorm = _pyloudnorm()
    name = f"pyloudnorm {version('pyloudnorm')}"
    if signal.channels > MOST_CHANNELS or signal.n_samples < BLOCK_S * signal.sample_rate:
        return SecondReading(name, None)
    samples = np.concatenate([block.T for block in signal.blocks()]).astype(np.float64)
    read = float(pyloudnorm.Meter(signal.sample_rate).integrated_loudness(samples))
    return SecondReading(name, read if math.isfinite(read) else None)


def _pyloudnorm() -> ModuleType:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pyloudnorm
    except ImportError as error:
        raise DependencyMissing("the cross-check needs pyloudnorm: pip install 'vocolab[cross-check]'") from error
    module: ModuleType = pyloudnorm
    return module
