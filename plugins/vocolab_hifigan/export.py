"""HiFi-GAN as ONNX."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

from torch import Tensor, nn

from vocolab.networks.interleaving import with_interleaved_upsampling
from vocolab.onnx_export.exportable import Exportable
from vocolab.onnx_export.istft import parts_of, without_complex_numbers
from vocolab.onnx_export.waveform import spectra, waveform
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_hifigan.generator import HifiGanGenerator
from vocolab_hifigan.graph_vocoder import ends_in_spectra
from vocolab_hifigan.vocoder import HifiGan, build_generator


class Spectra(nn.Module):
    """What the inverse STFT of a generator is given, (batch, steps, bins, 2)."""

    def __init__(self, generator: HifiGanGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, mel: Tensor) -> Tensor:
        """Real and imaginary parts for a mel (batch, n_mels, frames)."""
        outputs = self.generator.conv_post(self.generator.features(mel))
        magnitude, phase = self.generator.polar(outputs)
        return parts_of(magnitude, phase).transpose(1, 2)


def export(voice: Voice) -> Exportable:
    """Mel to audio, whatever the head.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    return _exportable(voice, lambda network: network)


def engine_graph(voice: Voice) -> Exportable:
    """The same with operators that engines are fast with, and without a head's inverse STFT.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    whole = _exportable(voice, with_interleaved_upsampling)
    generator = build_generator(voice).eval().requires_grad_(False)
    config = generator.config
    if not ends_in_spectra(config):
        return whole
    network = Spectra(with_interleaved_upsampling(deepcopy(generator))).eval().requires_grad_(False)
    n_fft, hop = config.gen_istft_n_fft, config.gen_istft_hop_size
    assert n_fft is not None and hop is not None
    whole = replace(whole, network=network, reference=Spectra(generator))
    return spectra(whole, n_fft, voice.mel_spec.hop_samples // hop)


def _exportable(voice: Voice, changed: Callable[[nn.Module], nn.Module]) -> Exportable:
    vocoder = HifiGan(Options(), voice)
    generator = build_generator(voice).eval().requires_grad_(False)
    least_frames = generator.least_frames  # below it the vocoder lengthens the mel, which a graph can't decide
    network = changed(without_complex_numbers(generator)).eval().requires_grad_(False)
    return waveform(network, vocoder.network, voice.mel_spec, vocoder.context_frames, least_frames)
