"""What `vocolab train harmonic` trains: the vocoder with the F0 of the recording, and beside it the pitch network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import Generator, Tensor, nn

from vocolab.mels.spec import MelSpec
from vocolab.options import make_options, with_tuples
from vocolab.pitch import PitchOptions, track
from vocolab.training.generator import voice_from_state
from vocolab.training.tasks.task import Rendering, SegmentBatch
from vocolab.voice import Voice
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.levels import BandGains
from vocolab_harmonic.network import HarmonicGenerator, fresh
from vocolab_harmonic.objective import Objective, SpectralDistance

VOICING, JUMP = 0.25, 0.7
"""Of the tracker that says what is voiced. Its defaults make fewer gross errors and leave more frames unvoiced; here a
frame that is called unvoiced gets no pulses, and noise can be beside pulses but not be taken for them."""


class TrainableHarmonic:
    """A freshly initialised network, its objective, and how its weights become a voice."""

    judged: Literal["audio", "mel"] = "audio"

    def __init__(self, config: HarmonicConfig, mel_spec: MelSpec, objective: Objective) -> None:
        self.config, self.mel_spec, self.objective = config, mel_spec, objective
        self.network = fresh(config, mel_spec)
        self._distance = SpectralDistance(mel_spec.sample_rate, objective)
        self._band_gains = BandGains(mel_spec)
        self._pitch = PitchOptions(
            lowest_hz=config.lowest_hz, highest_hz=config.highest_hz, voicing=VOICING, jump=JUMP
        )

    def loss(self, network: nn.Module, batch: SegmentBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """How far renderings with the recording's F0 are from it, and how far the F0 that the mel is read to have."""
        rendering = self.rendering(network, batch)
        return rendering.loss, rendering.parts

    def rendering(self, network: nn.Module, batch: SegmentBatch) -> Rendering:
        """The first rendering, for discriminators too, and the loss of all."""
        assert isinstance(network, HarmonicGenerator)
        audio, mel, random = batch.audio, batch.mel, batch.random
        f0_hz = self.f0_hz(network, batch)
        filters = network.filters(mel, f0_hz)
        count = 2 if self.objective.repulsion else 1
        rendered = [self._rendered(network, filters, f0_hz, random) for _ in range(count)]
        if self.objective.band_gains and _drawn(random) < self.objective.band_gains_share:
            level = self._band_gains.to(audio.device)
            rendered = [level(one, mel, self.objective.band_gains) for one in rendered]
        loss, parts = self._distance.to(audio.device)(rendered, audio)
        if self.objective.f0 == "recording":
            pitch = network.pitch.loss(network.centred(mel), f0_hz)
            loss, parts = loss + self.objective.pitch * pitch, {**parts, "pitch": pitch.detach()}
        return Rendering(audio, rendered[0], loss, parts)

    def _rendered(self, network: HarmonicGenerator, filters: Any, f0_hz: Tensor, random: Generator) -> Tensor:
        batch, samples = f0_hz.shape[0], f0_hz.shape[1] * self.mel_spec.hop_samples
        start = torch.rand(batch, 1, generator=random, device=random.device, dtype=torch.float64)
        noise = torch.randn(batch, samples, generator=random, device=random.device)
        return network.audio(filters, network.excitation(f0_hz, start.to(f0_hz.device)), noise.to(f0_hz.device))

    @torch.no_grad()
    def f0_hz(self, network: HarmonicGenerator, batch: SegmentBatch) -> Tensor:
        """F0 (batch, frames) that a batch is rendered with, 0 where unvoiced."""
        if self.objective.f0 == "mel":
            return network.f0_hz(batch.mel)
        audio, spec = batch.audio, self.mel_spec
        f0 = track(audio.cpu().numpy(), spec.sample_rate, spec.hop_samples, self._pitch)
        return torch.from_numpy(f0).to(audio.device)

    def export(self, state: Mapping[str, Any]) -> Voice:
        """A voice from a state dict of `network`."""
        return voice_from_state("harmonic", self.config.model_dump(), self.mel_spec, state)

    def render(self, network: nn.Module, mel: Tensor, seed: int = 0) -> Tensor:
        """Audio (batch, frames * hop) with the F0 that the network reads from the mel."""
        random = torch.Generator(mel.device).manual_seed(seed)
        noise = torch.randn(
            len(mel), mel.shape[2] * self.mel_spec.hop_samples, generator=random, device=mel.device
        )
        audio: Tensor = network(mel, noise=noise)
        return audio


def _drawn(random: Generator) -> float:
    """From 0 to 1."""
    return float(torch.rand((), generator=random, device=random.device))


def build(model: dict[str, Any], mel_spec: MelSpec) -> TrainableHarmonic:
    """What a recipe's `[model]` table describes: keys of `HarmonicConfig`, and a table `objective` (`Objective`).

    Raises:
        OptionError: if the tables have unknown keys or values that don't fit the convention.
    """
    values = with_tuples(model)
    objective = make_options(Objective, values.pop("objective", {}), "recipe [model.objective]")
    return TrainableHarmonic(make_options(HarmonicConfig, values, "recipe [model]"), mel_spec, objective)
