"""Vocos as a vocoder: numpy mel in, numpy audio out."""

from __future__ import annotations

from vocolab.errors import NoVoice
from vocolab.mels.spec import MelSpec
from vocolab.networks.execution import runs_as_it_is
from vocolab.networks.vocoder import NetworkVocoder
from vocolab.networks.weights import filled
from vocolab.options import Options, make_options
from vocolab.voice import Voice
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.generator import VocosGenerator
from vocolab_vocos.stream import VocosStream


class Vocos(NetworkVocoder):
    """A Vocos voice, ready to render."""

    chunk_frames = 256
    """Twice as many take 25 MB more, and are no faster."""

    def __init__(self, options: Options, voice: Voice | None, mel_spec: MelSpec | None = None) -> None:
        if voice is None:
            raise NoVoice("vocos needs trained weights, and none were given")
        self._generator = build_generator(voice)
        super().__init__(self._generator, voice.mel_spec, self._generator.context_frames)

    def caching(self) -> VocosStream | None:
        """A stream in which no frame is computed twice; None where the network is not run by torch in float32."""
        return VocosStream(self._generator) if runs_as_it_is(self.execution) else None


def build_generator(voice: Voice) -> VocosGenerator:
    """The generator that a voice's config describes, with its weights.

    Raises:
        OptionError, CheckpointError: if the config is none, or doesn't fit the weights.
    """
    config = make_options(VocosConfig, voice.config, "vocos config")
    return filled(lambda: VocosGenerator(config, voice.mel_spec), voice.float32(), "the voice")
