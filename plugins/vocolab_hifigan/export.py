"""HiFi-GAN as ONNX."""

from __future__ import annotations

from vocolab.onnx_export.exportable import Exportable
from vocolab.onnx_export.istft import without_complex_numbers
from vocolab.onnx_export.waveform import waveform
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_hifigan.vocoder import HifiGan, build_generator


def export(voice: Voice) -> Exportable:
    """Mel to audio, whatever the head.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = HifiGan(Options(), voice)
    generator = build_generator(voice).eval().requires_grad_(False)
    least_frames = generator.least_frames  # below it the vocoder lengthens the mel, which a graph can't decide
    network = without_complex_numbers(generator)
    return waveform(network, vocoder.network, voice.mel_spec, vocoder.context_frames, least_frames)
