"""WaveGlow as ONNX: the flow from noise to audio, the noise being the caller's."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from vocolab.onnx_export.exportable import Arrays, Exportable, Port
from vocolab.onnx_export.waveform import audio_port, mel_batch, mel_port
from vocolab.voice import Voice
from vocolab_waveglow.options import WaveGlowOptions
from vocolab_waveglow.vocoder import WaveGlowVocoder


class ScaledFlow(nn.Module):
    """The network with the noise's deviation as an input of its own."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, mel: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        """Audio as of `WaveGlow.forward`, from noise of unit variance."""
        audio: Tensor = self.network(mel, noise * sigma)
        return audio


def export(voice: Voice) -> Exportable:
    """Mel, noise and sigma to audio.

    Raises:
        CheckpointError: if the voice does not fit its config, or a mixing can't be inverted.
    """
    options = WaveGlowOptions()
    vocoder = WaveGlowVocoder(options, voice)
    spec = voice.mel_spec
    noise = Port(
        "noise", ("batch", f"{spec.hop_samples}*frames"),
        "White Gaussian noise of unit variance, a number a sample, each at the place of its sample; parts of a longer "
        "mel take the noise of their own place",
    )
    sigma = Port("sigma", (), f"Deviation of the noise, 0 to 2; vocolab takes {options.sigma:g}")

    def example(batch: int, frames: int, random: np.random.Generator) -> Arrays:
        drawn = random.standard_normal((batch, frames * spec.hop_samples), dtype=np.float32)
        return mel_batch(spec, batch, frames, random), drawn, np.array(options.sigma, np.float32)

    def reference(mel: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
        audio: Tensor = vocoder.network(mel, noise * sigma)
        return audio

    return Exportable(
        computes="Audio from a mel spectrogram and white noise", network=ScaledFlow(vocoder.network),
        reference=reference, inputs=(mel_port(spec), noise, sigma), outputs=(audio_port(spec),), example=example,
        context_frames=vocoder.context_frames, facts={"sigma": options.sigma},
    )
