"""HiFi-GAN as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

from vocolab.errors import NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.networks.channels_last import with_row_convolutions
from vocolab.networks.execution import runs_as_it_is
from vocolab.networks.generators import generator_of
from vocolab.networks.vocoder import NetworkVocoder
from vocolab.options import Options
from vocolab.voice import Voice
from vocolab_hifigan.config import HifiGanConfig, config_problems
from vocolab_hifigan.generator import HifiGanGenerator
from vocolab_hifigan.stream import HifiGanStream, can_stream

_MOST_CACHED_CONTEXTS = 8
"""Layers that keep what they have seen take a quarter longer a frame, as much as a context on both sides of a chunk."""


class HifiGan(NetworkVocoder):
    """A HiFi-GAN voice, ready to render."""

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("hifigan needs trained weights, and none were given")
        self._generator = build_generator(voice)
        context_frames, self._generator.is_tiled = self._generator.context_frames, True
        self.most_cached_frames = _MOST_CACHED_CONTEXTS * context_frames
        super().__init__(with_row_convolutions(self._generator), voice.mel_spec, context_frames)

    def caching(self) -> HifiGanStream | None:
        """A stream in which no sample is computed twice; None where its layers, or what runs them, can't be so."""
        if not (can_stream(self._generator) and runs_as_it_is(self.execution)):
            return None
        return HifiGanStream(self._generator)


def build_generator(voice: Voice) -> HifiGanGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        CheckpointError: if the config doesn't fit the mels or the weights.
    """
    return generator_of(voice, HifiGanConfig, config_problems, HifiGanGenerator, "a HiFi-GAN generator")
