"""De-esser: sibilants are turned down, and nothing else.

    x -+- high-pass (linear phase) -> highs -+- level of the highs over the loudest of x of late -> reduction -> gain
       +- delayed as much ----------> x      +- x - (1 - gain) * highs -> out

A filter of linear phase makes this a shelf without any turn of phase: the spectrum is multiplied by
1 - (1 - gain) * H with H between 0 and 1, and with gain 1 not a bit changes. Its delay is part of the look-ahead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import firwin, kaiser_beta, kaiserord, oaconvolve

from vocolab.block_buffers import Past
from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_mastering.ballistics import Curve, Decay, Delay, MovingAverage, OnePole, decay_factor
from vocolab_mastering.cells import Cells, Ramps, cell_samples
from vocolab_mastering.options_dynamics import DeEsserOptions
from vocolab_mastering.sections import Sections

_HIGHEST_OF_RATE = 0.4
_STOPBAND_DB = 70.0
_TRANSITION = 0.4  # of the frequency: from 0.8 to 1.2 of it
_WINDOW_MS = 2.0
_RECENT_MS = 1_000.0  # a sibilant is judged by the vowels around it


class DeEsser(BlockEffect[DeEsserOptions]):
    """Lowers what is above `frequency_hz` while it is loud beside the loudest of the last second (both RMS over 2 ms).

    Being relative, it does the same at any gain, and leaves the hiss of short pauses alone. What is under 0.8 of the
    frequency stays as it is; where nothing stands out, not a bit changes. One gain for all channels. Where
    `frequency_hz` is over 0.4 of the rate there are no highs, and nothing changes. The latency is the look-ahead and
    about 1 ms at 5 kHz.
    """

    name = "de-esser"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """Filters and a detector for one stream."""
        if self.options.frequency_hz > _HIGHEST_OF_RATE * sample_rate:
            return Sections(np.zeros((0, 6)), channels)
        return _Processor(self.options, sample_rate, channels)


class _Processor:
    def __init__(self, options: DeEsserOptions, sample_rate: int, channels: int) -> None:
        length = cell_samples(sample_rate, options.attack_ms)
        later = length - 1 + round(options.lookahead_ms * sample_rate / 1000)
        self._highpass = _Highs(options.frequency_hz, sample_rate, channels)
        self.latency_samples = self._highpass.latency_samples + later
        self._align = Delay(self._highpass.latency_samples, channels)
        self._detector = _Detector(options, length, sample_rate)
        self._ramps = Ramps(length)
        self._delay = Delay(later, 2 * channels)

    def process(self, block: Block) -> Block:
        highs, whole = self._highpass.process(block), self._align.process(block)
        gain = self._ramps.process(self._detector.process(highs, whole)[None], block.shape[1])
        whole, highs = np.split(self._delay.process(np.concatenate([whole, highs])), 2)
        return np.asarray(whole - (1 - gain) * highs)


class _Detector:
    """The gain of the highs at the end of each cell."""

    def __init__(self, options: DeEsserOptions, length: int, sample_rate: int) -> None:
        rate_hz = sample_rate / length
        self._options = options
        self._cells = Cells(length, 2)
        self._averages = [MovingAverage(max(1, round(_WINDOW_MS * rate_hz / 1000))) for _ in range(2)]
        self._recent = Decay(decay_factor(_RECENT_MS, rate_hz))
        self._release = Decay(decay_factor(options.release_ms, rate_hz))
        self._attack = OnePole(decay_factor(options.attack_ms, rate_hz))

    def process(self, highs: Block, whole: Block) -> Curve:
        power = np.stack([np.square(part, dtype=np.float64).sum(axis=0) for part in (highs, whole)])
        cells = self._cells.process(power).mean(axis=-1)
        averages = zip(self._averages, cells, strict=True)
        loud, all_of_it = (np.sqrt(np.maximum(average.process(cell), 0)) for average, cell in averages)
        recent = self._recent.process(all_of_it)
        reduction = self._attack.process(self._release.process(self._wanted_db(loud, recent)))
        return np.asarray(np.exp(reduction * (-np.log(10) / 20)))

    def _wanted_db(self, loud: Curve, recent: Curve) -> Curve:
        threshold = 10 ** (self._options.threshold_db / 20)
        over = np.divide(loud, recent * threshold, out=np.ones_like(loud), where=recent > 0)
        wanted = 20 * np.log10(np.maximum(over, 1)) * (1 - 1 / self._options.ratio)
        return np.asarray(np.minimum(wanted, self._options.max_reduction_db))


class _Highs:
    """A high-pass of linear phase, 6 dB down at its frequency, 70 dB at 0.8 of it."""

    def __init__(self, frequency_hz: float, sample_rate: int, channels: int) -> None:
        self._taps = _taps(frequency_hz, sample_rate)[None]
        self.latency_samples = self._taps.shape[1] // 2
        self._past = Past(self._taps.shape[1] - 1, channels)

    def process(self, block: Block) -> Block:
        joined = self._past.before(block)
        if not joined.any():  # a transform would be in vain, and silence is to stay silence
            return np.zeros_like(block)
        return np.asarray(oaconvolve(joined, self._taps, mode="valid", axes=1), dtype=np.float32)


def _taps(frequency_hz: float, sample_rate: int) -> NDArray[np.float32]:
    n_taps, _ = kaiserord(_STOPBAND_DB, _TRANSITION * frequency_hz / (sample_rate / 2))
    window = ("kaiser", kaiser_beta(_STOPBAND_DB))
    taps = firwin(n_taps | 1, frequency_hz, window=window, pass_zero=False, scale=False, fs=sample_rate)
    return np.asarray(taps, dtype=np.float32)
