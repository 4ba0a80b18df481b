"""The magnitudes of a mel, every frame with phase zero.

A frame of zero phase is a pulse in its middle. Laid one hop apart, they sound like a voice on the note of the frame
rate: words can be understood, whoever says them is a robot.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab import MelSpec, Voice, convention
from vocolab.mels.filters import mel_filters, spectrum_gain
from vocolab_buzz.plugin import BuzzOptions


class Buzz:
    """Zero-phase synthesis from a mel of any convention without statistics."""

    def __init__(self, options: BuzzOptions, voice: Voice | None, mel_spec: MelSpec | None) -> None:
        self.mel_spec = mel_spec or convention("hifigan-22k")
        # Half a frame of samples reaches this many hops, and where frames stand moves it by one more.
        self.context_frames = math.ceil(self.mel_spec.n_fft / 2 / self.mel_spec.hop_samples) + 1
        self._inverse = np.linalg.pinv(mel_filters(self.mel_spec).astype(np.float64))
        self._gain = 10 ** (options.level_db / 20)

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        """Audio of frames * hop samples."""
        spec = self.mel_spec
        frames, hop = mel.shape[1], spec.hop_samples
        pulses = np.fft.fftshift(np.fft.irfft(self._magnitudes(mel), n=spec.n_fft, axis=0), axes=0)
        pulses *= np.hanning(spec.n_fft + 1)[:-1, None] * self._gain
        half = spec.n_fft // 2
        centre = hop // 2 if spec.padding == "hifigan" else 0
        audio: NDArray[Any] = np.zeros(frames * hop + spec.n_fft + hop)
        for frame in range(frames):
            audio[frame * hop + centre :][: spec.n_fft] += pulses[:, frame]
        return audio[half : half + frames * hop].astype(np.float32)

    def _magnitudes(self, mel: NDArray[np.float32]) -> NDArray[np.float64]:
        """Of the spectrum: the logarithm and the filter bank undone, (n_fft // 2 + 1, frames)."""
        spec = self.mel_spec
        logarithm = (mel.astype(np.float64) - spec.log_offset) / spec.log_gain
        bands = np.exp(logarithm) if spec.log_base == "e" else 10**logarithm
        magnitudes = np.maximum(self._inverse @ bands, 0.0) ** (1 / spec.power)
        return np.asarray(magnitudes / spectrum_gain(spec))
