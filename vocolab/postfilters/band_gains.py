"""Band gains: each band of a rendering brought to the level that the mel asks for, and nothing else changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from vocolab.interfaces import Vocoder
from vocolab.mels.filters import mel_filters, spectrum_gain
from vocolab.mels.scaling import natural_log
from vocolab.mels.spec import MelSpec
from vocolab.postfilters.postfilter import Postfilter
from vocolab.spectral.frames import Frames
from vocolab.spectral.transform import Transform

RELAXATION = 1.3
"""What differences are multiplied by after the first round, which takes away what all frames agree on."""
MOMENTUM = 0.75
"""How much of a round's step the next one begins further on, as in Nesterov's gradient method. With it 8 rounds come as
near as 12 without. It converges while RELAXATION is below (2 + 2 MOMENTUM) / (1 + 2 MOMENTUM), which is 1.4."""
MOST_NATS = 3.0
"""Of one round's correction: 26 dB."""


class Levelled(Postfilter):
    """A vocoder whose bands are brought to the levels of the mel.

    One round takes the STFT of the rendering, compares its mel with the one that was asked for, multiplies each bin by
    the difference of its bands, and adds the frames up again. Phases and what is finer than a band stay the vocoder's:
    what was noise stays noise, and nothing takes on the period of a frame. Overlapping frames do not agree in what they
    ask for, so that it takes a few rounds until the mel is the wanted one.

    Args:
        vocoder: What is levelled.
        rounds: 1 or more.
    """

    def __init__(self, vocoder: Vocoder, rounds: int) -> None:
        super().__init__(vocoder, rounds * Frames.of_mel(vocoder.mel_spec, 1).reach + 1)
        self.rounds = rounds
        self._bands = Bands(self.mel_spec)

    def filter(
        self, audio: NDArray[np.float32], mel: NDArray[np.float32], first_frame: int, seed: int = 0
    ) -> NDArray[np.float32]:
        """The rendering, levelled."""
        return level(audio, mel, self._bands, self.rounds, first_frame)


class Bands:
    """From magnitudes to the gains that bring them to a mel."""

    def __init__(self, spec: MelSpec) -> None:
        self.spec = spec
        filters = mel_filters(spec)
        total = filters.sum(axis=0)
        share = np.divide(filters, total, out=np.zeros_like(filters), where=total > 0)
        self._filters, self._spread = csr_array(filters), csr_array(share.T)
        self._gain = np.float32(spectrum_gain(spec))
        self._floor = np.float32(spec.clamp)

    def wanted(self, mel: NDArray[np.float32]) -> NDArray[np.float32]:
        """The natural logarithms of the bands, (n_mels, frames)."""
        return natural_log(mel, self.spec).astype(np.float32)

    def gains(
        self, magnitudes: NDArray[np.float32], wanted: NDArray[np.float32], relaxation: float
    ) -> NDArray[np.float32]:
        """Factors (frames, bins) for magnitudes of that shape, of `relaxation` times the difference."""
        spectrum = magnitudes.T * self._gain
        if self.spec.power != 1.0:
            spectrum **= np.float32(self.spec.power)
        own = np.log(np.maximum(self._filters @ spectrum, self._floor))
        apart = np.clip(wanted - own, -MOST_NATS, MOST_NATS)
        apart *= np.float32(relaxation / self.spec.power)
        return np.exp(self._spread @ apart).T  # type: ignore[no-any-return]


def level(
    audio: NDArray[np.float32], mel: NDArray[np.float32], bands: Bands, rounds: int, first_frame: int
) -> NDArray[np.float32]:
    """`rounds` rounds on audio (frames * hop_samples,) of a mel (n_mels, frames)."""
    frames = Frames.of_mel(bands.spec, mel.shape[1])
    transform, norm, wanted = Transform(frames, first_frame), frames.norm(), bands.wanted(mel)
    begin = audio
    for index in range(rounds):
        signal, following = frames.reflect(begin), np.zeros(frames.samples, dtype=np.float32)
        for block in transform.blocks():
            spectra = transform.analyse(signal, block)
            relaxation = RELAXATION if index else 1.0
            spectra *= bands.gains(np.abs(spectra), wanted[:, block[0] : block[1]], relaxation)
            transform.synthesise(spectra, block, following)
        following *= norm
        before, audio = audio, frames.trim(following)
        begin = audio + np.float32(MOMENTUM) * (audio - before) if index else audio
    return audio
