"""F0 of a mel that comes in parts: the same numbers, to the last bit, however it is cut."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.scaling import silence
from vocolab_harmonic.pitch_reader import PitchReader
from vocolab_harmonic.sizes import pitch_context_frames

BLOCK_FRAMES = 64
"""F0 is read in blocks of one shape on a fixed grid. The phase of the pulses adds up what kernels round differently for
other shapes, and would be another one after a minute."""


class MelPitch:
    """Takes frames of a mel and gives their F0 as soon as the frames after them are known; around it is silence."""

    def __init__(self, reader: PitchReader) -> None:
        self._reader = reader
        self._context = pitch_context_frames()
        self._mel = silence(reader.spec, self._context)
        self._owed = 0

    def extend(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """Takes the next frames, (n_mels, frames); F0 in Hz of all that can be known, 0 where unvoiced."""
        self._mel = np.concatenate([self._mel, mel], axis=1)
        self._owed += mel.shape[1]
        found = [np.zeros(0, dtype=np.float32)]
        width = BLOCK_FRAMES + 2 * self._context
        while self._mel.shape[1] >= width and self._owed > 0:
            found.append(self._block(self._mel[:, :width])[: self._owed])
            self._mel = self._mel[:, BLOCK_FRAMES:]
            self._owed -= found[-1].size
        return np.concatenate(found)

    def finish(self) -> NDArray[np.float32]:
        """The F0 of the frames that are left."""
        owed = self._owed
        missing = -(-owed // BLOCK_FRAMES) * BLOCK_FRAMES + 2 * self._context
        found = self.extend(silence(self._reader.spec, missing))
        return found[:owed]

    def _block(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        return self._reader.f0_hz(mel)[self._context : self._context + BLOCK_FRAMES]
