"""UnivNet as ONNX: the noise is the caller's."""

from __future__ import annotations

from torch import Tensor, nn

from vocolab.onnx_export.exportable import Exportable, Port
from vocolab.onnx_export.waveform import driven
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_univnet.generator import LEAST_FRAMES, UnivNetGenerator
from vocolab_univnet.vocoder import UnivNet, build_generator


class Whole(nn.Module):
    """The generator for mels that are long enough: a graph can't decide to lengthen one."""

    def __init__(self, generator: UnivNetGenerator) -> None:
        super().__init__()
        self.generator = generator

    def forward(self, mel: Tensor, noise: Tensor) -> Tensor:
        """Audio as of `UnivNetGenerator.audio`."""
        return self.generator.audio(mel, noise)


def export(voice: Voice) -> Exportable:
    """Mel and noise to audio.

    Raises:
        CheckpointError: if the voice does not fit its config.
    """
    vocoder = UnivNet(Options(), voice)
    generator = build_generator(voice).eval().requires_grad_(False)
    meaning = "White Gaussian noise of unit variance, a column a frame; parts of a longer mel take their own columns"
    port = Port("noise", ("batch", generator.config.noise_dim, "frames"), meaning)
    return driven(Whole(generator), vocoder.network, voice.mel_spec, port, vocoder.context_frames, LEAST_FRAMES)
