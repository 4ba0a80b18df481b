"""Tracks on one timeline: at one rate, from their start on, to the end of the longest; a speaker in one channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vocolab.chain.channels import Rechannelled
from vocolab.chain.resampling import Resampled
from vocolab.loudness.phase import PhaseMeter
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal

Block = NDArray[np.float32]
_DEAD_DB = 40.0
"""A channel that is so far under the other holds nothing of the speaker."""


@dataclass(frozen=True)
class Track:
    """What was recorded by one microphone, or music."""

    name: str
    signal: Signal
    start_s: float = 0.0
    """When it begins, on the timeline of the mix."""
    is_music: bool = False


class Placed(DerivedSignal):
    """A track on the timeline, in blocks of exactly `block_samples` but for the last.

    Args:
        track: The track.
        sample_rate: Of the timeline, in Hz.
        n_samples: Of the timeline; None: as many as the track reaches.
        channel: Of a speaker's stereo track: which channel is heard; None: the mean of all.
    """

    def __init__(
        self, track: Track, sample_rate: int, n_samples: int | None = None, channel: int | None = None
    ) -> None:
        signal = track.signal
        if track.is_music:
            signal = Rechannelled(signal, 2) if signal.channels > 2 else signal
        elif channel is not None:
            signal = _Channel(signal, channel)
        elif signal.channels > 1:
            signal = Rechannelled(signal, 1)
        if signal.sample_rate != sample_rate:
            signal = Resampled(signal, sample_rate)
        self._before = round(track.start_s * sample_rate)
        reaches = self._before + signal.n_samples
        super().__init__(signal, n_samples=reaches if n_samples is None else n_samples)
        self.origin = None  # a mix is none of its tracks
        self._behind = self.n_samples - reaches

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        """Silence until the track begins, the track, and silence to the end."""
        waiting = np.zeros((self.channels, 0), np.float32)
        for piece in self._pieces(block_samples):
            waiting = np.concatenate([waiting, piece], axis=1)
            while waiting.shape[1] >= block_samples:
                yield waiting[:, :block_samples]
                waiting = waiting[:, block_samples:]
        if waiting.shape[1]:
            yield waiting

    def _pieces(self, block_samples: int) -> Iterator[Block]:
        yield from _silence(self.channels, self._before, block_samples)
        yield from self.source.blocks(block_samples)
        yield from _silence(self.channels, self._behind, block_samples)


class _Channel(DerivedSignal):
    """One channel of a signal."""

    def __init__(self, signal: Signal, channel: int) -> None:
        super().__init__(signal, channels=1)
        self._channel = channel

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        for block in self.source.blocks(block_samples):
            yield block[self._channel : self._channel + 1]


@dataclass(frozen=True)
class Heard:
    """Which channel of a speaker's stereo track is heard, and why."""

    channel: int | None = None
    note: str = ""


def heard_channel(track: Track) -> Heard:
    """The one that has the voice where the other is dead or out of phase; else the mean of both."""
    if track.is_music or track.signal.channels != 2:
        return Heard()
    phase = PhaseMeter()
    for block in track.signal.blocks():
        phase.add(block)
    left, right = phase.powers
    if left + right == 0:
        return Heard()
    if min(left, right) <= max(left, right) * 10 ** (-_DEAD_DB / 10):
        louder = int(right > left)
        side = ("left", "right")[louder]
        return Heard(louder, f"{track.name}: only its {side} channel holds sound; that one is taken")
    if phase.is_opposite:
        return Heard(0, f"{track.name}: {phase.text}; the left one is taken")
    return Heard()


def _silence(channels: int, n_samples: int, block_samples: int) -> Iterator[Block]:
    for start in range(0, n_samples, block_samples):
        yield np.zeros((channels, min(block_samples, n_samples - start)), np.float32)
