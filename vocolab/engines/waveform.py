"""A vocoder whose graph maps a mel to audio and draws nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.engines.interfaces import Program
from vocolab.errors import NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.options import Options
from vocolab.voice import Voice


class GraphVocoder:
    """A `Vocoder` around a graph from (batch, n_mels, frames) to (batch, frames * hop_samples)."""

    def __init__(self, options: Options, voice: Voice, program: Program) -> None:
        if voice.mel_spec is None:
            raise NoVoice("a voice without a mel convention is no vocoder's")
        self.mel_spec: MelSpec = voice.mel_spec
        self.context_frames = int(program.facts["context_frames"])
        self.execution = program.execution
        self._least = int(program.facts["least_frames"])

    def render(self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames); nothing is random.

        A mel that is shorter than the graph needs is lengthened by its last frame, and the audio cut.
        """
        frames = mel.shape[1]
        if frames < self._least:
            mel = np.pad(mel, ((0, 0), (0, self._least - frames)), mode="edge")
        (audio,) = self.execution(np.ascontiguousarray(mel)[None])
        samples: NDArray[np.float32] = audio[0, : frames * self.mel_spec.hop_samples]
        return samples
