"""De-hum: the lines of the mains are measured, and taken away as what they are.

Nothing is filtered. A notch that follows a line takes away what a voice has there too; a line whose amplitude and phase
are known from seconds around can be subtracted, and the voice on its pitch stays.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vocolab.deeds import Deed
from vocolab.effects import Block, SignalEffect, Told
from vocolab.files.spool import Spool
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal
from vocolab_restoration.hum_lines import Hum
from vocolab_restoration.hum_log import HumLog
from vocolab_restoration.hum_reading import MAINS_HZ, read_hums
from vocolab_restoration.options import DeHumOptions


class DeHum(SignalEffect[DeHumOptions]):
    """The input without its hum: 50 or 60 Hz, as it drifts, and up to 20 harmonics. Needs the whole: it walks twice.

    What is found to have no hum, or lasts less than 2 s, comes out bit by bit as it went in. Memory grows by 2.6 kB a
    second and channel where there is a hum, the amplitudes of its lines: 92 MB for ten hours.
    """

    name = "de-hum"

    def edit(self, signal: Signal) -> Signal:
        """The signal less its lines; it has been walked through once and put aside."""
        spool = Spool.of(signal)
        found = list(read_hums(spool, self.options.harmonics, MAINS_HZ[self.options.mains]))
        if found:
            return _WithoutHum(spool, found, self.options.mix)
        mains = " or ".join(f"{mains_hz:g}" for mains_hz in MAINS_HZ[self.options.mains])
        return Told(spool, [Deed(sentence=f"no hum found (no lines at multiples of {mains} Hz stand out of what lasts)",
                                 figures={"lines": 0}, is_idle=True)])


class _WithoutHum(DerivedSignal):
    """A signal less the hum of its chunks."""

    def __init__(self, signal: Signal, hums: list[Hum], mix: float) -> None:
        super().__init__(signal)
        self._hums, self._mix = hums, mix
        self._told: tuple[Deed, ...] = ()

    @property
    def deeds(self) -> tuple[Deed, ...]:
        return (*super().deeds, *self._told)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        start, log = 0, HumLog(self._hums, self.sample_rate, self.n_samples)
        for block in self.source.blocks(block_samples):
            cleaned = self._cleaned(block, start) if block.shape[1] else block
            log.add(block, cleaned, start)
            yield cleaned
            start += block.shape[1]
        self._told = (log.told(),)

    def _cleaned(self, block: Block, start: int) -> Block:
        time_s = (start + np.arange(block.shape[1])) / self.sample_rate
        out = block
        for index, hum in enumerate(self._hums):
            share = self._share(index, time_s)
            if not share.any():
                continue
            lines = np.stack([hum.samples(channel, start, block.shape[1], self.sample_rate)
                              for channel in range(self.channels)])
            out = out - (self._mix * share * lines).astype(np.float32)
        return out

    def _share(self, index: int, time_s: np.ndarray) -> np.ndarray:
        """How much of a chunk's hum is taken at each moment: 1 in it, fading over an overlap or at its edge."""
        hum = self._hums[index]
        before = self._hums[index - 1].last_s if index else -np.inf
        after = self._hums[index + 1].first_s if index + 1 < len(self._hums) else np.inf
        is_first, is_last = hum.first_s < 1.0, hum.last_s > self.n_samples / self.sample_rate - 1.0
        rise = 1.0 if is_first else (time_s - hum.first_s) / _fade_s(before - hum.first_s)
        fall = 1.0 if is_last else (hum.last_s - time_s) / _fade_s(hum.last_s - after)
        return np.asarray(np.clip(np.minimum(rise, fall) + np.zeros(len(time_s)), 0, 1), np.float32)


def _fade_s(overlap_s: float) -> float:
    """Over as long as both chunks last; alone, within a second."""
    return overlap_s if 0.1 < overlap_s < np.inf else 1.0
