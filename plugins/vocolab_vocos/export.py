"""Vocos as ONNX."""

from __future__ import annotations

from copy import deepcopy

from vocolab.onnx_export.exportable import Exportable
from vocolab.onnx_export.istft import without_complex_numbers
from vocolab.onnx_export.waveform import waveform
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_vocos.vocoder import Vocos


def export(voice: Voice) -> Exportable:
    """Mel to audio.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = Vocos(Options(), voice)
    network = without_complex_numbers(deepcopy(vocoder.network))
    return waveform(network, vocoder.network, voice.mel_spec, vocoder.context_frames)
