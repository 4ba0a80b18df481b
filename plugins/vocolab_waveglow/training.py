"""What `vocolab train waveglow` trains: the likelihood of recordings, and with it, if asked, the flow's own audio."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from pydantic import Field
from torch import Generator, Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from vocolab.errors import OptionError
from vocolab.mels.spec import MelSpec
from vocolab.options import Options, option_problems
from vocolab.training.generator import voice_from_state
from vocolab.training.losses.reconstruction import Reconstruction
from vocolab.training.tables import LossOptions
from vocolab.training.tasks.task import SegmentBatch
from vocolab.voice import Voice
from vocolab_waveglow.config import WaveGlowConfig, config_problems
from vocolab_waveglow.network import WaveGlow

_DITHER = 2.0**-15
"""A recording has steps of this size: without noise over them digital silence would be infinitely likely."""


class ObjectiveOptions(Options):
    """What is trained for; as published it is the likelihood of all segments at a sigma of 1.

    The likelihood alone takes days on a GPU before speech comes out. A share of each batch can be spent on the other
    direction: audio that the flow makes of fresh noise is compared with the recording by spectral losses.
    """

    sigma: float = Field(1.0, gt=0.0, le=2.0, description="Deviation of the noise that the likelihood asks for.")
    likelihood_weight: float = Field(1.0, ge=0.0, description="Of the negative log-likelihood a sample, in nats.")
    spectral_share: float = Field(
        0.0, ge=0.0, le=1.0, description="Share of a batch's segments that are made from noise and compared by spectra."
    )
    spectral_sigma: float = Field(0.6, ge=0.0, le=2.0, description="Deviation of the noise that these are made from.")


class TrainableWaveGlow:
    """A freshly initialised flow under weight norm, its objective, and how its weights become a voice."""

    def __init__(self, config: WaveGlowConfig, objective: ObjectiveOptions, mel_spec: MelSpec) -> None:
        self.config, self.objective, self.mel_spec = config, objective, mel_spec
        self.network = initialise(WaveGlow(config, mel_spec))
        self._spectral = Reconstruction(mel_spec, LossOptions())

    def loss(self, network: nn.Module, batch: SegmentBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """Negative log-likelihood a sample (less its constant), and the spectral losses of their share of the batch."""
        objective, audio, mel, random = self.objective, batch.audio, batch.mel, batch.random
        rendered = round(objective.spectral_share * audio.shape[0])
        total = audio.new_zeros(())
        parts: dict[str, Tensor] = {}
        if rendered:
            noise = objective.spectral_sigma * _noise(audio[:rendered], random)
            spectral, parts = self._spectral.to(audio.device)(network(mel[:rendered], noise).float(), audio[:rendered])
            total = total + spectral
        if rendered < audio.shape[0]:
            dithered = audio[rendered:] + _DITHER * _noise(audio[rendered:], random)
            likelihood = network.encode(dithered, mel[rendered:]).loss(objective.sigma)  # type: ignore[operator]
            parts = {**parts, "likelihood": likelihood}
            total = total + objective.likelihood_weight * likelihood
        return total, parts

    def render(self, network: nn.Module, mel: Tensor, seed: int = 0) -> Tensor:
        """Audio (batch, frames * hop_samples) for a mel (batch, n_mels, frames), at `spectral_sigma`."""
        noise = mel.new_empty(mel.shape[0], mel.shape[2] * self.mel_spec.hop_samples)
        random = Generator(mel.device).manual_seed(seed)
        audio: Tensor = network(mel, self.objective.spectral_sigma * _noise(noise, random))
        return audio

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`, weight norm folded."""
        return voice_from_state("waveglow", self.config.model_dump(), self.mel_spec, state)


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableWaveGlow:
    """What a recipe's `[model]` table describes: `WaveGlowConfig`'s keys, and in `[model.objective]` what for.

    Raises:
        OptionError: if the network would not fit the mels, or keys are unknown or out of range; all of them named.
    """
    sizes = {key: value for key, value in model.items() if key != "objective"}
    objective = model.get("objective", {})
    problems = config_problems(sizes, mel_spec.hop_samples)
    problems += [problem.within("objective") for problem in option_problems(ObjectiveOptions, objective)]
    if problems:
        raise OptionError(problems, owner="[model]")
    return TrainableWaveGlow(
        WaveGlowConfig.model_validate(sizes), ObjectiveOptions.model_validate(objective), mel_spec
    )


def initialise(network: WaveGlow) -> WaveGlow:
    """Published initial weights: mixings that rotate, couplings that do nothing at first; then weight norm."""
    for coupling in network.WN:
        nn.init.zeros_(coupling.end.weight)  # type: ignore[union-attr,arg-type]
        nn.init.zeros_(coupling.end.bias)  # type: ignore[union-attr,arg-type]
        for conv in (coupling.start, coupling.cond_layer, *coupling.in_layers, *coupling.res_skip_layers):  # type: ignore[misc]
            weight_norm(conv)
    return network


def _noise(like: Tensor, random: Generator) -> Tensor:
    return torch.randn(like.shape, generator=random, device=like.device, dtype=like.dtype)
