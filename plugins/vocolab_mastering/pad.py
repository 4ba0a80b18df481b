"""Pad: silence or room tone before the beginning and after the end."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vocolab.effects import Block, SignalEffect
from vocolab.files.spool import Spool
from vocolab.signals import BLOCK_SAMPLES, DerivedSignal, Signal
from vocolab.tags import origin_of
from vocolab_mastering.options_edit import PadOptions
from vocolab_mastering.room_tone import QuietWindows, at_level, room_tone


class Pad(SignalEffect[PadOptions]):
    """The signal bit by bit, with `head_s` before it and `tail_s` after it.

    Room tone has the level, the spectrum and the image of the four quietest half seconds of the recording (of as many
    as there are; fiftieths where no pause is longer), without an offset. Digital silence is put instead where
    the recording has none to go by: it is shorter than half a second, or no stretch of it is at -40 dBFS RMS or under.
    Where its pauses are digital silence, so is the room tone. It is the same for the same recording, lengths and
    `seed`.

    With `tone_dbfs` the room tone has that level, and where the recording has none to go by it is white noise; round
    digital silence there is none. Such a level says nothing of the recording, so its noise floor is not measured there.
    """

    name = "pad"
    keeps_length = False

    @property
    def apart_s(self) -> tuple[float, float]:
        """How much at the beginning and at the end says nothing of the recording's noise floor."""
        states_level = self.options.room_tone and self.options.tone_dbfs is not None
        return (self.options.head_s, self.options.tail_s) if states_level else (0.0, 0.0)

    def edit(self, signal: Signal) -> Signal:
        """The longer signal; for room tone, `signal` has been walked through once and put aside."""
        if not self.options.room_tone:
            return _Padded(signal, self.options, [])
        quiet = QuietWindows(signal.sample_rate, signal.channels)
        spool = Spool.like(signal)
        has_sound = False
        for block in signal.blocks():
            quiet.add(block)
            spool.append(block)
            has_sound = has_sound or bool(block.any())
        windows = quiet.windows()
        if self.options.tone_dbfs is not None and has_sound:
            windows = at_level(windows, self.options.tone_dbfs, signal.channels)
        return _Padded(spool, self.options, windows)


class _Padded(DerivedSignal):
    def __init__(self, signal: Signal, options: PadOptions, windows: list[Block]) -> None:
        self._windows, self._seed = windows, options.seed
        self._head_samples = round(options.head_s * signal.sample_rate)
        self._tail_samples = round(options.tail_s * signal.sample_rate)
        super().__init__(signal, n_samples=self._head_samples + signal.n_samples + self._tail_samples)
        origin = origin_of(signal)
        self.origin = origin and origin.moved(-self._head_samples / signal.sample_rate)

    def blocks(self, block_samples: int = BLOCK_SAMPLES) -> Iterator[Block]:
        yield from _cut(self._quiet(self._head_samples, (self._seed, 0)), block_samples)
        yield from self.source.blocks(block_samples)
        yield from _cut(self._quiet(self._tail_samples, (self._seed, 1)), block_samples)

    def _quiet(self, n_samples: int, seed: tuple[int, ...]) -> Iterator[Block]:
        if self._windows:
            yield from room_tone(self._windows, n_samples, seed)
            return
        for start in range(0, n_samples, BLOCK_SAMPLES):
            yield np.zeros((self.channels, min(BLOCK_SAMPLES, n_samples - start)), np.float32)


def _cut(blocks: Iterator[Block], block_samples: int) -> Iterator[Block]:
    for block in blocks:
        for start in range(0, block.shape[1], block_samples):
            yield block[:, start : start + block_samples]
