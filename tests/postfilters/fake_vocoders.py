"""Vocoders for tests of what is done to a vocoder's output. No speech comes out of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.interfaces import Vocoder
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab.networks.noise import gaussian

HIFIGAN = convention("hifigan-22k")


class Carrier:
    """White noise of the absolute sample, as loud in each hop as the mel's mean band, and silent for a silent mel.

    With `hum` (samples of one hop) added everywhere, and `hiss` of that RMS drawn from the seed.
    """

    def __init__(self, spec: MelSpec = HIFIGAN, *, hum: NDArray[np.float32] | None = None, hiss: float = 0.0) -> None:
        self.mel_spec, self.context_frames = spec, 0
        self.hop = spec.hop_samples
        self.hum = np.zeros(self.hop, np.float32) if hum is None else hum
        self.hiss = hiss

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        frames = mel.shape[1]
        above = np.maximum(mel.mean(axis=0) - self.mel_spec.silence, 0.0)
        level = np.where(above > 1e-3, 0.1 * np.exp(np.minimum(above - 8.0, 0.0)), 0.0).astype(np.float32)
        first, n_samples = first_frame * self.hop, frames * self.hop
        voice = np.repeat(level, self.hop) * gaussian(0, first, n_samples)
        hiss = np.float32(self.hiss) * gaussian(seed, first, n_samples, stream=1)
        audio: NDArray[np.float32] = voice + np.tile(self.hum, frames) + hiss
        return audio


def hum(spec: MelSpec = HIFIGAN, amplitude: float = 0.01) -> NDArray[np.float32]:
    """One hop of a tone that goes on from hop to hop: the fourth harmonic of the frame rate."""
    turns = np.arange(spec.hop_samples) * 4 / spec.hop_samples
    wave: NDArray[np.float32] = (amplitude * np.sin(2 * np.pi * turns)).astype(np.float32)
    return wave


def part(vocoder: Vocoder, mel: NDArray[np.float32], start: int, stop: int, seed: int = 0) -> NDArray[np.float32]:
    """Frames `start` to `stop`, rendered with their context alone."""
    first, last = max(0, start - vocoder.context_frames), min(mel.shape[1], stop + vocoder.context_frames)
    samples = vocoder.render(np.ascontiguousarray(mel[:, first:last]), first_frame=first, seed=seed)
    hop = vocoder.mel_spec.hop_samples
    return samples[(start - first) * hop : (stop - first) * hop]
