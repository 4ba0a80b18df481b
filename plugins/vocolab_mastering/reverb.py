"""Reverb: pedalboard's, which is Jezar's Freeverb as JUCE has it."""

from __future__ import annotations

import numpy as np
import pedalboard

from vocolab.effects import Block, BlockEffect, BlockProcessor
from vocolab_mastering.even_blocks import EvenBlocks
from vocolab_mastering.options_tone import ReverbOptions

_BLOCK_SAMPLES = 4096
_WET_LEVEL = 2 / 3  # about as loud as the input, for noise in rooms of medium size
_RAMP_MS = 50  # JUCE moves its gains to where they were set; that is over before the first sample


class Reverb(BlockEffect[ReverbOptions]):
    """`mix` is how much of the room is heard; the direct sound is not in the room's own part.

    The length stays: what rings on after the end is cut off. Put `pad` before it where the room is to ring out. Mono
    and stereo each have a room of their own kind; of more than two channels each has a mono room. The first echo comes
    25 ms after the sound.
    """

    name = "reverb"

    def open(self, sample_rate: int, channels: int) -> BlockProcessor:
        """A room for one stream."""
        groups = [slice(0, 2)] if channels == 2 else [slice(index, index + 1) for index in range(channels)]
        rooms = [(group, self._room(group.stop - group.start, sample_rate)) for group in groups]

        def ring(block: Block) -> Block:
            parts = [room.process(block[group], sample_rate, _BLOCK_SAMPLES, reset=False) for group, room in rooms]
            return np.concatenate(parts)

        return EvenBlocks(ring, _BLOCK_SAMPLES, channels)

    def _room(self, channels: int, sample_rate: int) -> pedalboard.Reverb:
        options = self.options
        room = pedalboard.Reverb(
            room_size=options.room_size,
            damping=options.damping,
            width=options.width,
            wet_level=_WET_LEVEL,
            dry_level=0.0,
        )
        silence = np.zeros((channels, _BLOCK_SAMPLES), np.float32)
        for _ in range(1 + _RAMP_MS * sample_rate // 1000 // _BLOCK_SAMPLES):
            room.process(silence, sample_rate, _BLOCK_SAMPLES, reset=False)
        return room
