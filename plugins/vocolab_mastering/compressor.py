"""Compressor: quiet and loud come nearer to each other."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab.errors import OptionError, OptionProblem
from vocolab_mastering.ballistics import Delay, SlidingMaximum
from vocolab_mastering.cells import Cells, Ramps, cell_samples, highest
from vocolab_mastering.options_dynamics import CompressorOptions
from vocolab_mastering.reduction import Bend, Reducer
from vocolab_mastering.sections import Sections


class Compressor(BlockEffect[CompressorOptions]):
    """The same gain for all channels, from the loudest of them, so that the image stays where it is.

    With `sidechain_highpass_hz` the gain follows what is above it (Butterworth, 12 dB an octave); the audio itself is
    not filtered. With `lookahead_ms` it turns down ahead of a peak and holds until the peak is out. The latency is the
    look-ahead and up to 1/3 ms.
    """

    name = "compressor"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A detector for one stream.

        Raises:
            OptionError: if the side chain's cutoff is not under half the rate.
        """
        cutoff = self.options.sidechain_highpass_hz
        if cutoff >= sample_rate / 2:
            what = f"{cutoff:g} is not below half the sample rate of {sample_rate} Hz; lower it"
            raise OptionError([OptionProblem("sidechain_highpass_hz", what)])
        return _Processor(self.options, sample_rate, channels)


class _Processor:
    def __init__(self, options: CompressorOptions, sample_rate: int, channels: int) -> None:
        length = cell_samples(sample_rate, options.attack_ms)
        lookahead = round(options.lookahead_ms * sample_rate / 1000)
        self.latency_samples = length - 1 + lookahead
        bend = Bend(options.threshold_db, options.ratio, options.knee_db)
        self._reducer = Reducer(bend, options.attack_ms, options.release_ms, sample_rate / length)
        self._sidechain = _sidechain(options.sidechain_highpass_hz, sample_rate, channels)
        self._cells = Cells(length, 1)
        self._hold = SlidingMaximum(1 + -(-lookahead // length))
        self._ramps = Ramps(length)
        self._delay = Delay(self.latency_samples, channels)
        self._makeup_db = options.makeup_db

    def process(self, block: Block) -> Block:
        loudest = np.abs(self._sidechain.process(block)).max(axis=0, keepdims=True)
        level = self._hold.process(highest(self._cells.process(loudest))[0])
        reduction = self._reducer.process(level)
        gain = np.exp((self._makeup_db - reduction) * (np.log(10) / 20))
        return self._delay.process(block) * self._ramps.process(gain[None], block.shape[1])


def _sidechain(cutoff_hz: float, sample_rate: int, channels: int) -> Sections:
    if cutoff_hz == 0:
        return Sections(np.zeros((0, 6)), channels)
    return Sections(np.asarray(butter(2, cutoff_hz, btype="highpass", fs=sample_rate, output="sos")), channels)
