"""HiFi-GAN as ONNX."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from vocolab.networks.interleaving import with_interleaved_upsampling
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
    return _exportable(voice, lambda network: network)


def engine_graph(voice: Voice) -> Exportable:
    """The same with operators that engines are fast with.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    return _exportable(voice, with_interleaved_upsampling)


def _exportable(voice: Voice, changed: Callable[[nn.Module], nn.Module]) -> Exportable:
    vocoder = HifiGan(Options(), voice)
    generator = build_generator(voice).eval().requires_grad_(False)
    least_frames = generator.least_frames  # below it the vocoder lengthens the mel, which a graph can't decide
    network = changed(without_complex_numbers(generator)).eval().requires_grad_(False)
    return waveform(network, vocoder.network, voice.mel_spec, vocoder.context_frames, least_frames)
