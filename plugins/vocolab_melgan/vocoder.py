"""MelGAN as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

from vocolab.errors import NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.networks.channels_last import with_row_convolutions
from vocolab.networks.generators import generator_of
from vocolab.networks.vocoder import NetworkVocoder
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_melgan.config import MelGanConfig, config_problems
from vocolab_melgan.generator import MelGanGenerator


class MelGan(NetworkVocoder):
    """A MelGAN voice, ready to render."""

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("melgan needs trained weights, and none were given")
        generator = build_generator(voice)
        context_frames = generator.context_frames
        super().__init__(with_row_convolutions(generator), generator.spec, context_frames)


def build_generator(voice: Voice) -> MelGanGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    return generator_of(voice, MelGanConfig, config_problems, MelGanGenerator, "a MelGAN generator")
