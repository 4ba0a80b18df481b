"""UnivNet as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CallError, NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.networks.generators import generator_of
from vocolab.networks.noise import gaussian
from vocolab.networks.vocoder import RunsNetwork
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_univnet.config import UnivNetConfig, config_problems
from vocolab_univnet.generator import UnivNetGenerator


class UnivNet(RunsNetwork):
    """A UnivNet voice, ready to render."""

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("univnet needs trained weights, and none were given")
        generator = build_generator(voice)
        super().__init__(generator, generator.spec, generator.context_frames)

    def render(
        self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0,
        noise: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames), its noise tied to the absolute frame.

        `noise` (noise_dim, frames) of unit variance is taken in place of the seed's.
        """
        width = self.network.config.noise_dim
        if noise is None:
            noise = gaussian(seed, first_frame * width, mel.shape[1] * width).reshape(-1, width).T
        elif noise.shape != (width, mel.shape[1]):
            raise CallError(f"noise: its shape is {noise.shape}; this voice takes {width} numbers a frame, "
                            f"{mel.shape[1]} frames")
        return self.run(mel, noise)


def build_generator(voice: Voice) -> UnivNetGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    return generator_of(voice, UnivNetConfig, config_problems, UnivNetGenerator, "a UnivNet")
