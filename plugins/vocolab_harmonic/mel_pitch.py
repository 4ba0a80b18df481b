"""F0 of a mel that comes in parts: the same numbers, to the last bit, however it is cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.scaling import silence
from vocolab.rendering.chunks import FIRST_FRAMES
from vocolab_harmonic.pitch_reader import PitchReader
from vocolab_harmonic.sizes import ahead_frames

BLOCK_FRAMES = 32
"""F0 is read in blocks on a fixed grid. The phase of the pulses adds up what kernels round differently for other
shapes, and would be another one after a minute. The first block is what a stream's first chunk depends on."""


class MelPitch:
    """Takes frames of a mel and gives their F0 as soon as the frames after them are known; around it is silence.

    Args:
        reader: Of a voice's network.
        late_frames: How many frames more than a rendering's first chunk depends on have to come until it is heard,
            since filters follow.
    """

    def __init__(self, reader: PitchReader, late_frames: int = 0) -> None:
        self.spec, self._reader, self._tails = reader.spec, reader, reader.begun()
        self._pending = silence(reader.spec, 0)
        self._early = reader.ahead_frames
        """Frames before the mel whose F0 is still to come."""
        self._owed = 0
        self._block = FIRST_FRAMES + ahead_frames(reader.config, reader.spec) + late_frames

    def extend(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """Takes the next frames, (n_mels, frames); F0 in Hz of all that can be known, 0 where unvoiced."""
        self._owed += mel.shape[1]
        return self._read(mel)

    def finish(self) -> NDArray[np.float32]:
        """The F0 of the frames that are left."""
        behind = self._reader.ahead_frames + self._block if self._owed else 0
        return self._read(silence(self._reader.spec, behind))

    def _read(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        self._pending = np.concatenate([self._pending, mel], axis=1)
        blocks, frames = self._whole_blocks()
        if not blocks:
            return np.zeros(0, dtype=np.float32)
        f0 = self._reader.follow(self._pending[:, :frames], self._tails, blocks)
        self._pending = self._pending[:, frames:]
        early = min(self._early, f0.size)
        self._early -= early
        found = f0[early : early + self._owed]
        self._owed -= found.size
        return found

    def _whole_blocks(self) -> tuple[list[int], int]:
        """The blocks that all frames are there for, as many as F0 is owed of; and their frames."""
        blocks, frames, wanted = list[int](), 0, self._owed + self._early
        while frames < wanted and frames + self._block <= self._pending.shape[1]:
            blocks.append(self._block)
            frames, self._block = frames + self._block, BLOCK_FRAMES
        return blocks, frames


def f0_of(reader: PitchReader, mel: NDArray[np.float32]) -> NDArray[np.float32]:
    """F0 of every frame of a whole mel (n_mels, frames), in Hz, 0 where unvoiced."""
    pitch = MelPitch(reader)
    return np.concatenate([pitch.extend(mel), pitch.finish()])
