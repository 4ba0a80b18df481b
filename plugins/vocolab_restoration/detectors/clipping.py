"""Clipping: which share of the samples was cut off, at which level, and where."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vocolab.effects import Block
from vocolab.findings import Finding, Mark, Remedy
from vocolab.options import Options
from vocolab_restoration.clip_search import Clipping, ClippingReader

_GENTLE_DB, _STRONG_DB = 6.0, 15.0
"""How far peaks may be restored where a thousandth of the samples is clipped, and where very many are."""


class ClippingDetector:
    """What `de-clip` would restore."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        self._rate, self._n_samples = sample_rate, 0
        self._reader = ClippingReader(sample_rate, channels)

    def accept(self, block: Block) -> None:
        """The next samples (channels, n)."""
        self._n_samples += block.shape[1]
        self._reader.accept(block)

    def findings(self) -> Iterable[Finding]:
        """One finding: the share of clipped samples, the level at which they were cut, and in how many stretches."""
        if not self._n_samples:
            return
        found = self._reader.clipping
        if found is None:
            yield Finding(fault="clipping", is_fault=False, sentence="no clipping",
                          figures={"clipped_samples": 0, "clipped_percent": 0.0})
            return
        level_dbfs = _level_dbfs(found)
        percent, stretches = 100 * found.share, len(found.spans)
        yield Finding(
            fault="clipping",
            is_fault=True,
            sentence=f"clipped at {level_dbfs:.1f} dBFS: {found.n_samples} samples ({percent:.2g} %) in "
                     f"{stretches} {'stretch' if stretches == 1 else 'stretches'}",
            figures={"clipped_samples": found.n_samples, "clipped_percent": round(percent, 4),
                     "clipping_level_dbfs": round(level_dbfs, 2), "clipped_stretches": stretches},
            marks=tuple(Mark(start / self._rate, stop / self._rate) for start, stop in found.spans),
            remedies=(Remedy("de-clip", {"max_gain_db": _gain_db(percent)}),),
        )


def _level_dbfs(found: Clipping) -> float:
    """The highest level at which a channel was cut."""
    levels = np.abs(np.concatenate([found.high, found.low]))
    return float(20 * np.log10(levels[np.isfinite(levels)].max()))


def _gain_db(percent: float) -> float:
    """How far over the level peaks may go: the more was cut, the higher they were."""
    return float(np.clip(round(_GENTLE_DB + 3 * np.log10(max(percent, 1e-6) / 0.1)), _GENTLE_DB, _STRONG_DB))
