"""Harmonic plus noise as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

from torch import Tensor, nn

from vocolab.errors import NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.networks.execution import TorchExecution, runs_as_it_is
from vocolab.networks.weights import filled
from vocolab.options import make_options
from vocolab.voice import Voice
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.network import HarmonicGenerator
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.pitch_reader import PitchReader
from vocolab_harmonic.rendering import RendersHarmonics
from vocolab_harmonic.steps import FilterSteps


class Harmonic(RendersHarmonics):
    """A harmonic-plus-noise voice, ready to render."""

    chunk_frames = 256
    """Twice as many take 25 MB more, and are no faster."""

    def __init__(self, options: HarmonicOptions, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("harmonic renders with trained weights and none were given")
        config = make_options(HarmonicConfig, voice.config, "harmonic config")
        self.network = filled(lambda: HarmonicGenerator(config, voice.mel_spec), voice.float32(), "the voice")
        execution = TorchExecution(SourceFilter(self.network))
        super().__init__(options, config, PitchReader(voice.float32(), config, voice.mel_spec), execution)

    def _steps(self) -> FilterSteps | None:
        return FilterSteps(self.network) if runs_as_it_is(self.execution) else None

    def to(self, device: str) -> None:
        """Run on that device from now on; mels and audio stay NumPy arrays, and pulses are made on the CPU."""
        self.execution.to(device)


class SourceFilter(nn.Module):
    """Where filters and sources meet: what is executed."""

    def __init__(self, network: HarmonicGenerator) -> None:
        super().__init__()
        self.network = network

    def forward(self, mel: Tensor, f0_hz: Tensor, pulses: Tensor, noise: Tensor) -> Tensor:
        """Mel, F0 (batch, frames), pulses and noise (batch, frames, hop_samples) to (batch, frames * hop_samples)."""
        return self.network.audio(self.network.filters(mel, f0_hz), pulses.flatten(1), noise.flatten(1))
