"""What `vocolab train diffwave` trains: the estimate of the noise, at random levels of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from pydantic import Field
from torch import Generator, Tensor, nn

from vocolab.errors import OptionError
from vocolab.mels.spec import MelSpec
from vocolab.options import Options, option_problems
from vocolab.training.generator import voice_from_state
from vocolab.training.losses.spectral import SpectralLoss
from vocolab.training.tables import LossOptions
from vocolab.training.tasks.task import SegmentBatch
from vocolab.voice import Voice
from vocolab_diffwave.config import DiffWaveConfig, config_problems
from vocolab_diffwave.denoiser import MelDenoiser
from vocolab_diffwave.latents import Latents
from vocolab_diffwave.network import DiffWave, initialise
from vocolab_diffwave.options import DiffWaveOptions
from vocolab_diffwave.plan import Plan
from vocolab_diffwave.samplers.estimate import clean_part
from vocolab_diffwave.sampling import sample, white_noise
from vocolab_diffwave.schedules import training_schedule


class Objective(Options):
    """The table `[model.objective]` of a recipe. As published it is the L1 of the estimate alone."""

    spectral: float = Field(
        0.0, ge=0.0, description="Weight of the spectral losses between the estimated clean audio and the recording."
    )
    mel: float = Field(15.0, ge=0.0, description="Weight of the mels' L1 among the spectral losses.")
    stft: float = Field(3.0, ge=0.0, description="Weight of the multi-resolution STFT among the spectral losses.")


class TrainableDiffWave:
    """A freshly initialised network, its objective, and how its weights become a voice.

    The objective is that of Kong et al., "DiffWave" (2021), algorithm 1, as an L1 as in the published code, at levels
    drawn evenly from all steps between the schedule's ends, fractions included. What is estimated is `predict` of the
    config. The spectral losses look at the clean audio that follows from the estimate; Nguyen et al., "FreGrad" (2024)
    add such a loss on the noise.
    """

    def __init__(self, config: DiffWaveConfig, mel_spec: MelSpec, objective: Objective) -> None:
        self.config, self.mel_spec, self.objective = config, mel_spec, objective
        self.network = DiffWave(config, mel_spec)
        initialise(self.network)
        self.latents = Latents(config, mel_spec)
        signals = training_schedule(config).alpha_bars ** 0.5
        self._signals = torch.tensor(signals, dtype=torch.float32)
        weights = LossOptions(mel=objective.mel, stft=objective.stft)
        self._spectral = SpectralLoss(mel_spec.sample_rate, weights) if objective.spectral else None

    def loss(self, network: nn.Module, batch: SegmentBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """How far the estimate is from what it should be, for audio (batch, frames * hop) with its mel."""
        audio, mel, random = batch.audio, batch.mel, batch.random
        latents = self.latents.to(audio.device)
        full_precision = torch.autocast(audio.device.type, enabled=False)
        with torch.no_grad(), full_precision:
            clean = latents.encode(audio, mel)
            step, signal = self._draw_levels(audio, random)
            noise = torch.randn(clean.shape, generator=random, device=random.device).to(audio.device)
            amount = (1.0 - signal**2).sqrt()
            noisy = signal * clean + amount * noise
        output = network(noisy, step, _told(network, mel))
        with full_precision:  # spectra are not taken in less
            output = output.float()
            wanted = {"noise": noise, "audio": clean, "v": signal * noise - amount * clean}[self.config.predict]
            # The first and the last group of an MDCT lap with nothing in a segment.
            inner = slice(1, -1) if self.config.fold == "mdct" and clean.shape[-1] > 2 else slice(None)
            estimate = (output - wanted)[..., inner].abs().mean()
            if self._spectral is None:
                return estimate, {"estimate": estimate}
            rendered = latents.decode(clean_part(noisy, output, (signal, amount), self.config.predict), mel)
            spectral, figures = self._spectral.to(audio.device)(rendered, audio)
            return estimate + self.objective.spectral * spectral, {"estimate": estimate, **figures}

    def _draw_levels(self, audio: Tensor, random: Generator) -> tuple[Tensor, Tensor]:
        """A step for every segment, (batch,), and the factor of its signal, (batch, 1, 1)."""
        last = self._signals.numel() - 1
        step = torch.rand(audio.shape[0], generator=random, device=random.device).to(audio.device) * last
        signals = self._signals.to(audio.device)
        low = step.floor().long().clamp(max=last - 1)
        signal = torch.lerp(signals[low], signals[low + 1], step - low)
        return step, signal[:, None, None]

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`."""
        return voice_from_state("diffwave", self.config.model_dump(exclude_none=True), self.mel_spec, state)

    def render(self, network: nn.Module, mel: Tensor, seed: int = 0) -> Tensor:
        """Audio (batch, frames * hop) by the sampler that the voice will have."""
        assert isinstance(network, DiffWave)
        latents = self.latents.to(mel.device)
        plan = Plan.of(DiffWaveOptions(), self.config)
        noise = white_noise(self.mel_spec.hop_samples, self.config.samples_per_group, 0, mel.shape[2], seed)
        frames = (0, mel.shape[2])
        rendered = [
            latents.decode(sample(plan, MelDenoiser(network, one), lambda k: noise(k).to(mel.device), frames), one)
            for one in torch.split(mel, 1)
        ]
        return torch.cat(rendered)


def _told(network: nn.Module, mel: Tensor) -> list[Tensor]:
    assert isinstance(network, DiffWave)
    return network.condition(network.upsampled(mel))


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableDiffWave:
    """What a recipe's `[model]` table describes: keys of `DiffWaveConfig`, and a table `objective` (`Objective`).

    Raises:
        OptionError: if the tables have unknown keys or values that don't fit the convention.
    """
    values = dict(model)
    objective = values.pop("objective", {})
    problems = config_problems(values, mel_spec)
    problems += [problem.within("objective") for problem in option_problems(Objective, objective)]
    if problems:
        raise OptionError(problems, owner="[model]")
    return TrainableDiffWave(DiffWaveConfig.model_validate(values), mel_spec, Objective.model_validate(objective))
