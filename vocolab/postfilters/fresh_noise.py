"""Noise in place of what a vocoder gives for noise: breath and fricatives that do not repeat themselves."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from vocolab.interfaces import Vocoder
from vocolab.networks.noise import gaussian
from vocolab.postfilters.noisiness import noisiness
from vocolab.postfilters.postfilter import Postfilter
from vocolab.postfilters.reaches import noise_reach
from vocolab.spectral.frames import Frames
from vocolab.spectral.transform import Block, Transform

_SMOOTHED_HZ = 200.0
"""Over how much the vocoder's magnitudes are averaged: their fine structure is what repeats."""
_STREAM = 7301
"""No vocoder draws its own noise from this stream."""


class FreshNoise(Postfilter):
    """A vocoder whose noise is drawn anew.

    A network that is given no noise invents it from the mel, and much the same for every frame: see
    `vocolab.metrics.noise`. With w the noisiness of a frame (`noisiness`), |Y| its spectrum averaged over 200 Hz and Z
    the spectrum of white Gaussian noise whose mean magnitude is 1,

        Y' = sqrt(1 - w) Y + sqrt(w) |Y| Z

    The noise is that of the seed and of the absolute sample. Levels are left as rough as single frames of noise are;
    band gains bring them to the mel's.
    """

    def __init__(self, vocoder: Vocoder) -> None:
        spec = vocoder.mel_spec
        super().__init__(vocoder, noise_reach(spec))
        self._bins = max(round(_SMOOTHED_HZ * spec.n_fft / spec.sample_rate), 1)

    def filter(
        self, audio: NDArray[np.float32], mel: NDArray[np.float32], first_frame: int, seed: int = 0
    ) -> NDArray[np.float32]:
        """The rendering with new noise."""
        white = gaussian(seed, first_frame * self.mel_spec.hop_samples, audio.size, stream=_STREAM)
        frames = Frames.of_mel(self.mel_spec, mel.shape[1])
        kept, drawn = _shares(noisiness(mel, self.mel_spec), frames)
        transform = Transform(frames, first_frame)
        signal, noise = frames.reflect(audio), frames.reflect(white)

        def mixed(block: Block) -> NDArray[np.complex64]:
            here = slice(block[0], block[1])
            spectra, hiss = transform.analyse(signal, block), transform.analyse(noise, block)
            hiss *= drawn[here] * uniform_filter1d(np.abs(spectra), self._bins, axis=1, mode="nearest")
            return np.asarray(kept[here] * spectra + hiss)

        return transform.signal_of(mixed)


def _shares(share: NDArray[np.float32], frames: Frames) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Factors (frames, 1) of the vocoder's spectra, and of those of unit noise."""
    mean_magnitude = math.sqrt(math.pi / 4 * float(np.sum(np.square(frames.window, dtype=np.float64))))
    kept, drawn = np.sqrt(1 - share), np.sqrt(share) / mean_magnitude
    return kept[:, None].astype(np.float32), drawn[:, None].astype(np.float32)
