"""UnivNet as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CallError, CheckpointError, NoVoice
from vocolab.errors.problems import problems_text
from vocolab.mels.spec import MelSpec
from vocolab.networks.execution import TorchExecution
from vocolab.networks.noise import gaussian
from vocolab.networks.weights import filled
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_univnet.config import UnivNetConfig, config_problems
from vocolab_univnet.generator import UnivNetGenerator


class UnivNet:
    """A UnivNet voice, ready to render."""

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("univnet needs trained weights, and none were given")
        self.network = build_generator(voice)
        self.execution = TorchExecution(self.network)
        self.mel_spec, self.context_frames = self.network.spec, self.network.context_frames

    def to(self, device: str) -> None:
        """Run on that device from now on; mels and audio stay NumPy arrays."""
        self.execution.to(device)

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
                            f"{mel.shape[1]} "
                            "frames")
        (audio,) = self.execution(mel[None], noise[None])
        samples: NDArray[np.float32] = audio[0]
        return samples


def build_generator(voice: Voice) -> UnivNetGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    spec = voice.mel_spec
    if spec is None:
        raise CheckpointError("the voice states no mel convention, and a vocoder has one")
    if problems := config_problems(voice.config, spec.hop_samples):
        raise CheckpointError(f"the config does not describe a UnivNet: {problems_text(problems)}")
    config = UnivNetConfig.model_validate(voice.config)
    return filled(lambda: UnivNetGenerator(config, spec), voice.float32(), "the checkpoint")
