"""The room: how long it rings."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vocolab.effects import Block
from vocolab.findings import Finding, Remedy
from vocolab.options import Options
from vocolab_restoration.decays import RoomReader
from vocolab_restoration.options import DeReverbOptions

_FAULT_S = DeReverbOptions().idle_t60_s
"""From here on `de-reverb` works."""


class RoomDetector:
    """The reverberation time that `de-reverb` goes by."""

    def __init__(self, options: Options, sample_rate: int, channels: int) -> None:
        self._reader = RoomReader(sample_rate, channels)

    def accept(self, block: Block) -> None:
        """The next samples (channels, n)."""
        self._reader.accept(block)

    def findings(self) -> Iterable[Finding]:
        """One finding, where enough is said to tell: T60 in seconds."""
        t60_s = self._reader.t60_s
        if t60_s is None:
            return
        is_fault = t60_s >= _FAULT_S
        yield Finding(
            fault="reverberation",
            is_fault=is_fault,
            sentence=f"{'a room that rings: ' if is_fault else 'a dry room: '}T60 of {t60_s:.2f} s",
            figures={"t60_s": round(t60_s, 3)},
            remedies=(Remedy("de-reverb", {"reduction_db": _reduction_db(t60_s)}),) if is_fault else (),
        )


def _reduction_db(t60_s: float) -> float:
    """6 dB at 0.4 s, 10 dB at 0.8 s, 14 dB from 1.2 s on."""
    return float(np.clip(round(2 + 10 * t60_s), 6, 14))
