"""BigVGAN as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

from vocolab.errors import NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.networks.channels_last import with_row_convolutions
from vocolab.networks.generators import generator_of
from vocolab.networks.vocoder import NetworkVocoder
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_bigvgan.config import BigVganConfig, config_problems
from vocolab_bigvgan.generator import BigVganGenerator
from vocolab_bigvgan.rows import with_row_snakes


class BigVgan(NetworkVocoder):
    """A BigVGAN voice, ready to render."""

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("bigvgan needs trained weights, and none were given")
        generator = build_generator(voice)
        context_frames = generator.context_frames
        super().__init__(with_row_convolutions(with_row_snakes(generator)), voice.mel_spec, context_frames)


def build_generator(voice: Voice) -> BigVganGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    return generator_of(voice, BigVganConfig, config_problems, BigVganGenerator, "a BigVGAN generator")
