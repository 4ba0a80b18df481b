"""Parallel WaveGAN as ONNX: the noise is the caller's."""

from __future__ import annotations

from vocolab.onnx_export.exportable import Exportable, Port
from vocolab.onnx_export.waveform import driven
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_parallelwavegan.vocoder import ParallelWaveGan, build_generator

_NOISE = (
    "White Gaussian noise of unit variance, a number a sample, each at the place of its sample; parts of a longer mel "
    "take the noise of their own place"
)


def export(voice: Voice) -> Exportable:
    """Mel and noise to audio.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = ParallelWaveGan(Options(), voice)
    spec = voice.mel_spec
    port = Port("noise", ("batch", f"{spec.hop_samples}*frames"), _NOISE)
    generator = build_generator(voice).eval().requires_grad_(False)
    return driven(generator, vocoder.network, spec, port, vocoder.context_frames)
