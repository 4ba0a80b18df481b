"""Griffin-Lim as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.mels.conventions import convention
from vocolab.mels.inversion import MelInversion
from vocolab.mels.spec import MelSpec
from vocolab.spectral.frames import Frames
from vocolab.spectral.iteration import Iteration
from vocolab.voice import Voice
from vocolab_griffinlim.options import GriffinLimOptions
from vocolab_griffinlim.phases import random_phases
from vocolab_griffinlim.pseudo_inverse import PseudoInverse
from vocolab_griffinlim.sizes import context_frames


class GriffinLim:
    """Audio whose spectrogram is near the mel's, found by iteration from random phases.

    D. Griffin and J. Lim, "Signal estimation from modified short-time Fourier transform", 1984; the momentum is that of
    N. Perraudin, P. Balazs and P. Soendergaard, "A fast Griffin-Lim algorithm", 2013. Magnitudes come from the mel by
    `MelInversion`, or as most toolkits do by `PseudoInverse`; above the highest filter and below the lowest there is
    nothing.

    The signal exists wherever frames do, also half a window before the first and after the last; what lies outside of
    frames * hop samples takes part in the iteration and is cut off at the end.
    """

    def __init__(self, options: GriffinLimOptions, voice: Voice | None = None, mel_spec: MelSpec | None = None) -> None:
        self.mel_spec = mel_spec or convention("hifigan-22k")
        self._options = options
        self._invert = (MelInversion if options.inversion == "exact" else PseudoInverse)(self.mel_spec)
        self.context_frames = context_frames(
            options.iterations, self.mel_spec.win_samples, self.mel_spec.hop_samples
        )

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        """frames * hop_samples samples for a mel (n_mels, frames) of `mel_spec`.

        The phases at the start are drawn from `seed` and the absolute frame.
        """
        magnitudes = self._invert(mel, first_frame)
        frames = Frames.of_mel(self.mel_spec, mel.shape[1])
        phases = random_phases(seed, first_frame, *magnitudes.shape)
        iteration = Iteration(frames, magnitudes, self._options.momentum, first_frame)
        return frames.trim(iteration.run(phases, self._options.iterations))
