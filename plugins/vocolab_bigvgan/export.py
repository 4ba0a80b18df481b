"""BigVGAN as ONNX."""

from __future__ import annotations

from vocolab.onnx_export.exportable import Exportable
from vocolab.onnx_export.waveform import waveform
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_bigvgan.vocoder import BigVgan, build_generator


def export(voice: Voice) -> Exportable:
    """Mel to audio.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = BigVgan(Options(), voice)
    network = build_generator(voice).eval().requires_grad_(False)
    return waveform(network, vocoder.network, voice.mel_spec, vocoder.context_frames)
