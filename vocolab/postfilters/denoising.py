"""A denoiser for any vocoder: what it makes of silence is subtracted from what it makes of speech."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.interfaces import Vocoder
from vocolab.mels.scaling import silence
from vocolab.postfilters.postfilter import Postfilter
from vocolab.postfilters.reaches import denoising_reach
from vocolab.spectral.frames import Frames
from vocolab.spectral.transform import Block, Transform

FLOOR_DB = -30.0
"""No bin is lowered further: what is left hides that single bins come and go."""
_BIAS_FRAMES = 64
_TINY = np.float32(1e-30)


class Denoised(Postfilter):
    """A vocoder without the noise of its own.

    The bias spectrum is the mean magnitude of what the vocoder makes of digital silence in its own convention, as in
    NVIDIA's WaveGlow. It is subtracted from the magnitudes of every frame, and the phases stay:

        |Y| = max(|X| - 10 ** (strength_db / 20) * bias,  10 ** (FLOOR_DB / 20) * |X|)

    Frames are four hops long under a Hann window and stand at absolute places, so that parts equal the whole.

    Args:
        vocoder: What is denoised.
        strength_db: 0 subtracts the bias spectrum itself, 6 twice of it, -6 half of it.
    """

    def __init__(self, vocoder: Vocoder, strength_db: float) -> None:
        super().__init__(vocoder, denoising_reach(vocoder.mel_spec))
        self.strength_db = strength_db
        self._subtracted = np.float32(10 ** (strength_db / 20)) * bias_spectrum(vocoder)

    def filter(
        self, audio: NDArray[np.float32], mel: NDArray[np.float32], first_frame: int, seed: int = 0
    ) -> NDArray[np.float32]:
        """The rendering, denoised."""
        if not self._subtracted.any():
            return audio
        frames = Frames.covering(self.mel_spec.hop_samples, mel.shape[1])
        transform = Transform(frames, first_frame)
        signal, least = frames.repeat(audio), np.float32(10 ** (FLOOR_DB / 20))

        def clean(block: Block) -> NDArray[np.complex64]:
            spectra = transform.analyse(signal, block)
            gain = 1 - self._subtracted / np.maximum(np.abs(spectra), _TINY)
            return np.asarray(spectra * np.maximum(gain, least))

        return transform.signal_of(clean)


def bias_spectrum(vocoder: Vocoder) -> NDArray[np.float32]:
    """Mean magnitudes (2 * hop_samples + 1,) of what a vocoder makes of silence, away from both ends."""
    spec, context = vocoder.mel_spec, vocoder.context_frames
    audio = vocoder.render(silence(spec, _BIAS_FRAMES + 2 * context))
    hop = spec.hop_samples
    frames = Frames.covering(hop, _BIAS_FRAMES)
    transform = Transform(frames, 0)
    signal = frames.repeat(audio[context * hop : (context + _BIAS_FRAMES) * hop])
    spectra = np.concatenate([transform.analyse(signal, block) for block in transform.blocks()])
    # The first and the last frames reach over the ends.
    inner = slice(frames.reach, -frames.reach)
    bias: NDArray[np.float32] = np.abs(spectra[inner]).mean(axis=0)
    return bias
