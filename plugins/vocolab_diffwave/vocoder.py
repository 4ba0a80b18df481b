"""DiffWave as a vocoder: numpy mel in, numpy audio out, sampled as the options say."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vocolab.errors import CheckpointError, NoVoice
from vocolab.errors.problems import problems_text
from vocolab.mels.spec import MelSpec
from vocolab.networks.weights import filled
from vocolab.voice import Voice
from vocolab_diffwave.config import DiffWaveConfig, config_problems
from vocolab_diffwave.denoiser import MelDenoiser
from vocolab_diffwave.latents import Latents
from vocolab_diffwave.network import DiffWave as Network
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.plan import Plan
from vocolab_diffwave.sampling import given_noise, sample, white_noise


class DiffWave:
    """A DiffWave voice, ready to render."""

    def __init__(self, options: DiffWaveOptions, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("diffwave needs trained weights, and none were given")
        self.network = build_network(voice).eval().requires_grad_(False)
        self.mel_spec = voice.mel_spec
        self.latents = Latents(self.network.config, self.mel_spec)
        self.plan = Plan.of(options, self.network.config)
        self.context_frames = self.plan.context_frames(self.mel_spec)
        self.device = "cpu"

    def to(self, device: str) -> None:
        """Run on that device from now on; mels and audio stay NumPy arrays."""
        self.network.to(device)
        self.latents.to(device)
        self.device = device

    def render(
        self, mel: NDArray[np.float32], *, first_frame: int = 0, seed: int = 0, noise: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Audio of (frames * hop_samples,) for a mel of (n_mels, frames); the seed draws the noise.

        `noise` (draws, frames * hop_samples) is taken instead: a line for each draw of the sampler.
        """
        values = torch.from_numpy(np.ascontiguousarray(mel))[None].to(self.device)
        with torch.inference_mode():
            audio = self.render_tensor(values, first_frame=first_frame, seed=seed, noise=noise)
        return audio[0].cpu().numpy()

    def render_tensor(
        self, mel: Tensor, *, first_frame: int, seed: int, noise: NDArray[np.float32] | None = None
    ) -> Tensor:
        """(1, n_mels, frames) to (1, frames * hop_samples)."""
        frames = mel.shape[2]
        if noise is None:
            draw = white_noise(self.mel_spec.hop_samples, self.latents.group, first_frame, frames, seed)
        else:
            draw = given_noise(noise, self.latents.group)
        span = (first_frame, first_frame + frames)
        latent = sample(self.plan, MelDenoiser(self.network, mel), lambda stream: draw(stream).to(mel.device), span)
        return self.latents.decode(latent, mel)


def build_network(voice: Voice) -> Network:
    """The network that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    if problems := config_problems(voice.config, voice.mel_spec):
        raise CheckpointError(f"the config does not describe a DiffWave network: {problems_text(problems)}")
    config = DiffWaveConfig.model_validate(voice.config)
    return filled(lambda: Network(config, voice.mel_spec), voice.float32(), "the checkpoint")
