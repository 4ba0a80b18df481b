"""A signal with another number of channels, made while it is walked through."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import AudioError
from vocolab.layouts import LFE, Layout, layout_of
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal

_HALF_POWER = math.sqrt(0.5)
_LEFT = {"FL": 1.0, "FLC": 1.0, "FC": _HALF_POWER, "SL": _HALF_POWER, "BL": _HALF_POWER, "BC": 0.5}
"""What of each loudspeaker goes into the left of two channels; into the right goes what is its mirror image."""
_MIRRORED = {"FR": "FL", "FRC": "FLC", "SR": "SL", "BR": "BL", "FC": "FC", "BC": "BC"}


class Rechannelled(DerivedSignal):
    """`signal` in mono or in stereo.

    One channel goes to both of two as it is; of two, mono is the mean. More are mixed down after ITU-R BS.775-3,
    annex 4, table 2: the centre and the surrounds at -3 dB, a single surround at -6 dB, the LFE left out; in mono left
    and right at -3 dB, the centre as it is, each surround at -6 dB. Levels are not brought down: a limiter, or the
    report of clipping, comes after.

    Raises:
        AudioError: if more than two channels are wanted of another number, or the channels are for loudspeakers that
            nobody knows, or that no table mixes down.
    """

    def __init__(self, signal: Signal, channels: int) -> None:
        if channels > 2:
            raise AudioError(f"{signal.channels} channels can't be made {channels}: only mono and stereo can")
        super().__init__(signal, channels=channels)
        self._matrix = _matrix(signal, channels)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[NDArray[np.float32]]:
        """Blocks of (channels, at most `block_samples`)."""
        for block in self.source.blocks(block_samples):
            if self.source.channels > 2:
                yield self._matrix @ block
                continue
            mono = block.mean(axis=0, keepdims=True, dtype=np.float32)
            yield np.repeat(mono, self.channels, axis=0)


def _matrix(signal: Signal, channels: int) -> NDArray[np.float32]:
    """(channels, channels of the signal)."""
    if signal.channels <= 2:
        return np.zeros((channels, signal.channels), np.float32)  # not asked
    layout = layout_of(signal)
    if layout is None:
        raise AudioError(f"{signal.channels} channels can't be made {channels}: nothing says which loudspeakers they "
                         "are for; mix down first")
    left, right = _row(layout, signal, channels), _row(_mirrored(layout), signal, channels)
    rows = [left, right] if channels == 2 else [_HALF_POWER * (left + right)]
    return np.array(rows, np.float32)


def _row(layout: Layout, signal: Signal, channels: int) -> NDArray[np.float64]:
    unknown = [speaker for speaker in layout.speakers if speaker not in {*_LEFT, *_MIRRORED, LFE}]
    if unknown:
        raise AudioError(f"{layout_of(signal)} can't be made {channels} channels: ITU-R BS.775 does not say where "
                         f"{', '.join(unknown)} goes; mix down first")
    return np.array([_LEFT.get(speaker, 0.0) for speaker in layout.speakers])


def _mirrored(layout: Layout) -> Layout:
    back = {left: right for right, left in _MIRRORED.items()}
    return Layout(tuple(_MIRRORED.get(speaker) or back.get(speaker, speaker) for speaker in layout.speakers))
