"""Vocos as ONNX."""

from __future__ import annotations

from copy import deepcopy

from torch import Tensor, nn

from vocolab.onnx_export.exportable import Exportable
from vocolab.onnx_export.istft import parts_of, without_complex_numbers
from vocolab.onnx_export.waveform import spectra, waveform
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_vocos.generator import VocosGenerator
from vocolab_vocos.vocoder import Vocos


def export(voice: Voice) -> Exportable:
    """Mel to audio.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = Vocos(Options(), voice)
    network = without_complex_numbers(deepcopy(vocoder.network))
    return waveform(network, vocoder.network, voice.mel_spec, vocoder.context_frames)


class Spectra(nn.Module):
    """What the inverse STFT of a generator is given, (batch, frames, bins, 2)."""

    def __init__(self, generator: VocosGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, mel: Tensor) -> Tensor:
        """Real and imaginary parts for a mel (batch, n_mels, frames)."""
        magnitude, phase = self.generator.head.polar(self.generator.backbone(self.generator.centred(mel)))
        return parts_of(magnitude, phase)


def engine_graph(voice: Voice) -> Exportable:
    """Mel to spectra: what `vocolab.engines.spectrum` adds up.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = Vocos(Options(), voice)
    network = Spectra(vocoder.network).eval()
    return spectra(waveform(network, network, voice.mel_spec, vocoder.context_frames), voice.mel_spec.n_fft)
