"""A harmonic-plus-noise voice as ONNX: its noise and its F0 are inputs."""

from __future__ import annotations

import math
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn

from vocolab.onnx_export.exportable import Arrays, Exportable, Port
from vocolab.onnx_export.istft import RealInverseSTFT, parts_of
from vocolab.onnx_export.stft import RealSTFT
from vocolab.onnx_export.waveform import audio_port, mel_batch, mel_port
from vocolab.voice import Voice
from vocolab_harmonic.network import Filters, HarmonicGenerator
from vocolab_harmonic.options import HarmonicOptions
from vocolab_harmonic.sizes import MAGNITUDE_LIMIT, synthesis_context_frames
from vocolab_harmonic.vocoder import Harmonic


class RealHarmonic(nn.Module):
    """The network without complex numbers."""

    def __init__(self, network: HarmonicGenerator) -> None:
        super().__init__()
        self.filters = RealFilters(network)
        self.stft, self.istft = RealSTFT(network.istft), RealInverseSTFT(network.istft)

    def forward(self, mel: Tensor, f0_hz: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Audio (batch, frames * hop_samples) and the F0 that the mel is read to have, (batch, frames)."""
        network = self.filters.network
        read = network.f0_hz(mel)
        f0 = torch.where(f0_hz < 0, read, f0_hz)
        pulses = network.excitation(f0).unflatten(1, (-1, network.spec.hop_samples))
        turned, hiss = (one.transpose(1, 2) for one in self.filters(mel, f0))  # (B, T, F) -> (B, F, T)
        turned_real, turned_imaginary = turned.unbind(-1)
        pulses_real, pulses_imaginary = self.stft(pulses)
        noise_real, noise_imaginary = self.stft(noise)
        real = turned_real * pulses_real - turned_imaginary * pulses_imaginary + hiss * noise_real
        imaginary = turned_real * pulses_imaginary + turned_imaginary * pulses_real + hiss * noise_imaginary
        return self.istft.cartesian(real, imaginary), read


class RealFilters(nn.Module):
    """The filters of both sources: the whole graph for engines; NumPy makes the sources and their spectra around it.

    Transforms are products of matrices in a graph, and took a third of its time.
    """

    def __init__(self, network: HarmonicGenerator) -> None:
        super().__init__()
        self.network = deepcopy(network)

    def forward(self, mel: Tensor, f0_hz: Tensor) -> tuple[Tensor, Tensor]:
        """For a mel and its F0 (batch, frames) the filters of pulses, (batch, frames, bins, 2), and of noise."""
        filters = Filters(*(one.transpose(1, 2) for one in self.network.filters(mel, f0_hz)))
        most, scale = math.log(MAGNITUDE_LIMIT), 1 / float(self.network.istft.window.square().sum().sqrt())
        harmonic, phase = scale * filters.harmonic.clamp(max=most).exp(), math.pi * torch.tanh(filters.turn)
        return parts_of(harmonic, phase), scale * filters.noise.clamp(max=most).exp()


def export(voice: Voice) -> Exportable:
    """Mel, F0 and noise to audio and F0.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = Harmonic(HarmonicOptions(), voice)
    network, spec = vocoder.network, voice.mel_spec

    def reference(mel: Tensor, f0_hz: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        return network(mel, f0_hz, noise.flatten(1)), network.f0_hz(mel)

    def example(batch: int, frames: int, random: np.random.Generator) -> Arrays:
        # Given throughout: what runtimes round differently in F0 that is read adds up in the pulses' phase.
        f0 = random.uniform(80, 300, (batch, frames)) * (random.random((batch, frames)) > 0.3)
        noise = random.standard_normal((batch, frames, spec.hop_samples))
        return mel_batch(spec, batch, frames, random), f0.astype(np.float32), noise.astype(np.float32)

    inputs = (
        mel_port(spec),
        Port("f0_hz", ("batch", "frames"), "F0 in Hz, 0 where unvoiced; -1 where it is to be read from the mel"),
        Port("noise", ("batch", "frames", spec.hop_samples), "White Gaussian noise of unit variance, new for each mel"),
    )
    read = Port("mel_f0_hz", ("batch", "frames"), "F0 in Hz as it is read from the mel, 0 where unvoiced")
    outputs = (audio_port(spec), read)
    return Exportable(
        computes="Audio from a mel spectrogram, its F0 and white noise", network=RealHarmonic(network),
        reference=reference, inputs=inputs, outputs=outputs, example=example, context_frames=vocoder.context_frames,
    )


def engine_graph(voice: Voice) -> Exportable:
    """Mel and F0 to filters: what `graph_vocoder.GraphHarmonic` runs.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder, spec = Harmonic(HarmonicOptions(), voice), voice.mel_spec
    bins = spec.n_fft // 2 + 1

    def reference(mel: Tensor, f0_hz: Tensor) -> tuple[Tensor, Tensor]:
        ones = torch.ones(len(mel), bins, mel.shape[2], dtype=torch.complex64)
        filters = vocoder.network.filters(mel, f0_hz)
        turned = vocoder.network.mixed(filters, ones, 0 * ones).transpose(1, 2)
        return torch.view_as_real(turned), vocoder.network.mixed(filters, 0 * ones, ones).real.transpose(1, 2)

    def example(batch: int, frames: int, random: np.random.Generator) -> Arrays:
        f0 = random.uniform(80, 300, (batch, frames)) * (random.random((batch, frames)) > 0.3)
        return mel_batch(spec, batch, frames, random), f0.astype(np.float32)

    inputs = mel_port(spec), Port("f0_hz", ("batch", "frames"), "F0 in Hz, 0 where unvoiced")
    outputs = (
        Port("pulse_filter", ("batch", "frames", bins, 2), "What multiplies the pulses' spectrum: real, imaginary"),
        Port("noise_filter", ("batch", "frames", bins), "What multiplies the noise's spectrum"),
    )
    return Exportable(
        computes="Filters of pulses and of white noise from a mel spectrogram and its F0",
        network=RealFilters(vocoder.network).eval(), reference=reference, inputs=inputs, outputs=outputs,
        example=example, context_frames=synthesis_context_frames(vocoder.network.config, spec),
    )
