"""A vocoder whose graph maps a mel to spectra: the inverse STFT is NumPy's.

In a graph the transform is two products of matrices and four transpositions, and took a sixth of the time of Vocos.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from vocolab.engines.interfaces import Program
from vocolab.engines.waveform import GraphVocoder
from vocolab.networks.interfaces import Execution
from vocolab.options import Options
from vocolab.spectral.frames import Frames
from vocolab.spectral.transform import Transform
from vocolab.voice import Voice

Floats = NDArray[np.float32]


class SpectrumVocoder(GraphVocoder):
    """A `Vocoder` around a graph from (batch, n_mels, frames) to (batch, frames, bins, 2), real and imaginary parts.

    The frames of the spectra are those of the mel.
    """

    def __init__(self, options: Options, voice: Voice, program: Program) -> None:
        assert voice.mel_spec is not None
        execution = Resynthesis(program.execution, partial(Frames.of_mel, voice.mel_spec))
        super().__init__(options, voice, replace(program, execution=execution))


class Resynthesis:
    """An `Execution` that adds up the spectra of another one: to (batch, samples).

    Args:
        spectra: Gives (batch, count, bins, 2).
        frames_of: Where so many spectra stand.
    """

    def __init__(self, spectra: Execution, frames_of: Callable[[int], Frames]) -> None:
        self._spectra, self._frames_of = spectra, frames_of

    def __call__(self, *inputs: Floats) -> tuple[Floats, ...]:
        """The audio of what the other gives for `inputs`."""
        (given,) = self._spectra(*inputs)
        return (np.stack([self._audio(one) for one in as_complex(given)]),)

    def to(self, device: str) -> None:
        """The other goes there; transforms stay NumPy's."""
        self._spectra.to(device)

    def _audio(self, spectra: NDArray[np.complex64]) -> Floats:
        return Transform(self._frames_of(len(spectra)), 0).signal_of(lambda block: spectra[block[0] : block[1]])


def as_complex(parts: Floats) -> NDArray[np.complex64]:
    """(..., 2), real and imaginary parts, as (...)."""
    return np.ascontiguousarray(parts).view(np.complex64)[..., 0]
