"""De-clip: what was cut off is made up, as the sparsest spectrum that agrees with what was not.

S. Kitić, N. Bertin, R. Gribonval, "Sparsity and cosparsity for audio declipping: a flexible non-convex approach", 2015:
A-SPADE. In frames of 64 ms with a redundant Fourier transform, by alternating directions: ever more of the largest bins
are kept, until what they make is, to a tolerance, the frame where it was not clipped and beyond the level where it was.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.block_buffers import Past
from vocolab.deeds import Deed
from vocolab.effects import Block, BlockEffect, BlockProcessor, SignalEffect, Told
from vocolab.files.spool import Spool
from vocolab.signals import Signal
from vocolab_restoration.clip_search import Clipping, find_clipping
from vocolab_restoration.observed import Observed
from vocolab_restoration.options import DeClipOptions
from vocolab_restoration.peak_log import PeakLog
from vocolab_restoration.spectral_blocks import FrameBlocks, Frames, hop_samples

_WINDOW_MS = 64.0
_STEP_BINS = 4
_MOST_ROUNDS = 80
_TOLERANCE = 0.05
"""Of the energy of a frame's spectrum, that the sparse one may differ by."""


class DeClip(SignalEffect[DeClipOptions]):
    """The input with its cut peaks restored; they may go over full scale. Needs the whole: it walks three times.

    Every sample that was not clipped comes out bit by bit, and a signal without clipping does so whole. Clipping is at
    one level over the whole signal, each channel and polarity its own.
    """

    name = "de-clip"

    def edit(self, signal: Signal) -> Signal:
        """The signal with its peaks; it has been walked through and put aside."""
        spool = Spool.of(signal)
        found = find_clipping(spool)
        if found is None:
            return Told(spool, [Deed(sentence="no clipping found (no flat tops at the highest level of any channel)",
                                     figures={"clipped_samples": 0}, is_idle=True)])
        return _Restoration(self.options, found).run(spool)


class _Restoration(BlockEffect[DeClipOptions]):
    """The last walk."""

    name = "de-clip"

    def __init__(self, options: DeClipOptions, clipping: Clipping) -> None:
        super().__init__(options)
        self._clipping = clipping

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        most = 10 ** (self.options.max_gain_db / 20)
        restoring = _Processor(self._clipping, most, hop_samples(sample_rate, _WINDOW_MS), channels)
        log = PeakLog(sample_rate)

        def see(given: Block, made: Block) -> None:
            log.add(given, made, self._clipping.above(given) | self._clipping.below(given))

        return Observed(restoring, channels, self.options.mix, see, lambda: [self._told(log)])

    def _told(self, log: PeakLog) -> Deed:
        spans = log.close()
        levels = np.abs(np.concatenate([self._clipping.high, self._clipping.low]))
        level_dbfs = float(20 * np.log10(levels[np.isfinite(levels)].max()))
        return Deed(sentence=f"{log.n_samples} samples that were clipped at {level_dbfs:.1f} dBFS restored, peaks up "
                             f"to {log.gain_db:+.1f} dB",
                    figures={"clipped_samples": log.n_samples, "level_dbfs": level_dbfs, "peak_gain_db": log.gain_db},
                    spans=spans, n_spans=log.n_stretches)


class _Processor:
    def __init__(self, clipping: Clipping, most: float, hop: int, channels: int) -> None:
        self._clipping = clipping
        # How far restored samples may go; a channel that is not clipped has no level.
        self._highest, self._lowest = (np.where(np.isfinite(level), level, 0) * np.float32(most)
                                       for level in (clipping.high, clipping.low))
        self._frames = FrameBlocks(self._restored, hop, channels)
        self.latency_samples = self._frames.latency_samples
        self._delay = Past(self.latency_samples, channels)

    def process(self, block: Block) -> Block:
        restored = self._frames.process(block)
        given = self._delay.before(block)[:, : block.shape[1]]
        above, below = self._clipping.above(given), self._clipping.below(given)
        out = np.where(above, np.clip(restored, given, self._highest), given)
        return np.where(below, np.clip(restored, self._lowest, given), out).astype(np.float32)

    def _restored(self, frames: Frames) -> Frames:
        """Windowed frames (frames, channels, size), those that hold clipped samples restored."""
        window = self._frames.window
        given = frames / window  # exact enough: the mask asks for less than a step of 16 bits
        above, below = self._clipping.above(given), self._clipping.below(given)
        out = frames.copy()
        for frame, channel in np.argwhere((above | below).any(axis=2)):
            out[frame, channel] = declipped(frames[frame, channel], above[frame, channel], below[frame, channel])
        return out


def declipped(frame: NDArray[np.float32], above: NDArray[np.bool_], below: NDArray[np.bool_]) -> NDArray[np.float64]:
    """A frame (size,) by A-SPADE: at `above` it may go up, at `below` down, elsewhere it stays."""
    size = len(frame)
    given = frame.astype(np.float64)
    free = above | below
    level, sign = given[free], np.where(above[free], 1.0, -1.0)
    estimate, slack = given.copy(), np.zeros(size + 1, np.complex128)
    enough = _TOLERANCE * np.linalg.norm(_analysed(given))
    for round_ in range(1, _MOST_ROUNDS + 1):
        spectrum = _analysed(estimate)
        wanted = _sparse(spectrum + slack, _STEP_BINS * round_)
        if np.linalg.norm(spectrum - wanted) <= enough:
            break
        proposed = _synthesised(wanted - slack, size)[free]
        estimate[free] = np.where(sign * proposed > sign * level, proposed, level)
        slack = slack + _analysed(estimate) - wanted
    return estimate


def _analysed(frame: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Twice as many bins as the frame needs."""
    return np.asarray(np.fft.rfft(frame, 2 * len(frame)))


def _synthesised(spectrum: NDArray[np.complex128], size: int) -> NDArray[np.float64]:
    return np.asarray(np.fft.irfft(spectrum, 2 * size)[:size])


def _sparse(spectrum: NDArray[np.complex128], n_bins: int) -> NDArray[np.complex128]:
    """The largest bins, the others nought."""
    if n_bins >= len(spectrum):
        return spectrum
    powers = np.square(spectrum.real) + np.square(spectrum.imag)
    least = np.partition(powers, len(powers) - n_bins)[len(powers) - n_bins]
    return np.asarray(np.where(powers >= least, spectrum, 0))
