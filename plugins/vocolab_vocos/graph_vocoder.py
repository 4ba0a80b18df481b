"""Vocos on a compiled graph, without torch; in streams of small chunks by NumPy, whose layers keep what they need."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from vocolab.engines.interfaces import Program
from vocolab.engines.spectrum import SpectrumVocoder
from vocolab.mels.spec import MelSpec
from vocolab.networks.array_backbone import ArrayBackbone, ArrayBackboneStream
from vocolab.networks.array_layers import from_polar
from vocolab.options import Options, make_options
from vocolab.spectral.fourier import Complex, Floats
from vocolab.spectral.streaming import SynthesisStream
from vocolab.voice import Voice
from vocolab_vocos.config import VocosConfig
from vocolab_vocos.sizes import MAGNITUDE_LIMIT


class GraphVocos(SpectrumVocoder):
    """A Vocos voice whose spectra are a graph's."""

    most_cached_frames = 160
    """In longer chunks the graph takes less time, its context and all."""

    def __init__(self, options: Options, voice: Voice, program: Program) -> None:
        super().__init__(options, voice, program)
        self._voice, self._is_exact = voice, program.precision == "fp32"

    def caching(self) -> ArrayVocosStream | None:
        """A stream in which no frame is computed twice; None where NumPy is not what is to compute it."""
        return ArrayVocosStream(self._weights) if self._is_exact else None

    @cached_property
    def _weights(self) -> ArrayVocos:
        return ArrayVocos(self._voice)


class ArrayVocos:
    """The weights of a voice, laid out once for products with rows."""

    def __init__(self, voice: Voice) -> None:
        assert voice.mel_spec is not None
        self.spec: MelSpec = voice.mel_spec
        self.config = make_options(VocosConfig, voice.config, "vocos config")
        weights = voice.float32()
        self.backbone = ArrayBackbone(weights)
        self.out, self.bias = np.ascontiguousarray(weights["head.out.weight"].T), weights["head.out.bias"]


class ArrayVocosStream:
    """What `stream.VocosStream` is by torch."""

    def __init__(self, weights: ArrayVocos) -> None:
        self._weights, self._backbone = weights, ArrayBackboneStream(weights.backbone)
        self._synthesis = SynthesisStream(weights.spec)

    def push(self, mel: Floats) -> Floats:
        """The samples that are certain once the frames (n_mels, frames) have come."""
        return self._run(mel, last=False)

    def finish(self) -> Floats:
        """The samples that are left."""
        return self._run(np.zeros((self._weights.spec.n_mels, 0), np.float32), last=True)

    def _run(self, mel: Floats, *, last: bool) -> Floats:
        config = self._weights.config
        centred = (mel.T - np.float32(config.mel_offset)) / np.float32(config.mel_scale)
        features = self._backbone.push(centred, last=last)
        return self._synthesis.push(_polar(features @ self._weights.out + self._weights.bias), last=last)


def _polar(outputs: Floats) -> Complex:
    """Spectra from log magnitudes and phases, side by side."""
    log_magnitude, phase = np.split(outputs, 2, axis=1)
    return from_polar(np.minimum(np.exp(log_magnitude), np.float32(MAGNITUDE_LIMIT)), phase)
