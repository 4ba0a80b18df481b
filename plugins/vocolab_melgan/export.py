"""MelGAN as ONNX."""

from __future__ import annotations

from torch import Tensor, nn

from vocolab.onnx_export.exportable import Exportable
from vocolab.onnx_export.waveform import waveform
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_melgan.generator import MelGanGenerator
from vocolab_melgan.sizes import least_frames
from vocolab_melgan.vocoder import MelGan, build_generator


class Whole(nn.Module):
    """The generator for mels that are long enough: a graph can't decide to lengthen one."""

    def __init__(self, generator: MelGanGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, mel: Tensor) -> Tensor:
        """Audio as of `MelGanGenerator.audio`."""
        return self.generator.audio(mel)


def export(voice: Voice) -> Exportable:
    """Mel to audio, its bands joined.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = MelGan(Options(), voice)
    generator = build_generator(voice).eval().requires_grad_(False)
    least = least_frames(generator.config)
    return waveform(Whole(generator), vocoder.network, voice.mel_spec, vocoder.context_frames, least)
