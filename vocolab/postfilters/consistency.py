"""Mel-consistency refinement: a rendering brought to the very mel that it was made from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.interfaces import Vocoder
from vocolab.mels.inversion import MelInversion
from vocolab.postfilters.postfilter import Postfilter
from vocolab.postfilters.reaches import refining_reach
from vocolab.spectral.frames import Frames
from vocolab.spectral.iteration import Iteration
from vocolab.spectral.transform import Transform

MOMENTUM = 0.99
SOFTNESS = 0.1
"""Keeps what a network's rounding differs by from chunk to chunk under 1e-5, and the mel no further off."""
_TINY = np.float32(1e-30)


class Refined(Postfilter):
    """A vocoder whose output is refined.

    The phases are the vocoder's own. The magnitudes are its own as well, each band's gain corrected so that their mel
    is the one that was given (`MelInversion.corrected`); where no filter reaches, above the mel, nothing is corrected.
    Rounds of fast Griffin-Lim (Perraudin, Balazs and Soendergaard, 2013; see `Iteration`) then move the phases until
    there is a signal that has these magnitudes.

    Args:
        vocoder: What is refined.
        rounds: Of Griffin-Lim, 0 or more; with 0 the magnitudes are corrected and the phases stay.
    """

    magnifies_rounding = True

    def __init__(self, vocoder: Vocoder, rounds: int) -> None:
        super().__init__(vocoder, refining_reach(vocoder.mel_spec, rounds))
        self.rounds = rounds
        self._inversion = MelInversion(self.mel_spec)

    def filter(
        self, audio: NDArray[np.float32], mel: NDArray[np.float32], first_frame: int, seed: int = 0
    ) -> NDArray[np.float32]:
        """The rendering, refined."""
        frames = Frames.of_mel(self.mel_spec, mel.shape[1])
        own, phases = _polar(frames, audio, first_frame)
        magnitudes = self._inversion.corrected(own, mel, first_frame)
        iteration = Iteration(frames, magnitudes, MOMENTUM, first_frame, SOFTNESS)
        return frames.trim(iteration.run(phases, self.rounds))


def _polar(
    frames: Frames, audio: NDArray[np.float32], first_frame: int
) -> tuple[NDArray[np.float32], NDArray[np.complex64]]:
    """Magnitudes and unit vectors of audio, both (frames, bins)."""
    transform = Transform(frames, first_frame)
    signal = frames.reflect(audio)
    spectra = np.concatenate([transform.analyse(signal, block) for block in transform.blocks()])
    magnitudes = np.abs(spectra)
    spectra /= np.maximum(magnitudes, _TINY)
    return magnitudes, spectra
