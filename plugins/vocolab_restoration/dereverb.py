"""De-reverb: less of the room, mildly: late reverberation predicted away, and what is left of it turned down.

    walk 1: the reverberation time; nothing is done where it is short
    walk 2: spectra of 64 ms -> WPE up to 8 kHz -> a gain by the late reverberation -> samples

The power of the late reverberation is that of the signal 48 ms before, decayed (K. Lebart, J. M. Boucher, P. N.
Denbigh, Acta Acustica 87, 2001); the gain is Wiener's, decision-directed, with a floor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.deeds import Deed, Span
from vocolab.effects import BlockEffect, BlockProcessor, SignalEffect, Told
from vocolab.files.spool import Spool
from vocolab.signals import Signal
from vocolab_restoration.decays import LEAST_S, read_t60_s
from vocolab_restoration.linear_prediction import PredictedSegments
from vocolab_restoration.observed import Observed
from vocolab_restoration.options import DeReverbOptions
from vocolab_restoration.pause_levels import PauseLevels
from vocolab_restoration.spectral_blocks import OVERLAP, Spectra, SpectralBlocks, hop_samples, powers_of

_WINDOW_MS = 64.0
_TOP_HZ = 8_000.0
_LATE_FRAMES = 3
_LEFT = 0.9
"""The share of the late power that WPE is taken to leave."""


class DeReverb(SignalEffect[DeReverbOptions]):
    """The input with less of its room. Needs the whole: it walks twice.

    Where the reverberation time is found to be under `idle_t60_s`, or can't be told, the input comes out bit by bit.
    """

    name = "de-reverb"

    def edit(self, signal: Signal) -> Signal:
        """The signal, drier; it has been walked through once and put aside."""
        spool = Spool.of(signal)
        if spool.n_samples < LEAST_S * spool.sample_rate:
            return _idle(spool, f"nothing done: under {LEAST_S:g} s no room can be told")
        t60_s = read_t60_s(spool)
        if t60_s is None:
            return _idle(spool, "no room found: too little in it dies away freely")
        if t60_s < self.options.idle_t60_s:
            return _idle(spool, f"no room to speak of found: a reverberation time of {t60_s:.2f} s, and under "
                                f"{self.options.idle_t60_s:g} s it is left alone", t60_s)
        return _Drying(self.options, t60_s).run(spool)


def _idle(signal: Signal, why: str, t60_s: float | None = None) -> Signal:
    return Told(signal, [Deed(sentence=why, figures={"t60_s": t60_s}, is_idle=True)])


class _Drying(BlockEffect[DeReverbOptions]):
    """The second walk."""

    name = "de-reverb"

    def __init__(self, options: DeReverbOptions, t60_s: float) -> None:
        super().__init__(options)
        self._t60_s = t60_s

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        hop = hop_samples(sample_rate, _WINDOW_MS)
        bins = OVERLAP * hop // 2 + 1
        top = min(bins, round(_TOP_HZ * OVERLAP * hop / sample_rate) + 1)
        segments = PredictedSegments(channels, bins, top)
        late = _LateGain(self._t60_s, hop / sample_rate, self.options.reduction_db, bins)

        def dried(spectra: Spectra) -> Spectra:
            spectra = segments.process(spectra)
            return np.asarray(spectra * late.gains(powers_of(spectra))[:, None])

        pauses = PauseLevels(sample_rate)
        return Observed(SpectralBlocks(dried, hop, channels, segments.lag), channels, self.options.mix, pauses.add,
                        lambda: [self._told(pauses)])

    def _told(self, pauses: PauseLevels) -> Deed:
        return Deed(sentence=f"a room with a reverberation time of {self._t60_s:.2f} s dried: {pauses.text}",
                    figures={"t60_s": self._t60_s, **pauses.figures},
                    spans=(Span(0.0, pauses.seconds, pauses.change_db),))


class _LateGain:
    """How far each bin is turned down for the late reverberation in it, one gain for all channels."""

    def __init__(self, t60_s: float, hop_s: float, reduction_db: float, bins: int) -> None:
        self._decay = _LEFT * 10 ** (-6 * _LATE_FRAMES * hop_s / t60_s)
        self._floor = 10 ** (-reduction_db / 20)
        self._past = [np.zeros(bins)] * _LATE_FRAMES
        self._smooth = np.zeros(bins)
        self._speech = np.zeros(bins)

    def gains(self, powers: NDArray[np.float64]) -> NDArray[np.float32]:
        """(frames, bins) for the next frames of powers (frames, bins)."""
        gains = np.empty(powers.shape, np.float32)
        for frame, power in enumerate(powers):
            late = self._decay * self._past[0] + 1e-14
            ratio = 0.9 * self._speech / late + 0.1 * np.maximum(power / late - 1, 0)
            gain = np.maximum(ratio / (1 + ratio), self._floor)
            self._smooth = 0.5 * self._smooth + 0.5 * power
            self._past = [*self._past[1:], self._smooth]
            self._speech = gain * gain * power
            gains[frame] = gain
        return gains
