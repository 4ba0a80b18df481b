"""WaveGlow as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError, NoVoice
from vocolab.errors.problems import problems_text
from vocolab.mels.spec import MelSpec
from vocolab.networks.execution import TorchExecution
from vocolab.networks.noise import gaussian
from vocolab.networks.weights import filled
from vocolab.voice import Voice
from vocolab_waveglow.config import WaveGlowConfig, config_problems
from vocolab_waveglow.network import WaveGlow
from vocolab_waveglow.options import WaveGlowOptions


class WaveGlowVocoder:
    """A WaveGlow voice, ready to render.

    The flow takes as many numbers as it gives samples, so one line of noise feeds it, each number at the place of its
    sample: group g takes the numbers from g * n_group on, in the order in which `WaveGlow.encode` gives them.
    """

    def __init__(self, options: WaveGlowOptions, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("waveglow needs trained weights, and none were given")
        self.sigma = options.sigma
        self.network = build_network(voice).keep_inverses()
        self.execution = TorchExecution(self.network)
        self.mel_spec = voice.mel_spec
        self.context_frames = self.network.context_frames

    def to(self, device: str) -> None:
        """Run on that device from now on; mels and audio stay NumPy arrays."""
        self.execution.to(device)

    def render(
        self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0,
        latent: NDArray[np.float32] | None = None,
    ) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames), its noise tied to the absolute sample.

        `latent` (frames * hop_samples,) is taken as it is in place of noise times sigma.
        """
        hop = self.mel_spec.hop_samples
        if latent is None:
            latent = gaussian(seed, first_frame * hop, mel.shape[1] * hop) * np.float32(self.sigma)
        (audio,) = self.execution(mel[None], latent[None])
        samples: NDArray[np.float32] = audio[0]
        return samples


def build_network(voice: Voice) -> WaveGlow:
    """The network that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights, or a mixing can't be inverted.
    """
    if problems := config_problems(voice.config, voice.mel_spec.hop_samples):
        raise CheckpointError(f"the config does not describe a WaveGlow: {problems_text(problems)}")
    config = WaveGlowConfig.model_validate(voice.config)
    network = filled(lambda: WaveGlow(config, voice.mel_spec), voice.float32(), "the checkpoint")
    flat = [f"convinv.{flow}" for flow, mixing in enumerate(network.convinv) if not mixing.is_invertible()]  # type: ignore[operator]
    if flat:
        raise CheckpointError(f"the weights of {', '.join(flat)} have no inverse, so no audio comes out of them")
    return network
