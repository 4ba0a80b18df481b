"""Parallel WaveGAN as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.networks.generators import generator_of
from vocolab.networks.noise import gaussian
from vocolab.networks.vocoder import RunsNetwork
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_parallelwavegan.config import ParallelWaveGanConfig, config_problems
from vocolab_parallelwavegan.generator import ParallelWaveGanGenerator


class ParallelWaveGan(RunsNetwork):
    """A Parallel WaveGAN voice, ready to render."""

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("parallelwavegan needs trained weights, and none were given")
        generator = build_generator(voice)
        super().__init__(generator, generator.spec, generator.context_frames)

    def render(
        self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0,
        noise: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames), its noise tied to the absolute sample.

        `noise` (frames * hop_samples,) of unit variance is taken in place of the seed's.
        """
        hop = self.mel_spec.hop_samples
        if noise is None:
            noise = gaussian(seed, first_frame * hop, mel.shape[1] * hop)
        return self.run(mel, noise)


def build_generator(voice: Voice) -> ParallelWaveGanGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    return generator_of(voice, ParallelWaveGanConfig, config_problems, ParallelWaveGanGenerator, "a Parallel WaveGAN")
